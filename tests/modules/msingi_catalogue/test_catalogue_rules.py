"""The pure rules of the catalogue: masks, periods, prices, packages, changes."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_catalogue.rules.care import care_of_stay, comes_too_soon, suits_care
from msingi_catalogue.rules.changes import Effect, plan_change
from msingi_catalogue.rules.entries import Assigned, nearest_list
from msingi_catalogue.rules.patients import admits_patient
from msingi_catalogue.rules.periods import plan_line
from msingi_catalogue.rules.prices import (
    Content,
    ContentDifference,
    capped_price,
    content_differences,
    package_price,
    price_in_force,
)
from msingi_catalogue.rules.validity import ended_before, holds_on, in_force, last_day_before, overlap
from msingi_registry import CareType, Sex

DAY = date(2026, 3, 2)
TERMS = frozenset({"price"})


@dataclass(frozen=True)
class Span:
    valid_from: date
    valid_to: date | None = None


def _span(first: int, last: int | None = None) -> Span:
    return Span(DAY + timedelta(first), None if last is None else DAY + timedelta(last))


@pytest.mark.rule("CAT-3")
@pytest.mark.parametrize(
    ("mask", "sex", "is_adult", "admitted"),
    [
        (1, Sex.FEMALE, True, False),
        (1, Sex.MALE, True, True),
        (1, Sex.MALE, False, True),
        (2, Sex.FEMALE, False, True),
        (2, Sex.MALE, False, False),
        (4, Sex.MALE, True, True),
        (4, Sex.MALE, False, False),
        (6, Sex.FEMALE, True, True),
        (6, Sex.FEMALE, False, False),
        (6, Sex.MALE, True, False),
        (8, Sex.FEMALE, False, True),
        (8, Sex.FEMALE, True, False),
        (1, Sex.OTHER, True, True),
        (2, None, True, True),
        (9, Sex.OTHER, True, False),
        (9, None, False, True),
        (0, Sex.FEMALE, True, True),
        (15, Sex.MALE, False, True),
    ],
)
def test_the_mask_admits_by_sex_and_age(
    mask: int, sex: Sex | None, *, is_adult: bool, admitted: bool
) -> None:
    assert admits_patient(mask, sex=sex, is_adult=is_adult) is admitted


@pytest.mark.rule("CAT-2")
def test_periods_include_both_ends_and_the_newest_of_two_counts() -> None:
    closed, opened = _span(0, 10), _span(5)

    assert [holds_on(closed, DAY + timedelta(day)) for day in (-1, 0, 10, 11)] == [False, True, True, False]
    assert [in_force([closed, opened], DAY + timedelta(day)) for day in (-1, 0, 5, 11)] == [
        None,
        closed,
        opened,
        opened,
    ]
    assert overlap(closed, opened)
    assert not overlap(closed, _span(11))
    assert last_day_before(DAY, DAY) == DAY
    assert ended_before(DAY, DAY) == ended_before(DAY, DAY - timedelta(5)) == DAY - timedelta(1)
    assert ended_before(DAY, DAY + timedelta(7)) == DAY + timedelta(6)
    assert last_day_before(DAY, DAY + timedelta(7)) == DAY + timedelta(6)


@pytest.mark.rule("CAT-4")
def test_care_fits_unless_one_is_for_in_patients_and_the_other_for_out_patients() -> None:
    inside, outside, both = CareType.INPATIENT, CareType.OUTPATIENT, CareType.BOTH

    assert care_of_stay(DAY, DAY + timedelta(1)) is inside
    assert care_of_stay(DAY, DAY) is care_of_stay(DAY, None) is outside
    fitting = [(own, given) for own in CareType for given in CareType if suits_care(own, given)]
    assert set(fitting) == {
        *((both, each) for each in CareType),
        *((each, both) for each in CareType),
        (inside, inside),
        (outside, outside),
    }


@pytest.mark.rule("CAT-5")
@pytest.mark.parametrize(
    ("days", "frequency", "too_soon"),
    [(29, 30, True), (-29, 30, True), (30, 30, False), (0, 1, True), (0, 0, False), (0, None, False)],
)
def test_a_thing_comes_too_soon_on_either_side(days: int, frequency: int | None, *, too_soon: bool) -> None:
    assert comes_too_soon(DAY, [DAY + timedelta(days)], frequency) is too_soon
    assert comes_too_soon(DAY, [], frequency) is False


@pytest.mark.rule("D-3", "CAT-6")
def test_an_override_of_zero_is_a_price() -> None:
    assert price_in_force(Decimal(0), Decimal(500)) == 0
    assert price_in_force(None, Decimal(500)) == 500
    assert capped_price(Decimal(700), Decimal(500)) == 500
    assert capped_price(Decimal(0), Decimal(500)) == 0


@pytest.mark.rule("CAT-7")
def test_the_contents_of_a_package_match_exactly_or_every_difference_is_told() -> None:
    one, two, three = UUID(int=1), UUID(int=2), UUID(int=3)
    contents = [Content(one, Decimal(2), Decimal("33.50")), Content(two, Decimal(1), Decimal(0))]

    assert package_price(contents) == Decimal("67.00")
    assert content_differences(contents, {one: Decimal("2.00"), two: Decimal(1)}) == ()
    assert content_differences(contents, {one: Decimal(1), three: Decimal(4)}) == (
        ContentDifference(one, Decimal(2), Decimal(1)),
        ContentDifference(two, Decimal(1), Decimal(0)),
        ContentDifference(three, Decimal(0), Decimal(4)),
    )


@pytest.mark.rule("CAT-8")
def test_the_nearest_list_wins_for_each_kind_apart() -> None:
    country, region, facility = UUID(int=1), UUID(int=2), UUID(int=3)
    assigned = [
        Assigned(country, prices_items=True, prices_services=True, distance=3, valid_from=DAY, valid_to=None),
        Assigned(region, prices_items=False, prices_services=True, distance=2, valid_from=DAY, valid_to=None),
        Assigned(facility, prices_items=True, prices_services=True, distance=0, valid_from=DAY, valid_to=DAY),
    ]

    tomorrow = DAY + timedelta(1)
    assert [nearest_list(assigned, DAY, items=kind) for kind in (True, False)] == [facility, facility]
    assert [nearest_list(assigned, tomorrow, items=kind) for kind in (True, False)] == [country, region]
    assert nearest_list(assigned, DAY - timedelta(1), items=True) is None


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("live", "wanted", "begins", "effect", "changed", "past_ends"),
    [
        (_span(-9), {"price": 5}, 0, Effect.UNCHANGED, {}, None),
        (_span(-9), {"name": "B"}, 0, Effect.UPDATED, {"name": "B"}, None),
        (_span(-9), {"price": 6}, 0, Effect.UPDATED, {"price": 6, "valid_from": DAY}, -1),
        (_span(0), {"price": 6}, 0, Effect.UPDATED, {"price": 6}, None),
        (_span(-9, -3), {"price": 5}, 0, Effect.UPDATED, {"valid_to": None, "valid_from": DAY}, -3),
        (_span(-9, 4), {"name": "B"}, 0, Effect.UPDATED, {"name": "B"}, None),
        (_span(0, 0), {"price": 5}, 0, Effect.UPDATED, {"valid_to": None}, None),
        (_span(0, -1), {"price": 5}, 0, Effect.UPDATED, {"valid_to": None}, None),
        (_span(-3, -4), {"price": 5}, 0, Effect.UPDATED, {"valid_to": None, "valid_from": DAY}, None),
    ],
)
def test_new_terms_begin_a_period_and_names_are_corrected(
    live: Span,
    wanted: dict[str, Any],
    begins: int,
    effect: Effect,
    changed: dict[str, Any],
    past_ends: int | None,
) -> None:
    row = {"name": "A", "price": 5, "valid_from": live.valid_from, "valid_to": live.valid_to}

    change = plan_change(row, wanted, terms=TERMS, begins=DAY + timedelta(begins))

    assert (change.effect, dict(change.live)) == (effect, changed)
    if past_ends is None:
        assert change.past is None
    else:
        ends = DAY + timedelta(past_ends)
        assert change.past == {"price": 5, "valid_from": live.valid_from, "valid_to": ends}


@pytest.mark.rule("CAT-1")
def test_terms_are_never_put_before_later_ones() -> None:
    row = {"price": 5, "valid_from": DAY + timedelta(5), "valid_to": None}

    assert plan_change(row, {"price": 6}, terms=TERMS, begins=DAY).later == DAY + timedelta(5)
    assert plan_line(row, {"price": 6}, begins=DAY).later == DAY + timedelta(5)
    ended = {**row, "valid_to": DAY + timedelta(4)}
    assert plan_change(ended, {"price": 5}, terms=TERMS, begins=DAY).later == DAY + timedelta(5)


_Steps = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 3))), min_size=1, max_size=12
)


@pytest.mark.rule("CAT-1", "D-3")
@given(_Steps)
def test_lines_never_overlap_and_past_days_keep_their_price(steps: list[tuple[int, int | None]]) -> None:
    rows: list[dict[str, Any]] = []
    day, seen = DAY, {}
    for pause, price in steps:
        for _ in range(pause):
            seen[day] = _price(rows, day)
            day += timedelta(1)
        change = plan_line(
            rows[-1] if rows else None, None if price is None else {"price": price}, begins=day
        )
        if change.newest is not None:
            rows[-1] |= change.newest
        if change.begins is not None:
            rows.append({**change.begins, "valid_from": day, "valid_to": None})

        assert _price(rows, day) == price
        assert {past: _price(rows, past) for past in seen} == seen
    spans = [Span(row["valid_from"], row["valid_to"]) for row in rows]
    assert not any(overlap(one, other) for one in spans for other in spans if one is not other)


def _price(rows: list[dict[str, Any]], day: date) -> int | None:
    found = [row["price"] for row in rows if holds_on(Span(row["valid_from"], row["valid_to"]), day)]
    return found[0] if found else None
