"""Days and amounts in sentences: as readers of each language write them, nothing rounded away."""

from datetime import date
from decimal import Decimal

import pytest

from msingi.written import DayForm, written_amount, written_day, written_number


@pytest.mark.parametrize(
    ("day", "language", "form", "written"),
    [
        (date(2026, 10, 1), "fr", "long", "1er octobre 2026"),
        (date(2026, 10, 1), "fr", "medium", "1er oct. 2026"),
        (date(2026, 10, 2), "fr", "long", "2 octobre 2026"),
        (date(2026, 10, 11), "fr", "long", "11 octobre 2026"),
        (date(2026, 10, 1), "en", "long", "October 1, 2026"),
        (date(2026, 10, 1), "en", "medium", "Oct 1, 2026"),
        (date(2026, 10, 1), "sw", "long", "1 Oktoba 2026"),
    ],
)
def test_a_day_is_written_as_its_readers_do(day: date, language: str, form: DayForm, written: str) -> None:
    assert written_day(day, language, form) == written


@pytest.mark.parametrize(
    ("amount", "language", "currency", "written"),
    [
        ("18900", "fr", "XAF", "18\N{NARROW NO-BREAK SPACE}900 XAF"),
        ("18900", "en", "TZS", "18,900.00 TZS"),
        ("0.5", "fr", "XAF", "0,5 XAF"),
        ("0.025", "en", "TZS", "0.025 TZS"),
        ("0", "en", "BIF", "0 BIF"),
    ],
)
def test_an_amount_names_its_currency_and_keeps_its_decimals(
    amount: str, language: str, currency: str, written: str
) -> None:
    assert written_amount(Decimal(amount), language, currency) == written


@pytest.mark.parametrize(
    ("number", "language", "decimals", "written"),
    [
        ("1000.00", "fr", 2, "1\N{NARROW NO-BREAK SPACE}000,00"),
        ("1000", "en", 2, "1,000.00"),
        ("0", "fr", 2, "0,00"),
        ("0.025", "fr", 2, "0,025"),
        ("1.5", "fr", 0, "1,5"),
        ("2.0", "en", 0, "2"),
    ],
)
def test_a_number_in_a_table_has_the_decimals_of_its_column(
    number: str, language: str, decimals: int, written: str
) -> None:
    assert written_number(Decimal(number), language, decimals) == written
