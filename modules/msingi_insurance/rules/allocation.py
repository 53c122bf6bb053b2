"""Contributions spread evenly over the days of cover (P9, BAT-2): how much of them belongs to a period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PaidCover:
    """What was paid for a policy, or for many of the same dates, and its first and last day of cover."""

    amount: Decimal
    effective: date
    expiry: date


def overlap_days(first: date, last: date, *, effective: date, expiry: date) -> int:
    """How many days of a cover lie in a period; both ends of both count (BAT-2)."""
    return max(0, (min(last, expiry) - max(first, effective)).days + 1)


def allocate(paid: Iterable[PaidCover], *, first: date, last: date) -> Fraction:
    """The exact part of all contributions that belongs to the days from ``first`` to ``last``, inclusive (BAT-2).

    A cover that ends before it takes effect has no days and no part. The caller rounds once, at the end (INS-A1).
    """
    by_share: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for cover in paid:
        days = overlap_days(first, last, effective=cover.effective, expiry=cover.expiry)
        if days:
            by_share[days, (cover.expiry - cover.effective).days + 1] += cover.amount
    parts = (Fraction(amount) * days / whole for (days, whole), amount in by_share.items())
    return sum(parts, Fraction(0))


def allocated_amount(paid: Iterable[PaidCover], *, first: date, last: date, unit: Decimal) -> Decimal:
    """The allocated contributions rounded once, half to even, to whole units of the currency."""
    return round(allocate(paid, first=first, last=last) / Fraction(unit)) * unit
