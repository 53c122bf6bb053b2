"""Our own scalars: every value is checked where it enters, and written in one form (attacks 54 to 59)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, NewType, TypeVar
from uuid import UUID

from graphql import BooleanValueNode, FloatValueNode, IntValueNode, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition, scalar

from msingi.clean_text import MAX_LINE, clean_text
from msingi.errors import DomainError
from msingi.graphql.refusals import InvalidValue, as_graphql_error
from msingi.money import InvalidMoney, Money

Quantity = NewType("Quantity", Decimal)
Code = NewType("Code", str)
Text = NewType("Text", str)
LongText = NewType("LongText", str)

FIRST_YEAR: Final = 1850
LAST_YEAR: Final = 2200
MAX_CODE: Final = 64
MAX_LONG_TEXT: Final = 10_000
MAX_QUANTITY: Final = 999_999_999
QUANTITY_DECIMALS: Final = 4
MAX_DECIMAL: Final = 10**15 - 1
DECIMALS: Final = 8
_MAX_DIGITS: Final = 25

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_NUMBER: Final = re.compile(r"(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?")
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9 ._/:#+()-]*")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_T = TypeVar("_T")


class NegativeMoney(DomainError):
    """An amount that a client sends is negative; corrections are operations of their own."""

    code = "money.negative"
    template = "The amount must not be negative."


class InvalidNumber(DomainError):
    """A number is not written in plain digits, has too many decimals or is out of range."""

    code = "number.invalid"
    template = "Write the number with digits and a point, such as 12.5, at most {decimals} decimals, from {least} to {most}."


class InvalidDate(DomainError):
    """A date is not written YYYY-MM-DD or is not in the calendar."""

    code = "date.invalid"
    template = "Write the date as YYYY-MM-DD, such as 2026-03-01; it must exist in the calendar."


class DateOutOfRange(DomainError):
    """A year is before 1850 or after 2200."""

    code = "date.out_of_range"
    template = "The year must be from {least} to {most}."


class InvalidInstant(DomainError):
    """An instant lacks its zone or is not written in ISO 8601."""

    code = "instant.invalid"
    template = "Write the instant like 2026-01-31T09:30:00+01:00, with its time zone."


class InvalidCode(DomainError):
    """A code is empty, too long or holds a character that is not allowed."""

    code = "code.invalid"
    template = "A code has 1 to {most} letters, digits or . _ / : # + ( ) - and starts with a letter or a digit, such as A01."


class InvalidId(DomainError):
    """An id is not a UUID in its usual form."""

    code = "uuid.invalid"
    template = "Write the identifier as 32 hexadecimal digits in five groups."


def parse_money(value: object) -> Money:
    """Read an amount like `1500 XAF`: not negative, no exponent, no comma, no more decimals than the currency."""
    if not isinstance(value, str):
        raise InvalidMoney
    money = Money.parse(value)
    if money < Money.zero(money.currency):
        raise NegativeMoney
    return money


def parse_quantity(value: object) -> Quantity:
    """Read a number from 0 to 999,999,999 with at most four decimals, as text or whole number; never a float."""
    return Quantity(_number(value, least=0, most=MAX_QUANTITY, decimals=QUANTITY_DECIMALS))


def parse_decimal(value: object) -> Decimal:
    """Read a plain decimal number with at most eight decimals, as text or whole number; never a float."""
    return _number(value, least=-MAX_DECIMAL, most=MAX_DECIMAL, decimals=DECIMALS)


def parse_date(value: object) -> date:
    """Read a day of the Gregorian calendar as YYYY-MM-DD, from 1850 to 2200, in ASCII digits."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise InvalidDate
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InvalidDate from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DateOutOfRange(least=FIRST_YEAR, most=LAST_YEAR)
    return day


def parse_instant(value: object) -> datetime:
    """Read an instant with its zone and return it in UTC."""
    if not isinstance(value, str):
        raise InvalidInstant
    match = _INSTANT.fullmatch(value)
    if match is None:
        raise InvalidInstant
    parse_date(match[1])
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        raise InvalidInstant from None


def parse_code(value: object) -> Code:
    """Read a code in capitals without the spaces and line ends of a scanner; leading zeros stay (attack 59)."""
    if not isinstance(value, str) or not value.isascii() or len(value) > 4 * MAX_CODE:
        raise InvalidCode(most=MAX_CODE)
    code = " ".join(value.split(" ")).strip().upper()
    if len(code) > MAX_CODE or _CODE.fullmatch(code) is None or "  " in code:
        raise InvalidCode(most=MAX_CODE)
    return Code(code)


