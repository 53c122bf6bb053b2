"""Opening hours in the short notation of public maps: `24/7`, `Mo-Fr 08:00-16:00`; anything else stays unread (NS-2)."""

import re
from typing import Final

_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY: Final = "|".join(_DAYS)
_ALL_WEEK: Final = range(len(_DAYS))
_SIMPLE: Final = re.compile(
    rf"(?:({_DAY})-({_DAY}) )?((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)

Period = tuple[int, str, str]
"""Weekday (0 is Monday), opening and closing time as HH:MM."""


def read_published_hours(text: str) -> list[Period] | None:
    """The periods of a week, or None for an empty or richer text: an hour is never guessed."""
    if text == "24/7":
        return [(day, "00:00", "00:00") for day in _ALL_WEEK]
    found = _SIMPLE.fullmatch(text)
    if found is None:
        return None
    first, last, opens, closes = found.groups()
    return [(day, opens, closes) for day in _days(first, last)]


def _days(first: str | None, last: str | None) -> list[int]:
    if first is None or last is None:
        return list(_ALL_WEEK)
    start, end = _DAYS.index(first), _DAYS.index(last)
    return [day % len(_DAYS) for day in range(start, end + 1 if end >= start else end + 1 + len(_DAYS))]
