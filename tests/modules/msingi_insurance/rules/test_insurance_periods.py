"""When cover starts and ends: cycles, grace, short months, and the last day to pay."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_insurance.rules.periods import (
    CIVIL,
    CivilCalendar,
    expiry_of,
    grace_of,
    last_payment_date,
    policy_period,
    start_of,
)
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import CycleDay, Terms

JANUARY = CycleDay(day=1, month=1)
JUNE = CycleDay(day=1, month=6)


@pytest.mark.rule("POL-1")
def test_only_a_new_policy_waits_for_the_administration_period() -> None:
    terms = Terms(administration_period=1)
    enrolled = date(2024, 1, 31)

    assert start_of(terms, Stage.NEW, enrolled=enrolled) == date(2024, 2, 29)
    assert start_of(terms, Stage.RENEWAL, enrolled=enrolled) == enrolled


@pytest.mark.rule("POL-2", "PRD-5")
@pytest.mark.parametrize(
    ("enrolled", "start"),
    [
        (date(2020, 2, 1), date(2020, 1, 1)),
        (date(2020, 2, 2), date(2020, 6, 1)),
        (date(2020, 7, 1), date(2020, 6, 1)),
        (date(2020, 7, 2), date(2021, 1, 1)),
    ],
)
def test_a_cycle_is_entered_until_its_grace_is_over(enrolled: date, start: date) -> None:
    terms = Terms(start_cycles=(JUNE, JANUARY), grace_period_enrolment=1)

    assert start_of(terms, Stage.NEW, enrolled=enrolled) == start


@pytest.mark.rule("POL-2")
def test_each_stage_has_a_grace_of_its_own() -> None:
    terms = Terms(start_cycles=(JANUARY,), grace_period_enrolment=0, grace_period_renewal=2)

    assert start_of(terms, Stage.NEW, enrolled=date(2020, 3, 1)) == date(2021, 1, 1)
    assert start_of(terms, Stage.RENEWAL, enrolled=date(2020, 3, 1)) == date(2020, 1, 1)


@pytest.mark.rule("POL-3")
@pytest.mark.parametrize(
    ("start", "months", "expiry"),
    [
        (date(2020, 11, 10), 12, date(2021, 11, 9)),
        (date(2023, 8, 31), 6, date(2024, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2024, 1, 1), 1, date(2024, 1, 31)),
    ],
)
def test_cover_ends_the_day_before_its_months_are_over(start: date, months: int, expiry: date) -> None:
    assert expiry_of(start, months) == expiry


@pytest.mark.rule("POL-2", "POL-3")
@pytest.mark.parametrize(("months", "cycles"), [(12, ["29-02"]), (6, ["29-02", "29-08"]), (48, ["29-02"])])
def test_renewals_under_a_cycle_on_a_leap_day_leave_no_day_out(months: int, cycles: list[str]) -> None:
    """From before 1896 until after 2104, the two gaps of eight years between leap days."""
    terms = Terms.model_validate({"insurance_period": months, "start_cycles": cycles})
    period = policy_period(terms, Stage.NEW, enrolled=date(1890, 1, 1))

    while period.expiry.year < 2110:
        follows = period.expiry + timedelta(days=1)
        period = policy_period(terms, Stage.RENEWAL, enrolled=follows, previous_expiry=period.expiry)
        assert period.start == follows


@pytest.mark.rule("POL-3")
def test_a_cycle_that_starts_on_its_own_day_has_the_months_of_that_day() -> None:
    both = Terms.model_validate({"start_cycles": ["28-02", "29-02"]})

    period = policy_period(both, Stage.NEW, enrolled=date(2027, 1, 10))

    assert (period.start, period.expiry) == (date(2027, 2, 28), date(2028, 2, 27))


class ShiftedCalendar(CivilCalendar):
    """A fiscal calendar: the year begins on the first of July, cycles count months from there."""

    def year_of(self, day: date) -> int:
        return day.year if day.month >= 7 else day.year - 1

    def cycle_start(self, cycle: CycleDay, year: int) -> date:
        return self.add_months(date(year, 7, cycle.day), cycle.month - 1)


@pytest.mark.rule("POL-3")
def test_a_country_plugs_its_own_calendar_in() -> None:
    terms = Terms(start_cycles=(JANUARY,))

    assert start_of(terms, Stage.NEW, enrolled=date(2020, 3, 1), calendar=ShiftedCalendar()) == date(
        2020, 7, 1
    )


@pytest.mark.rule("POL-6")
def test_the_last_day_to_pay_depends_on_cycles_and_stage() -> None:
    cycles = Terms(start_cycles=(JANUARY,), grace_period_enrolment=1, grace_period_renewal=2)
    free = Terms(grace_period_payment=2, grace_period_renewal=3)
    day = date(2020, 11, 10)
    start = date(2021, 1, 1)

    assert last_payment_date(cycles, Stage.NEW, enrolled=day, start=start) == date(2021, 1, 31)
    assert last_payment_date(cycles, Stage.RENEWAL, enrolled=day, start=start) == date(2021, 2, 28)
    assert last_payment_date(free, Stage.NEW, enrolled=day, start=day) == date(2021, 1, 9)
    assert last_payment_date(
        free, Stage.RENEWAL, enrolled=day, start=day, previous_expiry=date(2020, 10, 31)
    ) == date(2021, 1, 31)


days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
cycles = st.lists(
    st.builds(CycleDay, day=st.integers(1, 28), month=st.integers(1, 12)), min_size=1, max_size=4, unique=True
)
graces = st.integers(0, 12)


@pytest.mark.rule("POL-2", "POL-3")
@given(days, cycles, graces, graces, st.sampled_from(Stage), st.integers(1, 24))
def test_a_start_is_a_cycle_date_and_never_before_the_reference(
    enrolled: date, starts: list[CycleDay], grace: int, waits: int, stage: Stage, months: int
) -> None:
    terms = Terms(
        start_cycles=tuple(starts),
        grace_period_enrolment=grace,
        grace_period_renewal=grace,
        administration_period=waits,
        insurance_period=months,
    )
    base = CIVIL.add_months(enrolled, waits if stage is Stage.NEW else 0)
    reference = CIVIL.add_months(base, -grace_of(terms, stage))

    period = policy_period(terms, stage, enrolled=enrolled)

    assert period.start >= reference
    assert CycleDay(day=period.start.day, month=period.start.month) in starts
    between = (reference + timedelta(days=n) for n in range((period.start - reference).days))
    assert not any(CycleDay(day=day.day, month=day.month) in starts for day in between)
    assert period.expiry > period.start


@pytest.mark.rule("POL-3")
@given(days, st.integers(0, 600))
def test_adding_months_keeps_the_day_or_takes_the_last_one(day: date, months: int) -> None:
    moved = CIVIL.add_months(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
