"""Birth dates of known precision: reading, plausibility, age, and how two of them agree."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from msingi_registry.rules.characters import western_digits
from msingi_registry.rules.refusals import Refusal

MAX_AGE_YEARS: Final = 125
"""Nobody registered alive or dead was older than this (attack 56)."""

NEAR_YEARS: Final = 3
"""Two birth dates within this many years are near; an estimated date may be wrong by as much."""

SHORTEST_PREGNANCY_GAP: Final = timedelta(days=270)
"""Two deliveries of one mother nearer than this are flagged."""

_SAME_DELIVERY: Final = timedelta(days=2)
_TYPED_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class DatePrecision(StrEnum):
    """How exactly a birth date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


class BirthAgreement(StrEnum):
    """How two birth dates agree."""

    SAME = "same"
    COMPATIBLE = "compatible"
    NEAR = "near"
    FAR = "far"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A birth date with its precision; what is not known of month and day stands as 1."""

    value: date
    precision: DatePrecision = DatePrecision.DAY

    def __post_init__(self) -> None:
        """Put month and day to 1 where they are not known."""
        match self.precision:
            case DatePrecision.MONTH:
                object.__setattr__(self, "value", self.value.replace(day=1))
            case DatePrecision.YEAR | DatePrecision.ESTIMATED:
                object.__setattr__(self, "value", self.value.replace(month=1, day=1))

    @property
    def year(self) -> int:
        """The year of birth, estimated or known."""
        return self.value.year

    @property
    def earliest(self) -> date:
        """The first day on which the person can have been born."""
        if self.precision is DatePrecision.ESTIMATED:
            return date(max(self.year - NEAR_YEARS, date.min.year), 1, 1)
        return self.value

    @property
    def latest(self) -> date:
        """The last day on which the person can have been born."""
        match self.precision:
            case DatePrecision.DAY:
                return self.value
            case DatePrecision.MONTH:
                return self.value.replace(day=calendar.monthrange(self.year, self.value.month)[1])
            case DatePrecision.YEAR:
                return date(self.year, 12, 31)
            case DatePrecision.ESTIMATED:
                return date(min(self.year + NEAR_YEARS, date.max.year), 12, 31)


def read_birth_date(typed: str) -> BirthDate:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD` with the precision written (attack 56).

    Arabic digits are read. Raises `registry.birth_date_invalid` for any other text and for days that
    do not exist, such as 31 April.
    """
    found = (
        _TYPED_DATE.fullmatch(western_digits(typed).strip()) if len(typed) <= len("YYYY-MM-DD") * 2 else None
    )
    if found is None:
        raise Refusal("registry.birth_date_invalid")
    year, month, day = found.groups()
    precision = DatePrecision.DAY if day else DatePrecision.MONTH if month else DatePrecision.YEAR
    try:
        return BirthDate(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError as error:
        raise Refusal("registry.birth_date_invalid") from error


def birth_from_age(years: int, on: date) -> BirthDate:
    """Return the estimated birth date of a person who is said to be so many completed years old."""
    if not 0 <= years <= MAX_AGE_YEARS:
        raise Refusal("registry.age_invalid", max=MAX_AGE_YEARS)
    return BirthDate(date(max(on.year - years, date.min.year), 1, 1), DatePrecision.ESTIMATED)


def check_life(birth: BirthDate | None, today: date, *, death: date | None = None) -> None:
    """Refuse a birth or death in the future, a death before birth, and a life over 125 years (attack 56).

    A date of lower precision is refused only when no day within it is plausible.
    """
    if death is not None and death > today:
        raise Refusal("registry.death_in_future")
    if birth is None:
        return
    if birth.earliest > today or (birth.precision is DatePrecision.ESTIMATED and birth.value > today):
        raise Refusal("registry.birth_in_future")
    if death is not None and death < birth.earliest:
        raise Refusal("registry.death_before_birth")
    if age_in_years(birth.latest, death or today) > MAX_AGE_YEARS:
        raise Refusal("registry.birth_too_long_ago", max=MAX_AGE_YEARS)


def age_in_years(born: date, on: date) -> int:
    """Return the completed years of age; a child of 29 February turns a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def compare_births(first: BirthDate | None, second: BirthDate | None) -> BirthAgreement:
    """Say how two birth dates agree; only two exact days can be the SAME (ID-10)."""
    if first is None or second is None:
        return BirthAgreement.UNKNOWN
    if first == second and first.precision is DatePrecision.DAY:
        return BirthAgreement.SAME
    if first.earliest <= second.latest and second.earliest <= first.latest:
        return BirthAgreement.COMPATIBLE
    if abs(first.year - second.year) <= NEAR_YEARS:
        return BirthAgreement.NEAR
    return BirthAgreement.FAR


def are_births_too_close(first: date, second: date) -> bool:
    """Say whether one mother cannot have had both deliveries: more than two days, less than nine months apart."""
    return _SAME_DELIVERY < abs(first - second) < SHORTEST_PREGNANCY_GAP
