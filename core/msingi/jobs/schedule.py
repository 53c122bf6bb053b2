"""When a job runs again: back-off after a failure, slots of a periodic job; no database, no clock."""

from datetime import UTC, datetime, timedelta

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def back_off(failures: int, *, spread: float) -> timedelta:
    """The wait after this many failures: 10 s, doubled each time, at most one hour, then cut by up to a half.

    ``spread`` in [0, 1) chooses the cut, so that jobs that failed together do not return together.
    """
    doublings = min(failures - 1, 16)
    return min(FIRST_WAIT * int(2**doublings), LONGEST_WAIT) * (1 - spread / 2)


def slot(name: str, every: timedelta, now: datetime) -> str:
    """The name of the period that holds this instant; periods are counted from 1970 in UTC."""
    number = (now - _EPOCH) // every
    return f"{name}@{(_EPOCH + number * every).isoformat()}"
