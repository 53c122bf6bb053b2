"""Contributions spread evenly over the days of cover (P9, BAT-2): how much of them belongs to a period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

NOTHING: Final = Fraction(0)


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
    return sum((_part(each, first, last) for each in paid), NOTHING)


def allocated_amount(paid: Iterable[PaidCover], *, first: date, last: date, unit: Decimal) -> Decimal:
    """The allocated contributions rounded once, half to even, to whole units of the currency."""
    return round(allocate(paid, first=first, last=last) / Fraction(unit)) * unit


def _part(paid: PaidCover, first: date, last: date) -> Fraction:
    whole = (paid.expiry - paid.effective).days + 1
    if whole <= 0:
        return NOTHING
    days = overlap_days(first, last, effective=paid.effective, expiry=paid.expiry)
    return Fraction(paid.amount) * days / whole
