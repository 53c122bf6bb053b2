"""Numbers and dates as people write them in French, English and Arabic: one documented reading of each (attack 60)."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from msingi.tabular.errors import CellRefused

DecimalMark = Literal[",", "."]

_SCRIPTS: Final = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
_TO_ASCII: Final[Mapping[int, int]] = MappingProxyType(
    {ord(digit): ord("0") + value for script in _SCRIPTS for value, digit in enumerate(script)}
)
_MARKS: Final[Mapping[int, str]] = MappingProxyType(
    {ord("\u066b"): ".", ord("\u066c"): " ", ord("\u00a0"): " ", ord("\u202f"): " "}
)
_LONGEST: Final = 40
_PLAIN: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}( [0-9]{3})+(\.[0-9]+)?", re.ASCII)
_ISO_DATE: Final = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})([T ]00:00(:00(\.0+)?)?)?", re.ASCII
)
_FRENCH_DATE: Final = re.compile(
    r"(?P<day>[0-9]{1,2})[/.](?P<month>[0-9]{1,2})[/.](?P<year>[0-9]{4})", re.ASCII
)


def read_decimal(text: str, *, decimal_mark: DecimalMark = ".") -> Decimal:
    """The exact number in a text.

    * Spaces (also no-break ones) may group digits by three.
    * With the mark ``,`` a comma or a point may stand before the decimals, never both: French does not group
      with points, and spreadsheets store points. With the mark ``.`` a comma is refused, never guessed.
    * Arabic-Indic digits, both series, count like 0-9 with their own marks; two scripts in one number, other
      scripts, exponents, NaN and infinity are refused.
    """
    plain = ascii_digits(text.strip()).translate(_MARKS)
    if "," in plain:
        plain = _replace_comma(plain, decimal_mark)
    if len(plain) > _LONGEST or not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise CellRefused("tabular.not_a_number")
    return Decimal(plain.replace(" ", ""))


def read_date(text: str) -> dt.date:
    """The Gregorian day in ``YYYY-MM-DD`` or ``DD/MM/YYYY`` (also with points), digits 0-9 or Arabic-Indic.

    Midnight may follow an ISO day, as databases write it; any other time is refused.
    Month-first dates and two-digit years are refused or read day first, never guessed from the values.
    """
    plain = ascii_digits(text.strip())
    found = _ISO_DATE.fullmatch(plain) or _FRENCH_DATE.fullmatch(plain)
    if found is None:
        raise CellRefused("tabular.not_a_date")
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise CellRefused("tabular.not_a_date") from error


def ascii_digits(text: str) -> str:
    """The text with Arabic-Indic digits as 0-9; refuses digits of two scripts together, a mark of forgery."""
    if text.isascii():
        return text
    scripts = sum(any(digit in text for digit in script) for script in _SCRIPTS)
    if scripts > 1:
        raise CellRefused("tabular.mixed_digits")
    return text.translate(_TO_ASCII)


def _replace_comma(text: str, decimal_mark: DecimalMark) -> str:
    if decimal_mark == "." or "." in text:
        raise CellRefused("tabular.ambiguous_number", decimal=decimal_mark)
    return text.replace(",", ".")
