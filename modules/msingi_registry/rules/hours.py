"""Opening hours in local time: is a place open now, and is what we know of it stale (NS-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from msingi_registry.rules.refusals import Refusal

STALE_AFTER_DAYS: Final = 180
"""A place not verified for more days than this is shown as stale (NS-2)."""

_SUNDAY: Final = 6


@dataclass(frozen=True, slots=True)
class OpeningPeriod:
    """One period of a week in local time: weekday (0 is Monday), opening and closing time.

    A closing time not after the opening time is one of the next day; equal times mean 24 hours.
    """

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse a weekday outside 0 to 6 and times that carry a zone."""
        if not 0 <= self.weekday <= _SUNDAY or self.opens.tzinfo or self.closes.tzinfo:
            raise Refusal("registry.opening_hours_invalid")


def is_open(
    periods: Iterable[OpeningPeriod],
    instant: datetime,
    zone: tzinfo,
    *,
    closed_days: frozenset[date] = frozenset(),
) -> bool:
    """Say whether a place with these hours is open at an aware instant, in the local time of its zone (NS-2).

    The closing minute is closed. A period that began on a closed day, such as a holiday, does not count.
    Raises `registry.instant_without_zone`.
    """
    if instant.tzinfo is None:
        raise Refusal("registry.instant_without_zone")
    local = instant.astimezone(zone)
    today, now = local.date(), local.time()
    yesterday = today - timedelta(days=1)
    return any(
        (period.weekday == today.weekday() and today not in closed_days and _covers_opening_day(period, now))
        or (
            period.weekday == yesterday.weekday()
            and yesterday not in closed_days
            and _covers_next_day(period, now)
        )
        for period in periods
    )


def is_stale(verified_on: date | None, today: date, *, after_days: int = STALE_AFTER_DAYS) -> bool:
    """Say whether a place was never verified or not for more than so many days (NS-2)."""
    return verified_on is None or (today - verified_on).days > after_days


def _covers_opening_day(period: OpeningPeriod, now: time) -> bool:
    if period.closes <= period.opens:
        return now >= period.opens
    return period.opens <= now < period.closes


def _covers_next_day(period: OpeningPeriod, now: time) -> bool:
    return period.closes <= period.opens and now < period.closes
