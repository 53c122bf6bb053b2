"""One documented reading of numbers and dates (attack 60)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.tabular import CellRefused, DecimalMark, ascii_digits, read_date, read_decimal

ARABIC = "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"


@pytest.mark.rule("attack 60", "attack 54")
@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1,5", ",", "1.5"),
        ("1.5", ",", "1.5"),
        ("1.500", ",", "1.500"),
        (" 12 500,75 ", ",", "12500.75"),
        ("12\u202f500", ".", "12500"),
        ("-1\u00a0234\u00a0567", ".", "-1234567"),
        ("\u0661\u0662\u066b\u0665", ".", "12.5"),
        ("\u06f1\u066c\u06f2\u06f3\u06f4", ".", "1234"),
        ("+007", ".", "7"),
        ("9" * 40, ".", "9" * 40),
    ],
)
def test_reads_numbers_as_written(text: str, mark: DecimalMark, expected: str) -> None:
    assert read_decimal(text, decimal_mark=mark) == Decimal(expected)


@pytest.mark.rule("attack 60", "attack 54")
@pytest.mark.parametrize(
    ("text", "mark", "code"),
    [
        ("1,5", ".", "tabular.ambiguous_number"),
        ("1,500", ".", "tabular.ambiguous_number"),
        ("1.234,5", ",", "tabular.ambiguous_number"),
        ("1,2,3", ",", "tabular.not_a_number"),
        ("1\u0662", ".", "tabular.mixed_digits"),
        ("\u0967\u0968", ".", "tabular.not_a_number"),
        ("\uff11\uff12", ".", "tabular.not_a_number"),
        ("1 23", ".", "tabular.not_a_number"),
        ("1E5", ".", "tabular.not_a_number"),
        ("NaN", ".", "tabular.not_a_number"),
        ("Infinity", ".", "tabular.not_a_number"),
        ("-", ".", "tabular.not_a_number"),
        (".5", ".", "tabular.not_a_number"),
        ("1_000", ".", "tabular.not_a_number"),
        ("1_00", ".", "tabular.not_a_number"),
        ("9" * 41, ".", "tabular.not_a_number"),
    ],
)
def test_refuses_what_it_would_have_to_guess(text: str, mark: DecimalMark, code: str) -> None:
    with pytest.raises(CellRefused) as refusal:
        read_decimal(text, decimal_mark=mark)

    assert refusal.value.code == code


@pytest.mark.rule("attack 60")
@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_every_script_reads_the_same_number(value: Decimal) -> None:
    plain = format(value, "f")
    arabic = plain.translate({ord(str(digit)): letter for digit, letter in enumerate(ARABIC)}).replace(
        ".", "\u066b"
    )
    french = plain.replace(".", ",")

    assert read_decimal(plain) == value
    assert read_decimal(arabic) == value
    assert read_decimal(french, decimal_mark=",") == value


@pytest.mark.rule("attack 56", "attack 60")
@pytest.mark.parametrize(
    "text",
    [
        *("2024-02-29", "29/02/2024", "29.2.2024", " \u0662\u0669/\u0660\u0662/\u0662\u0660\u0662\u0664 "),
        *("2024-02-29T00:00", "2024-02-29 00:00:00", "2024-02-29T00:00:00.000"),
    ],
)
def test_reads_a_day(text: str) -> None:
    assert read_date(text) == dt.date(2024, 2, 29)


@pytest.mark.rule("attack 56")
@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29",
        "31/04/2024",
        "02/13/2024",
        "1/2/24",
        "2024-2-9",
        "0000-01-01",
        "20240229",
        "yesterday",
        "2024-02-29T13:05:00",
        "2024-02-29 00:00:01",
        "2024-02-29T00:00:00+01:00",
        "29/02/2024 00:00",
        "",
    ],
)
def test_refuses_a_day_that_is_none(text: str) -> None:
    with pytest.raises(CellRefused) as refusal:
        read_date(text)

    assert refusal.value.code == "tabular.not_a_date"


def test_leaves_letters_of_a_code_alone() -> None:
    assert ascii_digits("CM-\u0660\u0667") == "CM-07"
