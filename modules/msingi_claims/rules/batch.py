"""Batches: what a period's contributions pay for relative prices, and what that makes of the lines (BAT-1..BAT-5).

Shares are exact fractions until an index is rounded to four decimals, half to even.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final, NamedTuple

from msingi_claims.rules.adjudicate import EXACT
from msingi_claims.rules.codes import ClaimStatus, ConsumptionKind, StepKind
from msingi_claims.rules.decisions import ClaimDecision, Consumption, LineDecision, Step
from msingi_claims.rules.raising import Room
from msingi_insurance import Pool, PoolCare, PoolPeriod

INDEX_PLACES: Final = 4
_MONTHS: Final = {PoolPeriod.MONTH: 1, PoolPeriod.QUARTER: 3, PoolPeriod.YEAR: 12}
_ONE_DAY: Final = timedelta(days=1)


class Period(NamedTuple):
    """A period that contains its first day and not ``end`` (BAT-1, D-14)."""

    start: date
    end: date

    @property
    def last_day(self) -> date:
        """The last day inside."""
        return self.end - _ONE_DAY


class PaidCover(NamedTuple):
    """A contribution and the days that it pays for, both included."""

    amount: Decimal
    effective: date
    expiry: date


def pool_period(kind: PoolPeriod, year: int, month: int) -> Period | None:
    """The period that the run of a month closes for a pool; None when it closes none: quarters end in 3, 6, 9, 12 (BAT-5)."""
    months = _MONTHS[kind]
    if month % months:
        return None
    last = date(year, month, 1)
    end = date(year + month // 12, month % 12 + 1, 1)
    return Period(last.replace(month=month - months + 1), end)


def percentage_of(pool: Pool, month: int) -> Decimal | None:
    """The share of a pool in the period that ends with a month; None when none is set: the run is refused (BAT-3)."""
    return pool.percentages[month // _MONTHS[pool.period] - 1]


def allocated(covers: Iterable[PaidCover], period: Period) -> Fraction:
    """The part of contributions that falls into a period, by days, both ends of cover included (BAT-2)."""
    return sum((_allocated(cover, period) for cover in covers), Fraction(0))


def relative_index(
    funds: Fraction, percentage: Decimal, nominal: Decimal, *, cap: Decimal | None = Decimal(1)
) -> Decimal | None:
    """Funds times the pool's percentage over the nominal value of its lines; None without lines (BAT-3).

    No more than ``cap``; four decimals, half to even. Funds of 0 give 0, which the caller has confirmed.
    """
    if nominal == 0:
        return None
    exact = funds * Fraction(percentage) / 100 / Fraction(nominal)
    scaled = round(exact * 10**INDEX_PLACES)
    index = Decimal(scaled).scaleb(-INDEX_PLACES)
    return index if cap is None else min(index, cap)


def pool_of(pools: Iterable[Pool], *, hospital: bool) -> PoolCare | None:
    """Which pool of a product pays a line: the one of its kind of care, else the general one (PRD-9, PRD-12)."""
    cares = {pool.care for pool in pools}
    own = PoolCare.HOSPITAL if hospital else PoolCare.NON_HOSPITAL
    if own in cares:
        return own
    return PoolCare.GENERAL if PoolCare.GENERAL in cares else None


def value_relative(nominal: Decimal, index: Decimal, *, unit: Decimal) -> Decimal:
    """What is paid for a nominal value, rounded once (BAT-4, D-15)."""
    return (nominal * index).quantize(unit)


def value_claim(
    decision: ClaimDecision,
    index_of: Callable[[LineDecision], Decimal],
    *,
    unit: Decimal,
    within: Room | None = None,
) -> ClaimDecision:
    """The claim with its relative lines valued, and what it now uses up; other lines stay as they are (BAT-4, D-15).

    What an index above 1 adds stays ``within`` the limits of the policies (ADJ-10); without such an index None will do.
    """
    lines = list(decision.lines)
    with localcontext(EXACT):
        for position, line in enumerate(lines):
            if line.is_waiting:
                index = index_of(line)
                lines[position] = _valued(line, index, unit)
                if within is not None and index > 1:
                    booked = [entry for entry in decision.consumption if entry.line == position]
                    lines[position] = within.limited(lines[position], booked)
    consumption = (_revalued(entry, lines[entry.line]) for entry in decision.consumption)
    return decision._replace(
        status=ClaimStatus.VALUATED,
        lines=tuple(lines),
        consumption=tuple(entry for entry in consumption if entry.amount),
    )


def _allocated(cover: PaidCover, period: Period) -> Fraction:
    first, last = max(cover.effective, period.start), min(cover.expiry, period.last_day)
    overlap = max(0, (last - first).days + 1)
    return Fraction(cover.amount) * overlap / ((cover.expiry - cover.effective).days + 1)


def _valued(line: LineDecision, index: Decimal, unit: Decimal) -> LineDecision:
    paid = value_relative(line.remunerated, index, unit=unit)
    return line._replace(
        valued=line.valued - line.remunerated + paid,
        remunerated=paid,
        steps=(*line.steps, Step(StepKind.RELATIVE_INDEX, line.remunerated, paid, index)),
    )


def _revalued(entry: Consumption, line: LineDecision) -> Consumption:
    counts_money = entry.kind in (ConsumptionKind.REMUNERATED, ConsumptionKind.CATEGORY)
    return entry._replace(amount=line.remunerated) if line.is_relative and counts_money else entry
