"""Professionals: one code, licences that count on the day of the event, roles with periods."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_registry.facility_fixtures import Places, add_country, add_facilities

from msingi.errors import DomainError, StaleVersion
from msingi.platform import Platform
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_registry.models.practitioner import Practitioner
from msingi_registry.plugin import EDIT_PRACTITIONERS, READ_FACILITIES, READ_PRACTITIONERS, plugin
from msingi_registry.rules.identifiers import PRACTITIONER_CODE, is_code
from msingi_registry.rules.practitioners import (
    LicenceState,
    LicenceStep,
    PractitionerCategory,
    licence_state_on,
)
from msingi_registry.services.practitioners import (
    LicenceDecision,
    PractitionerChanges,
    PractitionerInput,
    Qualification,
    end_role,
    give_role,
    licences_on,
    register_practitioner,
    search_practitioners,
    set_licence,
    update_practitioner,
)

Run = Callable[..., dict[str, Any]]
TODAY = date(2026, 3, 2)


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(plugin)


@pytest.fixture
def places(platform: Platform) -> Places:
    return add_country(platform)


def _register(platform: Platform, place: UUID, **others: Any) -> UUID:
    values = {
        "family_name": "Ngo Bassa",
        "given_name": "Élise",
        "category": PractitionerCategory.FORMAL,
        "profession": "midwife",
        "place_id": place,
        **others,
    }
    with platform.work() as work:
        return register_practitioner(work, PractitionerInput(**values)).id


def _licence(platform: Platform, practitioner: UUID, step: LicenceStep, **others: Any) -> None:
    with platform.work() as work:
        set_licence(work, practitioner, LicenceDecision(step=step, **others))


@pytest.mark.rule("PD-2", "ID-5")
def test_one_professional_has_one_code_and_many_roles(platform: Platform, places: Places) -> None:
    identifier = _register(
        platform, places["CM-AD"], qualifications=[Qualification(code="DE", issuer="IFSI")]
    )
    one, other = add_facilities(platform, ("A", "AD-1"), ("B", "ES-1"))

    with platform.work() as work:
        practitioner = work.get(Practitioner, identifier)
        roles = [
            give_role(work, identifier, facility, role="midwife", valid_from=TODAY)
            for facility in (one, other)
        ]
        work.session.flush()
        ended = end_role(work, roles[0].id, on=TODAY)

        assert is_code(PRACTITIONER_CODE, practitioner.code)
        assert ended.valid_to == TODAY
        assert {role.jurisdiction_id for role in roles} != {practitioner.jurisdiction_id}
        with pytest.raises(DomainError) as refusal:
            end_role(work, roles[1].id, on=date(2026, 3, 1))
        assert refusal.value.code == "registry.role_period_invalid"


@pytest.mark.rule("PD-1")
def test_a_licence_counts_as_it_stood_on_the_day(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    identifier = _register(platform, places["CM"])
    frozen_clock.move(days=10)
    _licence(platform, identifier, LicenceStep.VERIFY)
    end = date(2026, 12, 31)
    _licence(platform, identifier, LicenceStep.ACTIVATE, valid_from=date(2026, 3, 12), valid_to=end)
    frozen_clock.move(days=10)
    _licence(platform, identifier, LicenceStep.SUSPEND, reason="inquiry")

    with platform.work() as work:
        states = {}
        for day in (date(2026, 3, 1), TODAY, date(2026, 3, 15), date(2026, 3, 25)):
            licences = licences_on(work, [identifier], day)
            states[day.day] = licence_state_on(licences[identifier], day) if licences else None

    assert states == {
        1: None,
        2: LicenceState.APPLIED,
        15: LicenceState.ACTIVE,
        25: LicenceState.SUSPENDED,
    }


@pytest.mark.rule("PD-1")
@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"step": LicenceStep.RENEW}, "registry.licence_step_refused"),
        ({"step": LicenceStep.VERIFY, "on": date(2026, 3, 3)}, "registry.licence_day_invalid"),
        ({"step": LicenceStep.VERIFY, "on": date(2026, 3, 1)}, "registry.licence_day_invalid"),
        (
            {"step": LicenceStep.VERIFY, "valid_from": TODAY, "valid_to": date(2026, 1, 1)},
            "registry.licence_period_invalid",
        ),
    ],
)
def test_steps_that_a_licence_does_not_know_change_nothing(
    platform: Platform, places: Places, decision: dict[str, Any], code: str
) -> None:
    identifier = _register(platform, places["CM"])
    with pytest.raises(DomainError) as refusal:
        _licence(platform, identifier, **decision)

    assert refusal.value.code == code
    with platform.work() as work:
        assert work.get(Practitioner, identifier).licence_state is LicenceState.APPLIED


_SHOWN = """{ practitioners(search: "bassa") { totalCount nodes {
  givenName category licenceState mayPrescribe qualifications { code } roles { facility { name } } } } }"""


@pytest.mark.rule("PD-7", "PD-1", "PD-5")
@pytest.mark.parametrize("category", list(PractitionerCategory))
def test_a_traditional_practitioner_is_labelled_and_never_prescribes(
    platform: Platform, places: Places, run: Run, as_user: AsUser, category: PractitionerCategory
) -> None:
    identifier = _register(platform, places["AD-1"], category=category)
    _licence(platform, identifier, LicenceStep.VERIFY)
    _licence(platform, identifier, LicenceStep.ACTIVATE, valid_to=date(2027, 1, 1))
    actor = as_user(READ_PRACTITIONERS, READ_FACILITIES, at=places["CM-AD"])

    (shown,) = run(_SHOWN, actor=actor)["data"]["practitioners"]["nodes"]

    formal = category is PractitionerCategory.FORMAL
    assert shown == {
        "givenName": "Élise",
        "category": category.name,
        "licenceState": "ACTIVE",
        "mayPrescribe": formal,
        "qualifications": [],
        "roles": [],
    }


@pytest.mark.rule("attack 15", "attack 16", "attack 19")
def test_professionals_and_roles_of_another_region_do_not_show(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    here = _register(platform, places["AD-1"])
    there = _register(platform, places["ES-1"])
    one, other = add_facilities(platform, ("A", "AD-1"), ("B", "ES-1"))
    with platform.work() as work:
        give_role(work, here, one, role="midwife", valid_from=TODAY)
        give_role(work, here, other, role="midwife", valid_from=TODAY)
    actor = as_user(READ_PRACTITIONERS, READ_FACILITIES, at=places["CM-AD"])

    listed = run(_SHOWN, actor=actor)["data"]["practitioners"]
    single = "query($id: UUID!) { practitioner(id: $id) { code } }"
    asked = [run(single, {"id": str(each)}, actor=actor)["data"] for each in (there, UUID(int=5))]

    assert listed["totalCount"] == 1
    assert [role["facility"]["name"] for role in listed["nodes"][0]["roles"]] == ["A"]
    assert asked == [{"practitioner": None}, {"practitioner": None}]


def test_without_the_right_no_licence_changes(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    identifier = _register(platform, places["AD-1"])
    document = """mutation($id: UUID!) {
      setLicence(practitionerId: $id, input: {step: VERIFY}) { licenceState } }"""
    reader = as_user(READ_PRACTITIONERS, at=places["CM"])
    stranger = as_user(READ_PRACTITIONERS, EDIT_PRACTITIONERS, at=places["CM-ES"])

    codes = [
        run(document, {"id": str(identifier)}, actor=actor)["errors"][0]["extensions"]["code"]
        for actor in (reader, stranger)
    ]

    assert codes == ["core.forbidden", "core.not_found"]
    with platform.work() as work:
        assert work.get(Practitioner, identifier).licence_state is LicenceState.APPLIED


def test_search_finds_professionals_by_name_and_code(platform: Platform, places: Places) -> None:
    identifier = _register(platform, places["CM"])
    with platform.work() as work:
        code = work.get(Practitioner, identifier).code
        found = [
            work.session.scalar(select(func.count()).select_from(search_practitioners(text).subquery()))
            for text in ("elise ngo", code.lower(), "bas", "x", "")
        ]

    assert found == [1, 1, 1, 0, 0]


@pytest.mark.rule("PD-2")
def test_a_correction_keeps_code_category_and_licence_and_is_found_by_the_new_name(
    platform: Platform, places: Places
) -> None:
    made = _register(platform, places["CM"], specialty="Obstetrics", licence_number="L-7")
    changes = PractitionerChanges(
        family_name=" Ngo  Bassa-Eyenga",
        specialty=None,
        given_name=None,
        qualifications=[Qualification(code="MD", awarded_on=date(2020, 7, 1))],
    )

    with platform.work() as work:
        before = work.get(Practitioner, made)
        kept = (before.code, before.category, before.licence_state, before.licence_number)
        update_practitioner(work, made, changes, expected_version=1)
    with platform.work() as work:
        after = work.get(Practitioner, made)
        assert (after.family_name, after.given_name, after.specialty) == ("Ngo Bassa-Eyenga", "Élise", None)
        assert [diploma["awarded_on"] for diploma in after.qualifications] == ["2020-07-01"]
        assert (after.code, after.category, after.licence_state, after.licence_number) == kept
        found = work.session.scalars(search_practitioners("eyenga elise")).all()
        assert [one.id for one in found] == [made]
        with pytest.raises(StaleVersion):
            update_practitioner(work, made, changes, expected_version=1)
