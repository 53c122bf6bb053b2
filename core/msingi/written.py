"""Days and amounts as sentences write them in the reader's language."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from msingi.money import exponent_of

DayForm: TypeAlias = Literal["medium", "long"]
"""With the name of the month cut short, or in full."""
_FIRST_OF_THE_MONTH: Final = {"fr": ("1 ", "1er ")}
"""How a written day begins on the first of a month, and how the language writes it; others write the bare number."""


def written_day(day: date, language: str, form: DayForm = "long") -> str:
    """A day with its month as a word, such as ``1er octobre 2026``."""
    written = format_date(day, form, locale=language)
    bare, own = _FIRST_OF_THE_MONTH.get(language, ("", ""))
    return own + written.removeprefix(bare) if day.day == 1 and bare else written


def written_amount(amount: Decimal, language: str, currency: str) -> str:
    """An amount with the code of its currency and all its decimals, at least those of the currency."""
    digits = exponent_of(currency)
    pattern = f"#,##0{'.' + '0' * digits if digits else ''} ¤¤"
    written: str = format_currency(
        amount, currency, pattern, locale=language, currency_digits=False, decimal_quantization=False
    )
    return written


def written_number(number: Decimal, language: str, decimals: int = 0) -> str:
    """A number with all its decimals, at least so many, as columns of a table hold it beside its currency."""
    pattern = f"#,##0{'.' + '0' * decimals if decimals else ''}"
    written: str = format_decimal(number, pattern, locale=language, decimal_quantization=False)
    return written