def parse_text(value: object) -> Text:
    """Read one line of clean text, at most 500 characters."""
    if not isinstance(value, str):
        raise InvalidValue
    return Text(clean_text(value, most=MAX_LINE))


def parse_long_text(value: object) -> LongText:
    """Read clean text with line breaks, at most 10,000 characters."""
    if not isinstance(value, str):
        raise InvalidValue
    return LongText(clean_text(value, most=MAX_LONG_TEXT, lines=True))


def parse_uuid(value: object) -> UUID:
    """Read an id in its usual form only; braces, `urn:` and missing hyphens are refused."""
    if not isinstance(value, str) or _UUID.fullmatch(value.lower()) is None:
        raise InvalidId
    return UUID(value)


def write_money(value: object) -> str:
    """Write an amount with the decimals of its currency."""
    return str(_typed(value, Money))


def write_decimal(value: object) -> str:
    """Write a number in plain digits, without trailing zeros."""
    number = _typed(value, Decimal)
    if not number.is_finite():
        raise TypeError("a number is finite")
    plain = f"{number:f}"
    shortest = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if shortest == "-0" else shortest


def write_date(value: object) -> str:
    """Write a day as YYYY-MM-DD; an instant is not a day."""
    if isinstance(value, datetime):
        raise TypeError("an instant is not a date")
    return _typed(value, date).isoformat()


def write_instant(value: object) -> str:
    """Write an instant in UTC with `Z`; a naive one is a programming error."""
    instant = _typed(value, datetime)
    if instant.tzinfo is None:
        raise TypeError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_text(value: object) -> str:
    """Write text as it is."""
    return _typed(value, str)


def write_uuid(value: object) -> str:
    """Write an id in its usual form."""
    return str(_typed(value, UUID))


def _number(value: object, *, least: int, most: int, decimals: int) -> Decimal:
    refusal = InvalidNumber(least=least, most=most, decimals=decimals)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise refusal
    match = _NUMBER.fullmatch(str(value)) if isinstance(value, str) or abs(value) < 10**18 else None
    if match is None or len(match[3] or "") > decimals:
        raise refusal
    number = Decimal(match[0])
    if (match[1] and not number) or not least <= number <= most:
        raise refusal
    return number


def _typed(value: object, type_: type[_T]) -> _T:
    if not isinstance(value, type_):
        raise TypeError(f"expected {type_.__name__}")
    return value


def _define(
    name: str, description: str, parse: Callable[[object], object], write: Callable[[object], str]
) -> ScalarDefinition:
    def parse_value(value: object) -> object:
        try:
            return parse(value)
        except DomainError as refusal:
            raise as_graphql_error(refusal) from None

    def parse_literal(node: ValueNode, _variables: object = None) -> object:
        return parse_value(_written(node))

    return scalar(
        name=name,
        description=description,
        serialize=write,
        parse_value=parse_value,
        parse_literal=parse_literal,
    )


def _written(node: ValueNode) -> object:
    """Return what the client wrote in the query: a float literal keeps its digits as text."""
    match node:
        case StringValueNode() | FloatValueNode():
            return node.value
        case IntValueNode():
            return int(node.value) if len(node.value) <= _MAX_DIGITS else None
        case BooleanValueNode():
            return node.value
    return None


_DECIMAL_RULE: Final = (
    "A plain decimal number as text, with at most eight decimals; never a floating-point number."
)

SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    Money: _define(
        "Money", "An exact amount and its currency: `1500 XAF`, `12.50 TZS`.", parse_money, write_money
    ),
    Quantity: _define(
        "Quantity",
        "A number from 0 to 999999999 as text, with at most four decimals.",
        parse_quantity,
        write_decimal,
    ),
    Decimal: _define("Decimal", _DECIMAL_RULE, parse_decimal, write_decimal),
    date: _define("LocalDate", "A day as YYYY-MM-DD, from 1850 to 2200.", parse_date, write_date),
    datetime: _define(
        "DateTime", "An instant with its time zone; answered in UTC.", parse_instant, write_instant
    ),
    Code: _define("Code", "A code in capitals, at most 64 characters.", parse_code, write_text),
    Text: _define("Text", "One line of text, at most 500 characters.", parse_text, write_text),
    LongText: _define(
        "LongText", "Text with line breaks, at most 10000 characters.", parse_long_text, write_text
    ),
    UUID: _define("UUID", "An identifier of 32 hexadecimal digits in five groups.", parse_uuid, write_uuid),
}
"""For `StrawberryConfig(scalar_map=SCALARS)`."""
