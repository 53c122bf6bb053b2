"""Days of the scheme as instants: a day begins at midnight in the country's time zone (INS-A2, BAT-1)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msingi.work import Work


def start_of(work: Work, day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time(), ZoneInfo(work.platform.profile.timezone))


def last_day_of(work: Work, before: datetime) -> date:
    """The last day that ends before an instant at which a day begins."""
    return before.astimezone(ZoneInfo(work.platform.profile.timezone)).date() - timedelta(days=1)
