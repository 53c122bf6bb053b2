"""Pure parts of batches: periods, allocated contributions, relative indexes, capitation; exact values by hand."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msingi_claims.rules.batch import (
    PaidCover,
    Period,
    allocated,
    percentage_of,
    pool_of,
    pool_period,
    relative_index,
    value_relative,
)
from msingi_claims.rules.capitation import (
    CatchmentPlace,
    Component,
    FacilityCounts,
    catchment_count,
    is_eligible,
    share_capitation,
)
from msingi_insurance import Capitation, Pool, PoolCare, PoolPeriod

FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
QUARTERS = Pool(
    care=PoolCare.GENERAL,
    period=PoolPeriod.QUARTER,
    percentages=(Decimal(10), None, Decimal(30), Decimal(40)),
)


@pytest.mark.parametrize(
    ("kind", "month", "first", "last"),
    [
        (PoolPeriod.MONTH, 12, date(2026, 12, 1), date(2026, 12, 31)),
        (PoolPeriod.QUARTER, 3, date(2026, 1, 1), date(2026, 3, 31)),
        (PoolPeriod.QUARTER, 12, date(2026, 10, 1), date(2026, 12, 31)),
        (PoolPeriod.YEAR, 12, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
@pytest.mark.rule("BAT-1", "BAT-5")
def test_a_run_closes_whole_periods(kind: PoolPeriod, month: int, first: date, last: date) -> None:
    period = pool_period(kind, 2026, month)

    assert period is not None
    assert (period.start, period.last_day) == (first, last)


@pytest.mark.parametrize(("kind", "month"), [(PoolPeriod.QUARTER, 4), (PoolPeriod.YEAR, 11)])
@pytest.mark.rule("BAT-5")
def test_other_months_close_no_quarter_and_no_year(kind: PoolPeriod, month: int) -> None:
    assert pool_period(kind, 2026, month) is None


@pytest.mark.rule("BAT-2")
def test_contributions_are_allocated_by_inclusive_days() -> None:
    covers = [
        PaidCover(Decimal(36500), date(2026, 1, 1), date(2026, 12, 31)),
        PaidCover(Decimal(100), date(2026, 2, 28), date(2026, 3, 9)),
        PaidCover(Decimal(999), date(2026, 3, 1), date(2026, 3, 31)),
    ]

    assert allocated(covers, FEBRUARY) == 36500 * Fraction(28, 365) + 100 * Fraction(1, 10)
    assert allocated(covers, FEBRUARY) == 2810


@given(st.integers(1, 400), st.integers(1, 10**9))
@settings(max_examples=50)
@pytest.mark.rule("BAT-2")
def test_what_is_allocated_to_all_months_is_the_contribution(days: int, amount: int) -> None:
    first = date(2026, 1, 17)
    cover = PaidCover(Decimal(amount), first, first + timedelta(days=days - 1))
    months = [pool_period(PoolPeriod.MONTH, 2026 + number // 12, number % 12 + 1) for number in range(15)]

    assert sum(allocated([cover], month) for month in months if month is not None) == amount


@pytest.mark.parametrize(
    ("funds", "percentage", "nominal", "cap", "index"),
    [
        (1000, 50, 2000, 1, "0.25"),
        (1000, 100, 3000, 1, "0.3333"),
        (9000, 50, 3000, 1, "1"),
        (9000, 50, 3000, None, "1.5"),
        (0, 50, 3000, 1, "0"),
        (1, 100, 20000, 1, "0"),
        (3, 100, 20000, 1, "0.0002"),
    ],
    ids=["quarter", "rounded", "capped", "no_cap", "no_funds", "half_to_even_down", "half_to_even_up"],
)
@pytest.mark.rule("BAT-3")
def test_a_relative_index(funds: int, percentage: int, nominal: int, cap: int | None, index: str) -> None:
    found = relative_index(
        Fraction(funds), Decimal(percentage), Decimal(nominal), cap=None if cap is None else Decimal(cap)
    )

    assert found == Decimal(index)


@pytest.mark.rule("BAT-3")
def test_without_relative_lines_there_is_no_index() -> None:
    assert relative_index(Fraction(1000), Decimal(50), Decimal(0)) is None


@pytest.mark.rule("BAT-3")
def test_a_period_without_percentage_is_named_as_such() -> None:
    assert percentage_of(QUARTERS, 3) == 10
    assert percentage_of(QUARTERS, 6) is None
    assert percentage_of(QUARTERS, 12) == 40


@pytest.mark.rule("BAT-3", "PRD-12")
def test_a_line_is_paid_by_the_pool_of_its_care_or_the_general_one() -> None:
    hospital = QUARTERS.model_copy(update={"care": PoolCare.HOSPITAL})

    assert pool_of([QUARTERS, hospital], hospital=True) is PoolCare.HOSPITAL
    assert pool_of([QUARTERS, hospital], hospital=False) is PoolCare.GENERAL
    assert pool_of([hospital], hospital=False) is None


@pytest.mark.rule("BAT-4", "D-15")
def test_a_relative_value_is_rounded_once() -> None:
    assert value_relative(Decimal(99), Decimal("0.3333"), unit=Decimal(1)) == 33
    assert value_relative(Decimal(5), Decimal("0.5"), unit=Decimal(1)) == 2


CAPITATION = Capitation.model_validate(
    {
        "levels": [{"level": "D"}, {"level": "H", "sublevel": "1"}],
        "share": 50,
        "weights": {"population": 40, "insured_visits": 35, "adjusted_amount": 25},
    }
)


@pytest.mark.rule("BAT-7", "PRD-13")
def test_facilities_of_the_configured_levels_are_eligible() -> None:
    asked = [("D", None), ("D", "2"), ("H", "1"), ("H", "2"), ("C", None)]

    found = [is_eligible(CAPITATION, level=level, sublevel=sublevel) for level, sublevel in asked]

    assert found == [True, True, True, False, False]


@pytest.mark.rule("BAT-7")
def test_catchment_counts_parts_of_places() -> None:
    places = [CatchmentPlace(1000, Decimal(50)), CatchmentPlace(333, Decimal("33.3"))]

    assert catchment_count(places) == 500 + Fraction(110889, 1000)


@pytest.mark.rule("BAT-7")
def test_pools_are_shared_to_the_last_unit() -> None:
    facilities = [
        FacilityCounts(name, {Component.POPULATION: Fraction(1), Component.ADJUSTED_AMOUNT: Fraction(amount)})
        for name, amount in (("A", 0), ("B", 100), ("C", 300))
    ]

    result = share_capitation(CAPITATION, Fraction(2000), facilities, unit=Decimal(1))

    assert {component.value: pool.amount for component, pool in result.pools.items() if pool.amount} == {
        "population": 400,
        "insured_visits": 350,
        "adjusted_amount": 250,
    }
    assert [one.catchment for one in result.payments] == [134, 133, 133]
    assert [one.total for one in result.payments] == [134, 133 + 63, 133 + 187]
    assert result.pools[Component.INSURED_VISITS].undistributed == 350
    assert result.pools[Component.POPULATION].unit_price == Fraction(400, 3)


@given(st.fractions(0, 10**7), st.lists(st.integers(0, 50), min_size=1, max_size=9))
@settings(max_examples=60)
@pytest.mark.rule("BAT-7", "ADJ-10")
def test_payments_and_what_is_left_add_up_to_the_share(funds: Fraction, counts: list[int]) -> None:
    facilities = [
        FacilityCounts(str(number), {component: Fraction(count) for component in Component})
        for number, count in enumerate(counts)
    ]

    result = share_capitation(CAPITATION, funds, facilities, unit=Decimal("0.01"))

    paid = sum(one.total for one in result.payments)
    left = sum(pool.undistributed for pool in result.pools.values())
    assert paid + left == round(funds * 50) * Decimal("0.01")
