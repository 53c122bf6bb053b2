"""The jurisdiction tree: bulk additions, moves, closings, and what lies above and below."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from msingi.errors import DomainError, Forbidden, NotFound, StaleVersion, TooManyRows
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.errors import (
    CircularMove,
    ClosesBeforeOpening,
    CodeTaken,
    FacilityIsLeaf,
    NamedByItsFacility,
    NameMissing,
    PlaceClosed,
    PlaceStillUsed,
    RootStays,
    UnknownParent,
)
from msingi.rbac.models import Jurisdiction, JurisdictionClosure, PastParent
from msingi.rbac.plugin import EDIT_PLACES
from msingi.rbac.rules import NewPlace, parents_first
from msingi.rbac.tree import add_places, close_place, move_place, rename_place
from msingi.rbac.tree_queries import below, chains_of, paths_of, roots
from msingi.testing import AsUser, FrozenClock

Places = dict[str, UUID]
MARCH_2 = date(2026, 3, 2)


def test_a_batch_in_any_order_hangs_together(platform: Platform, places: Places) -> None:
    with platform.work(writes=False) as work:
        chains = chains_of(work, [places["F1"], places["C"]])
        paths = paths_of(work, [places["F1"]])
        levels = {
            row.code: row.level for row in work.session.execute(select(Jurisdiction.code, Jurisdiction.level))
        }

        assert chains[places["F1"]] == tuple(places[code] for code in ("F1", "D1", "R1", "C"))
        assert chains[places["C"]] == (places["C"],)
        assert [place.code for place in paths[places["F1"]]] == ["C", "R1", "D1"]
        assert below(work, places["R1"]) == {
            places[code]: depth for code, depth in (("R1", 0), ("D1", 1), ("D2", 1), ("F1", 2), ("F2", 2))
        }
        assert roots(work) == {places["C"]}
    assert levels == {"C": 0, "R1": 1, "R2": 1, "D1": 2, "D2": 2, "D3": 2, "F1": 3, "F2": 3, "F3": 3}


def test_a_page_of_parents_has_a_bounded_number_of_rows(
    platform: Platform, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("msingi.rows.MOST_CHILDREN", 2)
    with platform.work(writes=False) as work:
        country, region, other = (work.get(Jurisdiction, places[code]) for code in ("C", "R1", "R2"))

        below_country = work.children(Jurisdiction.parent_id, [country])[places["C"]]
        with pytest.raises(TooManyRows) as refused:
            work.children(Jurisdiction.parent_id, [region, other])

    assert {place.id for place in below_country} == {places["R1"], places["R2"]}
    assert refused.value.params == {"most": 2}


def test_thousands_of_places_take_a_few_statements(platform: Platform, places: Places) -> None:
    batch = [NewPlace(f"V{number}", "Village", f"D{number % 3 + 1}") for number in range(3_000)]
    statements: list[str] = []

    with platform.work() as work:
        event.listen(
            work.session.connection(),
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_rest: statements.append(statement[:40]),
        )
        add_places(work, batch)

        assert len(below(work, places["D1"])) == 1 + 1 + 1_000
    assert len(statements) < 60


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (NewPlace("D1", "Twice", "R1"), CodeTaken),
        (NewPlace("X", "Below nothing", "nowhere"), UnknownParent),
        (NewPlace("X", "Below a facility", "F1"), FacilityIsLeaf),
        (NewPlace("X", "Below itself", "X"), UnknownParent),
    ],
)
def test_a_place_that_does_not_fit_is_refused(
    platform: Platform, places: Places, place: NewPlace, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal), platform.work() as work:
        add_places(work, [NewPlace("Y", "Fits", "D1"), place])

    with platform.work(writes=False) as work:
        assert set(work.session.scalars(select(Jurisdiction.code))) == set(places)


@pytest.mark.rule("attack 25")
def test_places_are_edited_inside_the_own_places_only(
    platform: Platform, places: Places, as_user: AsUser
) -> None:
    actor = as_user(EDIT_PLACES, at=places["R1"])
    with platform.work(actor) as work, work.allowed(EDIT_PLACES):
        added = add_places(work, [NewPlace("D4", "District 4", "R1")])
    attempts: list[Any] = [
        (NotFound, lambda work: add_places(work, [NewPlace("D5", "District 5", "R2")])),
        (Forbidden, lambda work: add_places(work, [NewPlace("C2", "Another country")])),
        (NotFound, lambda work: move_place(work, places["D1"], parent_id=places["R2"])),
        (NotFound, lambda work: move_place(work, places["D3"], parent_id=places["R1"])),
        (NotFound, lambda work: close_place(work, places["F3"], last_day=MARCH_2)),
    ]

    for refusal, attempt in attempts:
        with pytest.raises(refusal), platform.work(actor) as work, work.allowed(EDIT_PLACES):
            attempt(work)

    with platform.work(writes=False) as work:
        assert set(work.session.scalars(select(Jurisdiction.code))) == {*places, "D4"}
        assert chains_of(work, [added["D4"]])[added["D4"]][1] == places["R1"]


@pytest.mark.rule("FR-2")
def test_a_move_rewrites_the_closure_and_keeps_the_past(
    platform: Platform, places: Places, frozen_clock: FrozenClock
) -> None:
    frozen_clock.move(days=10)
    with platform.work() as work:
        move_place(work, places["D1"], parent_id=places["R2"])

    with platform.work(writes=False) as work:
        chains = chains_of(work, [places["F1"], places["D1"]])
        past = work.session.execute(
            select(PastParent.place_id, PastParent.parent_id, PastParent.valid_to)
        ).all()
        pairs = work.session.execute(select(JurisdictionClosure.id)).all()
    assert chains[places["F1"]] == tuple(places[code] for code in ("F1", "D1", "R2", "C"))
    assert past == [(places["D1"], places["R1"], date(2026, 3, 11))]
    assert len(pairs) == 1 + 2 * 2 + 3 * 3 + 3 * 4


def test_levels_follow_a_move_to_another_depth(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        move_place(work, places["D1"], parent_id=places["D2"])

    with platform.work(writes=False) as work:
        assert work.get(Jurisdiction, places["D1"]).level == 3
        assert work.get(Jurisdiction, places["F1"]).level == 4


def test_moves_that_break_the_tree_are_refused(platform: Platform, places: Places) -> None:
    refusals = [
        ("C", "R1", RootStays),
        ("R1", "D1", CircularMove),
        ("R1", "R1", CircularMove),
        ("D1", "F2", FacilityIsLeaf),
    ]

    for code, parent, refusal in refusals:
        with pytest.raises(refusal), platform.work() as work:
            move_place(work, places[code], parent_id=places[parent])
    with pytest.raises(StaleVersion), platform.work() as work:
        move_place(work, places["D1"], parent_id=places["R2"], expected_version=7)
    with pytest.raises(NotFound), platform.work() as work:
        move_place(work, places["D1"], parent_id=new_id())

    with platform.work(writes=False) as work:
        assert chains_of(work, [places["F1"]])[places["F1"]] == tuple(
            places[code] for code in ("F1", "D1", "R1", "C")
        )


@pytest.mark.rule("FR-1")
def test_a_place_closes_after_those_below_it_and_stays(platform: Platform, places: Places) -> None:
    with pytest.raises(PlaceStillUsed), platform.work() as work:
        close_place(work, places["D1"], last_day=MARCH_2)
    with platform.work() as work:
        close_place(work, places["F1"], last_day=MARCH_2, replaced_by_id=places["F2"])
        close_place(work, places["D1"], last_day=MARCH_2)

    with platform.work(writes=False) as work:
        closed = work.get(Jurisdiction, places["F1"])
        assert (closed.code, closed.valid_to, closed.replaced_by_id) == ("F1", MARCH_2, places["F2"])


@pytest.mark.rule("FR-1")
def test_a_closed_place_takes_no_part_any_more(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        close_place(work, places["F1"], last_day=MARCH_2)
        close_place(work, places["D1"], last_day=MARCH_2)
    attempts: list[Any] = [
        lambda work: close_place(work, places["D1"], last_day=MARCH_2),
        lambda work: move_place(work, places["D1"], parent_id=places["R2"]),
        lambda work: move_place(work, places["D2"], parent_id=places["D1"]),
        lambda work: add_places(work, [NewPlace("X", "New", "D1")]),
        lambda work: close_place(work, places["F2"], last_day=MARCH_2, replaced_by_id=places["F1"]),
    ]

    for attempt in attempts:
        with pytest.raises(PlaceClosed), platform.work() as work:
            attempt(work)


def test_a_place_does_not_close_before_it_opens(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        added = add_places(work, [NewPlace("X", "New", "D1", valid_from=MARCH_2)])

    with pytest.raises(ClosesBeforeOpening), platform.work() as work:
        close_place(work, added["X"], last_day=date(2026, 3, 1))


@given(st.permutations([NewPlace(str(n), "x", str((n - 1) // 2) if n else None) for n in range(20)]))
def test_parents_come_first_in_any_batch(batch: list[NewPlace]) -> None:
    ordered = parents_first(batch)

    seen: set[str | None] = {None}
    for place in ordered:
        assert place.parent in seen
        seen.add(place.code)
    assert len(ordered) == 20


def test_a_circle_or_a_double_code_in_a_batch_is_refused() -> None:
    with pytest.raises(UnknownParent):
        parents_first([NewPlace("a", "a", "b"), NewPlace("b", "b", "a")])
    with pytest.raises(CodeTaken):
        parents_first([NewPlace("a", "a"), NewPlace("a", "a")])


@pytest.mark.rule("FR-1")
def test_a_place_is_renamed_and_keeps_its_code(platform: Platform, places: Places, as_user: AsUser) -> None:
    stranger = as_user(EDIT_PLACES, at=places["R2"])

    with platform.work() as work:
        before = work.get(Jurisdiction, places["D1"]).version
        work.get(Jurisdiction, places["D1"]).names = {"en": "Old"}
        renamed = rename_place(work, places["D1"], name=" Mayo  Oulo ")
        assert (renamed.code, renamed.name) == ("D1", "Mayo Oulo")
        assert renamed.names == {"en": "Old", platform.profile.languages[0]: "Mayo Oulo"}
        with pytest.raises(StaleVersion):
            rename_place(work, places["D1"], name="X", expected_version=before)
        with pytest.raises(NamedByItsFacility):
            rename_place(work, places["F1"], name="X")
        with pytest.raises(NameMissing):
            rename_place(work, places["D1"], name=" ")
    with pytest.raises(NotFound), platform.work(stranger) as work, work.allowed(EDIT_PLACES):
        rename_place(work, places["D1"], name="X")
