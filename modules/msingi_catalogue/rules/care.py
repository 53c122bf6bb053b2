"""Whether an item or a service suits the nature of the care (check 10), and whether it comes too soon (check 5)."""

from collections.abc import Iterable
from datetime import date

from msingi_registry import CareType


def care_of_stay(date_from: date, date_to: date | None) -> CareType:
    """In-patient from one night on, out-patient otherwise."""
    stays = date_to is not None and date_to > date_from
    return CareType.INPATIENT if stays else CareType.OUTPATIENT


def suits_care(own: CareType, given: CareType) -> bool:
    """Whether what is given as ``own`` care may be given in this care; both suits everything."""
    return CareType.BOTH in {own, given} or own is given


def comes_too_soon(on: date, earlier: Iterable[date], frequency_days: int | None) -> bool:
    """Whether one of the other days lies less than the frequency away, before or after; none or 0 is no limit."""
    return bool(frequency_days) and any(abs((on - day).days) < (frequency_days or 0) for day in earlier)
