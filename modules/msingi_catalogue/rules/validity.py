"""Which of several entries holds on a day; both ends of a period are included."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Period(Protocol):
    """Anything that holds from a day to a day."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date | None:
        """Last day, empty without end."""


_Entry = TypeVar("_Entry", bound=Period)


def holds_on(period: Period, on: date) -> bool:
    """Whether a period contains the day."""
    return period.valid_from <= on and (period.valid_to is None or on <= period.valid_to)


def in_force(entries: Iterable[_Entry], on: date) -> _Entry | None:
    """The entry that holds on the day; of several the one that began last."""
    found = None
    for entry in entries:
        if holds_on(entry, on) and (found is None or entry.valid_from > found.valid_from):
            found = entry
    return found


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    starts_in_time = other.valid_to is None or one.valid_from <= other.valid_to
    return starts_in_time and (one.valid_to is None or other.valid_from <= one.valid_to)


def ended_before(first: date, following: date) -> date:
    """The last day of what began on ``first`` and holds from ``following`` on no more; what began then or later holds no day."""
    return max(first, following) - timedelta(days=1)


def last_day_before(first: date, following: date) -> date:
    """The last day of what began on ``first`` when something else begins on ``following``; it holds one day at least."""
    return max(first, following - timedelta(days=1))
