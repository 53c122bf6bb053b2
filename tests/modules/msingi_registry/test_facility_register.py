"""Facilities are added, corrected and moved through their life; nothing is deleted, nobody sees too much."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_registry.facility_fixtures import (
    INSIDE_ADAMAWA,
    OPENED,
    Places,
    add_country,
    add_facilities,
    add_facility,
)

from msingi.db import Model
from msingi.errors import DomainError, NotFound, StaleVersion
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_registry.models.facility import Facility, QualityFinding
from msingi_registry.plugin import EDIT_FACILITIES, READ_FACILITIES, plugin
from msingi_registry.rules.facilities import FacilityState, FacilityStep
from msingi_registry.rules.identifiers import FACILITY_CODE, is_code
from msingi_registry.services.facilities import create_facility, search_facilities, update_facility
from msingi_registry.services.facility_inputs import FacilityChanges, FacilityInput, OpeningHours
from msingi_registry.services.facility_life import final_successors, set_status

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(plugin)


@pytest.fixture
def places(platform: Platform) -> Places:
    return add_country(platform)


def _input(places: Places, **others: Any) -> FacilityInput:
    values = {"name": "Hôpital Neuf", "place_id": places["AD-1"], "type": "Hospital", **others}
    return FacilityInput(**values)


@pytest.mark.rule("ID-5", "CH-02", "PD-3", "PD-8")
def test_a_new_facility_gets_a_code_with_check_digits_and_its_own_leaf(
    platform: Platform, places: Places
) -> None:
    with platform.work() as work:
        facility = create_facility(work, _input(places, type="Psychosocial care establishment"))
        leaf = work.get(Jurisdiction, facility.jurisdiction_id)

        assert is_code(FACILITY_CODE, facility.code)
        assert facility.type == "Psychosocial care establishment"
        assert facility.status is FacilityState.PROPOSED
        assert (leaf.code, leaf.kind, leaf.parent_id) == (facility.code, "facility", places["AD-1"])


@pytest.mark.rule("FR-4", "PD-3")
@pytest.mark.parametrize(
    ("point", "kinds"),
    [
        (INSIDE_ADAMAWA, []),
        ((Decimal("3.85"), Decimal("11.5")), ["outside_admin1"]),
        ((Decimal("48.85"), Decimal("2.35")), ["outside_country"]),
        ((None, None), ["missing_coordinates"]),
    ],
)
def test_a_point_outside_its_region_is_flagged_and_kept(
    platform: Platform, places: Places, point: tuple[Any, Any], kinds: list[str]
) -> None:
    with platform.work() as work:
        given = _input(places, latitude=point[0], longitude=point[1])
        facility = create_facility(work, given)

    with platform.work() as work:
        kept = work.get(Facility, facility.id)
        assert (kept.latitude, kept.longitude) == point
        assert list(work.session.scalars(select(QualityFinding.kind))) == kinds


@pytest.mark.rule("FR-4")
def test_a_corrected_point_takes_its_flag_away(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        facility = create_facility(work, _input(places))
        latitude, longitude = INSIDE_ADAMAWA

        update_facility(work, facility.id, FacilityChanges(latitude=latitude, longitude=longitude))

        assert work.session.scalar(select(func.count(QualityFinding.id))) == 0


@pytest.mark.rule("attack 62")
@pytest.mark.parametrize(("latitude", "longitude"), [("91", "0"), ("0", "181"), ("NaN", "0"), ("1", None)])
def test_a_point_off_the_earth_is_refused(
    platform: Platform, places: Places, latitude: str, longitude: str | None
) -> None:
    point = {"latitude": Decimal(latitude), "longitude": None if longitude is None else Decimal(longitude)}
    given = _input(places).model_copy(update=point)
    with platform.work() as work:
        with pytest.raises(DomainError) as refusal:
            create_facility(work, given)

        assert refusal.value.code == "registry.coordinates_invalid"
        assert work.session.scalar(select(func.count(Facility.id))) == 0


@pytest.mark.rule("FR-1")
def test_a_facility_takes_only_the_steps_of_its_life(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        facility = create_facility(work, _input(places))
        states = [
            set_status(work, facility.id, step).status
            for step in (FacilityStep.VERIFY, FacilityStep.OPEN, FacilityStep.SUSPEND, FacilityStep.RESUME)
        ]
        with pytest.raises(DomainError) as refusal:
            set_status(work, facility.id, FacilityStep.VERIFY)

        assert states == [
            FacilityState.VERIFIED,
            FacilityState.OPERATIONAL,
            FacilityState.SUSPENDED,
            FacilityState.OPERATIONAL,
        ]
        assert refusal.value.code == "registry.facility_step_refused"
        assert facility.verified_on == date(2026, 3, 2)


@pytest.mark.rule("FR-1", "PD-4", "CH-02")
def test_a_closed_facility_keeps_its_code_and_leads_to_the_last_successor(
    platform: Platform, places: Places
) -> None:
    first, second, third = add_facilities(platform, ("A", "AD-1"), ("B", "AD-1"), ("C", "AD-1"))
    with platform.work() as work:
        code = work.get(Facility, first).code
        set_status(work, first, FacilityStep.CLOSE, replaced_by_id=second)
        set_status(work, second, FacilityStep.CLOSE, replaced_by_id=third)

    with platform.work() as work:
        closed = work.get(Facility, first)
        assert (closed.code, closed.status, closed.closed_on) == (
            code,
            FacilityState.CLOSED,
            date(2026, 3, 2),
        )
        assert work.get(Jurisdiction, closed.jurisdiction_id).valid_to == date(2026, 3, 1)
        assert final_successors(work, [first, second, third]).keys() == {first, second}
        assert {found.id for found in final_successors(work, [first, second]).values()} == {third}


@pytest.mark.rule("FR-1", "PD-4")
def test_replacements_never_run_in_a_circle(platform: Platform, places: Places) -> None:
    first, second = add_facilities(platform, ("A", "AD-1"), ("B", "AD-1"))
    with platform.work() as work:
        work.get(Facility, second).replaced_by_id = first
        work.session.flush()
        with pytest.raises(DomainError) as refusal:
            set_status(work, first, FacilityStep.CLOSE, replaced_by_id=second)
        assert refusal.value.code == "registry.replacement_cycle"
        work.session.undo()


@pytest.mark.rule("FR-1")
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2019, 12, 31), "registry.closed_before_opened"),
        (date(2026, 3, 3), "registry.closing_in_future"),
    ],
)
def test_a_closing_has_a_day_between_opening_and_today(
    platform: Platform, places: Places, day: date, code: str
) -> None:
    with platform.work() as work:
        identifier = add_facility(work, "A", "AD-1", opened_on=OPENED)
    with pytest.raises(DomainError) as refusal, platform.work() as work:
        set_status(work, identifier, FacilityStep.CLOSE, on=day)

    assert refusal.value.code == code
    with platform.work() as work:
        assert work.get(Facility, identifier).status is FacilityState.OPERATIONAL


@pytest.mark.rule("FR-2")
def test_a_moved_facility_lies_in_its_new_place(platform: Platform, places: Places) -> None:
    (identifier,) = add_facilities(platform, ("A", "AD-1"))
    with platform.work() as work:
        facility = update_facility(work, identifier, FacilityChanges(place_id=places["ES-1"]))

        assert work.get(Jurisdiction, facility.jurisdiction_id).parent_id == places["ES-1"]


def test_a_correction_changes_only_what_is_given(platform: Platform, places: Places) -> None:
    hours = [OpeningHours(weekday=0, opens="08:00", closes="16:00")]
    with platform.work() as work:
        made = create_facility(work, _input(places, beds=12, services=["lab", "xray"], opening_hours=hours))
        changed = update_facility(work, made.id, FacilityChanges(name="Hôpital Ancien", services=["lab"]))

        assert (changed.name, changed.beds, changed.search_name) == ("Hôpital Ancien", 12, " hopital ancien")
        assert changed.opening_hours == [[0, "08:00", "16:00"]]
        assert work.get(Jurisdiction, changed.jurisdiction_id).name == "Hôpital Ancien"
        with pytest.raises(StaleVersion):
            update_facility(work, made.id, FacilityChanges(beds=1), expected_version=1)


@pytest.mark.rule("FR-8")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("hop neuf", ["Hôpital Neuf"]),
        ("HÔPITAL", ["Hôpital Neuf", "Nouvel Hôpital"]),
        ("pital", []),
        ("!!", []),
        ("%", []),
        ("", []),
    ],
)
def test_search_takes_beginnings_of_words_with_or_without_accents(
    platform: Platform, places: Places, search: str, found: list[str]
) -> None:
    add_facilities(platform, ("Hôpital Neuf", "AD-1"), ("Nouvel Hôpital", "AD-1"), ("Dispensaire", "AD-1"))
    with platform.work() as work:
        names = sorted(facility.name for facility in work.session.scalars(search_facilities(search)))

    assert names == found


@pytest.mark.rule("FR-8")
def test_search_takes_a_code_in_any_spelling(platform: Platform, places: Places) -> None:
    (identifier,) = add_facilities(platform, ("Hôpital", "AD-1"))
    with platform.work() as work:
        code = work.get(Facility, identifier).code
        typed = f" {code[:3].lower()} {code[3:]}"

        assert [facility.id for facility in work.session.scalars(search_facilities(typed))] == [identifier]


_MINE = """query($within: UUID) {
  facilities(search: "hopital", where: {within: $within}) {
    totalCount nodes { id code name place { code } openNow stale successor { id } services { service } }
  }
}"""


@pytest.mark.rule("FR-7", "attack 19")
def test_lists_counts_and_searches_know_nothing_of_other_regions(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    here, _ = add_facilities(platform, ("Hôpital d'ici", "AD-1"), ("Hôpital d'ailleurs", "ES-1"))
    actor = as_user(READ_FACILITIES, at=places["CM-AD"])

    answer = run(_MINE, actor=actor)["data"]["facilities"]
    elsewhere = run(_MINE, {"within": str(places["CM-ES"])}, actor=actor)["data"]["facilities"]
    counts = run("{ jurisdictions(where: {level: {eq: 1}}) { nodes { code facilityCount } } }", actor=actor)[
        "data"
    ]["jurisdictions"]["nodes"]

    assert answer["totalCount"] == 1
    assert [(node["id"], node["place"]) for node in answer["nodes"]] == [(str(here), {"code": "AD-1"})]
    assert elsewhere == {"totalCount": 0, "nodes": []}
    assert counts == [{"code": "CM-AD", "facilityCount": 1}, {"code": "CM-ES", "facilityCount": 0}]


@pytest.mark.rule("attack 15", "attack 16", "FR-7")
def test_a_facility_of_another_region_answers_like_one_that_does_not_exist(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    here, there = add_facilities(platform, ("A", "AD-1"), ("B", "ES-1"))
    with platform.work() as work:
        work.get(Facility, here).replaced_by_id = there
    actor = as_user(READ_FACILITIES, EDIT_FACILITIES, at=places["CM-AD"])
    query = "query($id: UUID!) { facility(id: $id) { code } }"
    change = "mutation($id: UUID!) { updateFacility(id: $id, input: {beds: 7}) { beds } }"

    asked = [run(query, {"id": str(each)}, actor=actor) for each in (there, UUID(int=9))]
    changed = [run(change, {"id": str(each)}, actor=actor)["errors"] for each in (there, UUID(int=9))]
    nested = run(
        "query($id: UUID!) { facility(id: $id) { successor { code } } }", {"id": str(here)}, actor=actor
    )

    assert asked[0]["data"] == asked[1]["data"] == {"facility": None}
    assert changed[0][0]["message"] == changed[1][0]["message"]
    assert nested["data"]["facility"] == {"successor": None}
    with platform.work() as work:
        assert work.get(Facility, there).beds is None


def test_without_the_right_nothing_is_added(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    actor = as_user(READ_FACILITIES, at=places["CM"])
    document = """mutation($place: UUID!) {
      createFacility(input: {name: "A", placeId: $place, type: "Hospital"}) { id } }"""

    answer = run(document, {"place": str(places["AD-1"])}, actor=actor)

    assert answer["errors"][0]["extensions"]["code"] == "core.forbidden"
    assert _count(platform, Facility) == 0


@pytest.mark.rule("FR-7")
def test_nobody_adds_a_facility_outside_his_places(
    platform: Platform, places: Places, as_user: AsUser
) -> None:
    actor = as_user(EDIT_FACILITIES, at=places["CM-ES"])
    with (
        pytest.raises(NotFound),
        platform.work(actor) as work,
        work.allowed(EDIT_FACILITIES),
    ):
        create_facility(work, _input(places))

    assert _count(platform, Facility) == 0


@pytest.mark.rule("NS-2")
def test_open_now_follows_the_clock_of_the_country(
    platform: Platform, places: Places, run: Run, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    with platform.work() as work:
        add_facility(work, "Hôpital", "AD-1", opening_hours=[[0, "08:00", "16:00"]], verified_on=OPENED)
    actor = as_user(READ_FACILITIES, at=places["CM"])
    query = "{ facilities { nodes { openNow stale openingHours { weekday opens closes } } } }"

    morning = run(query, actor=actor)["data"]["facilities"]["nodes"][0]
    frozen_clock.move(hours=6)
    evening = run(query, actor=actor)["data"]["facilities"]["nodes"][0]

    assert morning["openingHours"] == [{"weekday": 0, "opens": "08:00", "closes": "16:00"}]
    assert (morning["openNow"], evening["openNow"], morning["stale"]) == (True, False, True)


def test_a_change_of_a_facility_leaves_its_line_in_the_trail(platform: Platform, places: Places) -> None:
    from msingi.audit.models import ENTRIES

    (identifier,) = add_facilities(platform, ("A", "AD-1"))
    with platform.work() as work:
        update_facility(work, identifier, FacilityChanges(beds=9))
    with platform.work(writes=False) as work:
        statement = select(ENTRIES.c.action, ENTRIES.c.changes).where(ENTRIES.c.entity_id == identifier)
        lines = work.session.execute(statement.order_by(ENTRIES.c.id)).all()

    assert [line.action for line in lines] == ["insert", "update"]
    assert lines[1].changes["beds"] == [None, 9]


def _count(platform: Platform, model: type[Model]) -> int:
    with platform.work() as work:
        return work.session.scalar(select(func.count(model.id))) or 0
