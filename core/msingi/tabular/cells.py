"""Typed parsers of one cell: text in, value out, or ``CellRefused`` with a code and never the value."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, TypeVar

from msingi.tabular.errors import CellRefused
from msingi.tabular.numerals import DecimalMark, read_date, read_decimal

_NOT_STORABLE: Final = re.compile("[\0\ud800-\udfff]")

T = TypeVar("T")
Parser = Callable[[str], T]


def text(*, maximum: int = 255) -> Parser[str]:
    """Text of 1 to ``maximum`` characters, kept as it is (attack 63); NUL and lone surrogates are refused (attack 57)."""

    def parse(cell: str) -> str:
        if not cell.strip():
            raise CellRefused("tabular.required")
        if len(cell) > maximum:
            raise CellRefused("tabular.too_long", maximum=maximum)
        if _NOT_STORABLE.search(cell):
            raise CellRefused("tabular.control_character")
        return cell

    return parse


def decimal(
    *,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    places: int | None = None,
    decimal_mark: DecimalMark = ".",
) -> Parser[Decimal]:
    """An exact number within bounds and with at most ``places`` decimals (attack 54)."""

    def parse(cell: str) -> Decimal:
        _require(cell)
        value = read_decimal(cell, decimal_mark=decimal_mark)
        if places is not None and len(format(value, "f").partition(".")[2].rstrip("0")) > places:
            raise CellRefused("tabular.too_many_decimals", places=places)
        _check_bounds(value, minimum, maximum)
        return value

    return parse


def integer(*, minimum: int | None = None, maximum: int | None = None) -> Parser[int]:
    """A whole number within bounds."""

    def parse(cell: str) -> int:
        _require(cell)
        value = read_decimal(cell)
        if value != value.to_integral_value():
            raise CellRefused("tabular.not_an_integer")
        _check_bounds(value, minimum, maximum)
        return int(value)

    return parse


def date(*, minimum: dt.date | None = None, maximum: dt.date | None = None) -> Parser[dt.date]:
    """A calendar day within bounds, ISO or day first (attack 56)."""

    def parse(cell: str) -> dt.date:
        _require(cell)
        value = read_date(cell)
        if minimum is not None and value < minimum:
            raise CellRefused("tabular.too_small", minimum=minimum.isoformat())
        if maximum is not None and value > maximum:
            raise CellRefused("tabular.too_large", maximum=maximum.isoformat())
        return value

    return parse


def choice(values: Mapping[str, T]) -> Parser[T]:
    """One of the listed words, compared without regard to case and outer spaces."""
    folded = {word.casefold(): value for word, value in values.items()}
    allowed = ", ".join(values)

    def parse(cell: str) -> T:
        _require(cell)
        try:
            return folded[cell.strip().casefold()]
        except KeyError:
            raise CellRefused("tabular.unknown_choice", allowed=allowed) from None

    return parse


def optional(parser: Parser[T]) -> Parser[T | None]:
    """The same parser, where an empty cell means nothing."""

    def parse(cell: str) -> T | None:
        return parser(cell) if cell.strip() else None

    return parse


def _require(cell: str) -> None:
    if not cell.strip():
        raise CellRefused("tabular.required")


def _check_bounds(value: Decimal, minimum: Decimal | int | None, maximum: Decimal | int | None) -> None:
    if minimum is not None and value < minimum:
        raise CellRefused("tabular.too_small", minimum=str(minimum))
    if maximum is not None and value > maximum:
        raise CellRefused("tabular.too_large", maximum=str(maximum))
