"""Days of the scheme as instants: a day begins at midnight in the country's time zone (INS-A2, BAT-1)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msingi.work import Work


def start_of(work: Work, day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time(), ZoneInfo(work.platform.profile.timezone))


def day_of(work: Work, instant: datetime) -> date:
    """The day in which an instant lies."""
    return instant.astimezone(ZoneInfo(work.platform.profile.timezone)).date()


def last_day_of(work: Work, before: datetime) -> date:
    """The last day that ends before an instant at which a day begins."""
    return day_of(work, before) - timedelta(days=1)
