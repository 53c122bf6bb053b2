"""Indicators, the even spreading of contributions, and how many digits they have."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_insurance.rules.allocation import PaidCover, allocate, allocated_amount, overlap_days
from msingi_insurance.rules.indicators import DEFINITIONS, Count, PeriodFacts, Ratio, ratios

YEAR = PaidCover(Decimal(36500), date(2021, 1, 1), date(2021, 12, 31))
FRANC = Decimal(1)


@pytest.mark.rule("BAT-2")
@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2021, 2, 1), date(2021, 2, 28), 28),
        (date(2020, 12, 1), date(2021, 1, 1), 1),
        (date(2021, 12, 31), date(2022, 1, 31), 1),
        (date(2022, 1, 1), date(2022, 1, 31), 0),
        (date(2020, 1, 1), date(2022, 1, 1), 365),
    ],
)
def test_both_ends_of_cover_and_period_count(first: date, last: date, days: int) -> None:
    assert overlap_days(first, last, effective=YEAR.effective, expiry=YEAR.expiry) == days
    assert allocate([YEAR], first=first, last=last) == 100 * days


@pytest.mark.rule("BAT-2")
def test_thirds_are_exact_until_the_end() -> None:
    paid = [PaidCover(Decimal(100), date(2021, 1, 1), date(2021, 1, 3))] * 3

    assert allocate(paid, first=date(2021, 1, 1), last=date(2021, 1, 1)) == 100
    assert allocated_amount(paid[:1], first=date(2021, 1, 1), last=date(2021, 1, 1), unit=FRANC) == 33
    assert allocate(paid[:1], first=date(2021, 1, 1), last=date(2021, 1, 1)) == Fraction(100, 3)


def test_a_cover_that_ends_before_it_begins_has_no_part() -> None:
    never = PaidCover(Decimal(100), date(2021, 1, 2), date(2021, 1, 1))

    assert allocate([never], first=date(2020, 1, 1), last=date(2022, 1, 1)) == 0


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2022, 12, 31))


@pytest.mark.rule("BAT-2")
@given(st.integers(0, 10**9), days, st.integers(0, 700), st.lists(days, max_size=6))
def test_the_parts_of_all_periods_are_the_whole(
    amount: int, effective: date, length: int, cuts: list[date]
) -> None:
    paid = [PaidCover(Decimal(amount), effective, effective + timedelta(days=length))]
    firsts = sorted({date(2019, 1, 1), *cuts})
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), date(2026, 1, 1)]

    parts = [allocate(paid, first=a, last=b) for a, b in zip(firsts, lasts, strict=True)]

    assert sum(parts) == amount


FACTS = PeriodFacts(
    counts={
        Count.P2: Decimal(30),
        Count.P4: Decimal(40),
        Count.P5: Decimal(25),
        Count.P6: Decimal(400),
        Count.P9: Decimal(80_000),
        Count.P10: Decimal(120),
        Count.P11: Decimal(60_000),
        Count.P12: Decimal(12),
    },
    active_before=Decimal(90),
    days_to_payment=Decimal(450),
    claims_paid=18,
    feedback_marks=Decimal(31),
    feedback_received=8,
    feedback_asked=20,
)


@pytest.mark.rule("D-35")
def test_the_ratios_of_a_period_are_exact_decimals() -> None:
    assert {ratio.value: value for ratio, value in ratios(FACTS).items()} == {
        "D1": Decimal("0.75"),
        "D2": Decimal("0.625"),
        "D3": Decimal("0.3333"),
        "D4": Decimal(25),
        "D5": Decimal("0.9"),
        "D6": Decimal("0.3"),
        "D7": Decimal(500),
        "D8": Decimal("3.875"),
        "D9": Decimal("0.4"),
    }


@pytest.mark.rule("INS-A3")
def test_a_ratio_without_a_base_is_none_and_not_zero() -> None:
    assert set(ratios(PeriodFacts(counts={})).values()) == {None}


def test_every_indicator_is_defined() -> None:
    assert set(DEFINITIONS) == {*Count, *Ratio}
    assert [*Count, *Ratio] == [*(f"P{n}" for n in range(1, 13)), *(f"D{n}" for n in range(1, 10))]
