"""When cover starts, when it ends, and until when it can be paid (POL-1, POL-2, POL-3, POL-6)."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import CycleDay, Terms
from msingi_insurance.rules.trace import Trace, step

ONE_DAY: Final = timedelta(days=1)
_ALWAYS_THERE: Final = 28
"""Up to this day every month has it; later ones may be moved by a shorter month."""
_LEAP_YEARS_APART: Final = 8
"""Most years between two in which a day exists: 1896 and 1904, for 29 February."""


class Calendar(Protocol):
    """Months and years as the scheme counts them; a national calendar may replace the civil one (POL-3)."""

    def add_months(self, day: date, months: int) -> date:
        """Move by months; keep the day, or take the last day of a shorter month."""
        ...

    def year_of(self, day: date) -> int:
        """The year of the calendar that holds the day."""
        ...

    def cycle_start(self, cycle: CycleDay, year: int) -> date:
        """The day on which a cycle starts in a year of the calendar."""
        ...


class CivilCalendar:
    """The Gregorian calendar."""

    def add_months(self, day: date, months: int) -> date:
        """Move by months; 31 January plus one month is the last day of February."""
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return _day_in(year, month + 1, day.day)

    def year_of(self, day: date) -> int:
        """The civil year."""
        return day.year

    def cycle_start(self, cycle: CycleDay, year: int) -> date:
        """The day of the cycle; 29-02 is 28 February in a common year."""
        return _day_in(year, cycle.month, cycle.day)


CIVIL: Final = CivilCalendar()


@dataclass(frozen=True, slots=True)
class PolicyPeriod:
    """The dates of a policy; ``expiry`` and ``last_payment`` are the last days, inclusive."""

    start: date
    expiry: date
    last_payment: date
    steps: Trace = ()


def policy_period(
    terms: Terms,
    stage: Stage,
    *,
    enrolled: date,
    previous_expiry: date | None = None,
    calendar: Calendar = CIVIL,
) -> PolicyPeriod:
    """The dates of a policy enrolled on a day; a renewal gives the expiry of the policy before it."""
    base, steps = _base(terms, stage, enrolled, calendar)
    start, reason = _start(terms, stage, base, calendar)
    expiry = _expiry(terms, start, calendar)
    due = last_payment_date(
        terms, stage, enrolled=enrolled, start=start, previous_expiry=previous_expiry, calendar=calendar
    )
    ends = (
        step("POL-3", "expiry", months=terms.insurance_period, expiry=expiry),
        step("POL-6", "last_payment", date=due),
    )
    return PolicyPeriod(start, expiry, due, (*steps, *reason, *ends))


def start_of(terms: Terms, stage: Stage, *, enrolled: date, calendar: Calendar = CIVIL) -> date:
    """The first day of cover (POL-1, POL-2)."""
    return _start(terms, stage, _base(terms, stage, enrolled, calendar)[0], calendar)[0]


def expiry_of(start: date, months: int, *, calendar: Calendar = CIVIL) -> date:
    """The last day of cover: so many months after the start, less one day (POL-3)."""
    return calendar.add_months(start, months) - ONE_DAY


def grace_of(terms: Terms, stage: Stage) -> int:
    """The months after a cycle date that still belong to it (PRD-2)."""
    return terms.grace_period_enrolment if stage is Stage.NEW else terms.grace_period_renewal


def discount_until(terms: Terms, *, previous_expiry: date, calendar: Calendar = CIVIL) -> date:
    """The last day on which a renewal earns the product's discount (PRM-6)."""
    return calendar.add_months(previous_expiry + ONE_DAY, -terms.renewal_discount_period)


def last_payment_date(
    terms: Terms,
    stage: Stage,
    *,
    enrolled: date,
    start: date,
    previous_expiry: date | None = None,
    calendar: Calendar = CIVIL,
) -> date:
    """The last day on which the full value may arrive before the policy is suspended (POL-6).

    With cycles the grace of the stage runs from the start of the cycle; else a new policy has the grace of payment
    from its enrolment, and a renewal its renewal grace from the day after the previous expiry (or from its start).
    """
    if terms.start_cycles:
        return calendar.add_months(start, grace_of(terms, stage)) - ONE_DAY
    if stage is Stage.NEW:
        return calendar.add_months(enrolled, terms.grace_period_payment) - ONE_DAY
    follows = start if previous_expiry is None else previous_expiry + ONE_DAY
    return calendar.add_months(follows, terms.grace_period_renewal) - ONE_DAY


def renewal_deadline(terms: Terms, *, previous_expiry: date, calendar: Calendar = CIVIL) -> date:
    """The last day on which a renewal still counts: the payment date of one that follows at once (POL-6, POL-9).

    With cycles it belongs to the first cycle after the policy before it, however long nobody is covered until then.
    """
    follows = previous_expiry + ONE_DAY
    start = _first_cycle(terms.start_cycles, follows, calendar) if terms.start_cycles else follows
    return last_payment_date(
        terms,
        Stage.RENEWAL,
        enrolled=follows,
        start=start,
        previous_expiry=previous_expiry,
        calendar=calendar,
    )


def _base(terms: Terms, stage: Stage, enrolled: date, calendar: Calendar) -> tuple[date, Trace]:
    if stage is Stage.RENEWAL:
        return enrolled, (step("POL-1", "base_renewal", date=enrolled),)
    months = terms.administration_period
    base = calendar.add_months(enrolled, months)
    return base, (step("POL-1", "base_new", date=base, enrolled=enrolled, months=months),)


def _start(terms: Terms, stage: Stage, base: date, calendar: Calendar) -> tuple[date, Trace]:
    if not terms.start_cycles:
        return base, (step("POL-1", "start_is_base", start=base),)
    grace = grace_of(terms, stage)
    reference = calendar.add_months(base, -grace)
    start = _first_cycle(terms.start_cycles, reference, calendar)
    return start, (step("POL-2", "cycle_chosen", reference=reference, months=grace, start=start),)


def _first_cycle(cycles: tuple[CycleDay, ...], reference: date, calendar: Calendar) -> date:
    year = calendar.year_of(reference)
    in_year = sorted(calendar.cycle_start(cycle, year) for cycle in cycles)
    return next(
        (day for day in in_year if day >= reference),
        min(calendar.cycle_start(cycle, year + 1) for cycle in cycles),
    )


def _expiry(terms: Terms, start: date, calendar: Calendar) -> date:
    """The last day of cover; a cycle that a common year moved counts from its own day, so that no day is left out.

    Cover from 28 February 2027 under the cycle 29-02 ends on 28 February 2028, the eve of the next cycle.
    """
    year = calendar.year_of(start)
    ends = [
        max(_cycle_ends(cycle, start, year, terms.insurance_period, calendar))
        for cycle in terms.start_cycles
        if calendar.cycle_start(cycle, year) == start
    ]
    return min(ends, default=expiry_of(start, terms.insurance_period, calendar=calendar))


def _cycle_ends(cycle: CycleDay, start: date, year: int, months: int, calendar: Calendar) -> Iterator[date]:
    """The ends that follow from the starts of a cycle in earlier years: the latest is counted from its own day."""
    yield expiry_of(start, months, calendar=calendar)
    if cycle.day <= _ALWAYS_THERE:
        return
    for years in range(1, min(year, _LEAP_YEARS_APART + 1)):
        earlier = calendar.cycle_start(cycle, year - years)
        if calendar.add_months(earlier, 12 * years) == start:
            yield expiry_of(earlier, 12 * years + months, calendar=calendar)


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
