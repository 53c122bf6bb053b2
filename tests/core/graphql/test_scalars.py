"""Every scalar accepts one documented form, as a literal and as a variable, and refuses the rest."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
import strawberry
from graphql import GraphQLError, parse_value
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.config import StrawberryConfig

from msingi.graphql.scalars import SCALARS, Code, LongText, Quantity, Text, parse_quantity, write_decimal
from msingi.money import Money


@strawberry.type
class Query:
    """Each field gives back what it takes."""

    @strawberry.field
    def money(self, it: Money) -> Money:
        return it

    @strawberry.field
    def quantity(self, it: Quantity) -> Quantity:
        return it

    @strawberry.field
    def decimal(self, it: Decimal) -> Decimal:
        return it

    @strawberry.field
    def day(self, it: date) -> date:
        return it

    @strawberry.field
    def instant(self, it: datetime) -> datetime:
        return it

    @strawberry.field
    def code(self, it: Code) -> Code:
        return it

    @strawberry.field
    def text(self, it: Text) -> Text:
        return it

    @strawberry.field
    def long_text(self, it: LongText) -> LongText:
        return it

    @strawberry.field
    def uuid(self, it: UUID) -> UUID:
        return it


SCHEMA = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))
TYPES = {
    "money": "Money",
    "quantity": "Quantity",
    "decimal": "Decimal",
    "day": "LocalDate",
    "instant": "DateTime",
    "code": "Code",
    "text": "Text",
    "longText": "LongText",
    "uuid": "UUID",
}


def by_variable(field: str, value: object) -> object:
    """The answer, or the code of the refusal."""
    source = f"query($it: {TYPES[field]}!) {{ {field}(it: $it) }}"
    result = SCHEMA.execute_sync(source, variable_values={"it": value})
    return _answer_or_code(field, result.data, result.errors)


def by_literal(field: str, literal: str) -> object:
    """The answer, or the code of the refusal."""
    result = SCHEMA.execute_sync(f"{{ {field}(it: {literal}) }}")
    return _answer_or_code(field, result.data, result.errors)


def _answer_or_code(field: str, data: dict[str, object] | None, errors: list[GraphQLError] | None) -> object:
    if errors:
        return (errors[0].extensions or {})["code"]
    assert data is not None
    return data[field]


ACCEPTED = [
    ("money", "1500 XAF", "1500 XAF"),
    ("money", "12.5 TZS", "12.50 TZS"),
    ("money", "0 BIF", "0 BIF"),
    ("quantity", "2.50", "2.5"),
    ("quantity", 3, "3"),
    ("quantity", "0", "0"),
    ("quantity", "999999999", "999999999"),
    ("decimal", "-0.12345678", "-0.12345678"),
    ("decimal", "100", "100"),
    ("day", "2024-02-29", "2024-02-29"),
    ("day", "1850-01-01", "1850-01-01"),
    ("day", "2200-12-31", "2200-12-31"),
    ("instant", "2026-01-31T09:30:00+01:00", "2026-01-31T08:30:00Z"),
    ("instant", "2026-01-31T08:30:00.25Z", "2026-01-31T08:30:00.250000Z"),
    ("instant", "2026-03-29T02:30:00+14:00", "2026-03-28T12:30:00Z"),
    ("code", " a09.0\r\n", "A09.0"),
    ("code", "00123", "00123"),
    ("code", "title i", "TITLE I"),
    ("text", "  N'Djamena ", "N'Djamena"),
    ("longText", "a\r\nb", "a\nb"),
    ("uuid", "0190A0B0-0000-7000-8000-00000000000A", "0190a0b0-0000-7000-8000-00000000000a"),
]


@pytest.mark.parametrize(("field", "value", "answer"), ACCEPTED)
@pytest.mark.rule("attack 54", "attack 55", "attack 56", "attack 57", "attack 59", "attack 60")
def test_the_documented_form_is_accepted_and_normalised(field: str, value: object, answer: str) -> None:
    literal = (
        str(value)
        if isinstance(value, int)
        else '"' + str(value).replace("\r", "\\r").replace("\n", "\\n") + '"'
    )

    assert by_variable(field, value) == answer
    assert by_literal(field, literal) == answer


REFUSED = [
    ("money", "NaN XAF", "money.invalid"),
    ("money", "Infinity TZS", "money.invalid"),
    ("money", "-0 XAF", "money.invalid"),
    ("money", "1E+400 XAF", "money.invalid"),
    ("money", "1E+1000000 XAF", "money.invalid"),
    ("money", "0." + "1" * 40 + " TZS", "money.invalid"),
    ("money", "1,5 TZS", "money.invalid"),
    ("money", "\u0661\u0665\u0660\u0660 XAF", "money.invalid"),
    ("money", True, "money.invalid"),
    ("money", 1500, "money.invalid"),
    ("money", 1.5, "money.invalid"),
    ("money", "1500", "money.invalid"),
    ("money", ["1500 XAF"], "money.invalid"),
    ("money", {"amount": "1500", "currency": "XAF"}, "money.invalid"),
    ("money", "1500.5 XAF", "money.too_precise"),
    ("money", "1.0 BIF", "money.too_precise"),
    ("money", "-5 XAF", "money.negative"),
    ("money", "9223372036854775808 XAF", "money.too_large"),
    ("money", "1 ABC", "money.unknown_currency"),
    ("quantity", "-1", "number.invalid"),
    ("quantity", "-0", "number.invalid"),
    ("quantity", 2**31, "number.invalid"),
    ("quantity", str(2**63), "number.invalid"),
    ("quantity", 10**30, "number.invalid"),
    ("quantity", "1" + "0" * 30, "number.invalid"),
    ("quantity", "1.00001", "number.invalid"),
    ("quantity", 1.5, "number.invalid"),
    ("quantity", True, "number.invalid"),
    ("quantity", "NaN", "number.invalid"),
    ("quantity", "1e3", "number.invalid"),
    ("quantity", "٣", "number.invalid"),
    ("quantity", " 3", "number.invalid"),
    ("decimal", "Infinity", "number.invalid"),
    ("decimal", "-0.0", "number.invalid"),
    ("decimal", "0.123456789", "number.invalid"),
    ("decimal", 0.1, "number.invalid"),
    ("day", "0001-01-01", "date.out_of_range"),
    ("day", "9999-12-31", "date.out_of_range"),
    ("day", "1849-12-31", "date.out_of_range"),
    ("day", "2023-02-29", "date.invalid"),
    ("day", "2024-04-31", "date.invalid"),
    ("day", "2024-13-01", "date.invalid"),
    ("day", "20240101", "date.invalid"),
    ("day", "2024-W01-1", "date.invalid"),
    ("day", "2024-01-01T00:00:00Z", "date.invalid"),
    ("day", "\u0662\u0660\u0662\u0664-\u0660\u0661-\u0660\u0661", "date.invalid"),
    ("day", " 2024-01-01", "date.invalid"),
    ("day", 20240101, "date.invalid"),
    ("instant", "2026-01-31T08:30:00", "instant.invalid"),
    ("instant", "2026-01-31 08:30:00Z", "instant.invalid"),
    ("instant", "2026-01-31", "instant.invalid"),
    ("instant", "2026-01-31T24:00:00Z", "instant.invalid"),
    ("instant", "2026-01-31T23:59:60Z", "instant.invalid"),
    ("instant", "2026-01-31T08:30:00+14:01", "instant.invalid"),
    ("instant", "2026-01-31T08:30:00+23:59", "instant.invalid"),
    ("instant", "2026-02-30T08:30:00Z", "date.invalid"),
    ("instant", "0001-01-01T00:00:00Z", "date.out_of_range"),
    ("instant", 1769848200, "instant.invalid"),
    ("code", "", "code.invalid"),
    ("code", "   ", "code.invalid"),
    ("code", "x" * 65, "code.invalid"),
    ("code", "t\u0131tle", "code.invalid"),
    ("code", "=1+1", "code.invalid"),
    ("code", "A\x00", "code.invalid"),
    ("code", "A\u202eB", "code.invalid"),
    ("code", "A  B", "code.invalid"),
    ("code", "<b>", "code.invalid"),
    ("code", 12, "code.invalid"),
    ("text", "a\x00b", "text.invalid_character"),
    ("text", "a\nb", "text.invalid_character"),
    ("text", "x" * 501, "text.too_long"),
    ("text", 1, "graphql.invalid_value"),
    ("longText", "x" * 10_001, "text.too_long"),
    ("uuid", "{0190a0b0-0000-7000-8000-00000000000a}", "uuid.invalid"),
    ("uuid", "urn:uuid:0190a0b0-0000-7000-8000-00000000000a", "uuid.invalid"),
    ("uuid", "0190a0b0000070008000000000000000a", "uuid.invalid"),
    ("uuid", "1", "uuid.invalid"),
]


@pytest.mark.parametrize(("field", "value", "code"), REFUSED)
@pytest.mark.rule("attack 54", "attack 55", "attack 56", "attack 57", "attack 59", "attack 60")
def test_every_other_form_is_refused_with_its_code(field: str, value: object, code: str) -> None:
    assert by_variable(field, value) == code


@pytest.mark.parametrize(
    ("field", "literal", "code"),
    [
        ("money", "1500", "money.invalid"),
        ("money", "true", "money.invalid"),
        ("money", "XAF", "money.invalid"),
        ("quantity", "true", "number.invalid"),
        ("quantity", "9" * 400, "number.invalid"),
        ("quantity", "1e3", "number.invalid"),
        ("quantity", "0.00001", "number.invalid"),
        ("day", "20240101", "date.invalid"),
        ("code", "[]", "code.invalid"),
    ],
)
@pytest.mark.rule("attack 54", "attack 55", "attack 56")
def test_a_wrong_literal_is_refused_before_execution(field: str, literal: str, code: str) -> None:
    assert by_literal(field, literal) == code


@pytest.mark.rule("attack 54")
def test_a_decimal_literal_is_exact() -> None:
    assert by_literal("decimal", "0.10000001") == "0.10000001"
    assert by_literal("quantity", "1.1") == "1.1"


@pytest.mark.parametrize(
    ("scalar_type", "value"),
    [
        (Money, "1500 XAF"),
        (Decimal, 1.5),
        (Decimal, Decimal("NaN")),
        (date, datetime(2026, 1, 1, tzinfo=UTC)),
        (date, "2026-01-01"),
        (datetime, datetime(2026, 1, 1)),  # noqa: DTZ001
        (Code, 1),
        (UUID, "0190a0b0-0000-7000-8000-00000000000a"),
    ],
)
def test_a_value_of_the_wrong_type_is_never_answered(scalar_type: object, value: object) -> None:
    serialize = SCALARS[scalar_type].serialize
    assert serialize is not None

    with pytest.raises(TypeError):
        serialize(value)


def test_no_value_is_repeated_in_a_refusal() -> None:
    result = SCHEMA.execute_sync(
        "query($it: Money!) { money(it: $it) }", variable_values={"it": "Amina Diallo"}
    )

    assert result.errors is not None
    assert "Amina" not in result.errors[0].message


@given(st.decimals(min_value=0, max_value=999_999_999, places=4))
@pytest.mark.rule("attack 55")
def test_quantities_round_trip_exactly(value: Decimal) -> None:
    assert parse_quantity(write_decimal(value)) == value
    assert parse_value(f'"{write_decimal(value)}"').kind == "string_value"


@given(st.datetimes(datetime(1851, 1, 1), datetime(2199, 1, 1)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
@pytest.mark.rule("attack 56")
def test_an_instant_is_the_same_moment_in_every_zone(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    answer = by_variable("instant", there.isoformat())

    assert isinstance(answer, str)
    assert datetime.fromisoformat(answer) == there
    assert answer.endswith("Z")
