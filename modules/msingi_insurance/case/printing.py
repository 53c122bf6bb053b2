"""A quote on the screen: lines for people, one JSON value for programs, sentences that explain it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from msingi.cases import OTHER_VALUE
from msingi.i18n import Texts
from msingi_insurance.case.judging import Difference
from msingi_insurance.case.reading import sayings
from msingi_insurance.rules.premium import Quote
from msingi_insurance.rules.trace import render

LANGUAGES: Final = ("fr", "en")
LABELS: Final = (
    "Value",
    "Contribution",
    "General assembly",
    "Registration",
    "Discount",
    "Cover starts",
    "Cover ends",
    "To be paid by",
    "Covered",
    "Not covered",
)


_TEXTS: Final = Texts([Path(__file__).parents[1] / "locale"], LANGUAGES)
"""The texts of insurance, without a platform."""


def translator(language: str) -> Callable[[str], str]:
    """From the English texts of insurance to this language."""
    return partial(_TEXTS.get, language=language)


def as_lines(quoted: Quote, currency: str, language: str) -> Iterator[str]:
    """The quote as lines of label and value."""
    say, parts, period = translator(language), quoted.parts, quoted.period
    values: tuple[Decimal | date | Sequence[str], ...] = (
        quoted.value,
        parts.contribution,
        parts.general_assembly,
        parts.registration,
        parts.discount,
        period.start,
        period.expiry,
        period.last_payment,
        quoted.covered,
        quoted.dropped,
    )
    labels = [say(label) for label in LABELS]
    width = max(map(len, labels))
    for label, value in zip(labels, values, strict=True):
        yield f"{label:<{width}}  {_shown(value, currency)}"


def as_sentences(quoted: Quote, currency: str, language: str) -> list[str]:
    """Why the quote is what it is (INS-A4)."""
    return render(quoted.steps, _TEXTS, language=language, currency=currency)


def as_value(quoted: Quote, currency: str, language: str) -> dict[str, object]:
    """The quote as one JSON value; amounts are texts, so that no reader rounds them."""
    sentences = as_sentences(quoted, currency, language)
    return {
        "value": plain(quoted.value),
        "currency": currency,
        "parts": {
            "contribution": plain(quoted.parts.contribution),
            "general_assembly": plain(quoted.parts.general_assembly),
            "registration": plain(quoted.parts.registration),
            "discount": plain(quoted.parts.discount),
        },
        "from_plan": quoted.from_plan,
        "start": quoted.period.start.isoformat(),
        "expiry": quoted.period.expiry.isoformat(),
        "last_payment": quoted.period.last_payment.isoformat(),
        "covered": list(quoted.covered),
        "dropped": list(quoted.dropped),
        "members": [
            {"id": m.id, "kind": m.kind.value, "covered": m.covered, "in_lump_sum": m.in_lump_sum}
            for m in quoted.members
        ],
        "warnings": [warning.value for warning in quoted.warnings],
        "steps": [
            {"rule": taken.rule, "saying": taken.saying, "text": sentence}
            for taken, sentence in zip(quoted.steps, sentences, strict=True)
        ],
    }


def as_difference(difference: Difference, language: str) -> str:
    """One line for a value that is not the expected one."""
    said = sayings(language)(OTHER_VALUE)
    return f"{difference.place}: {said.format(expected=_bare(difference.expected), found=_bare(difference.found))}"


def plain(amount: Decimal) -> str:
    """An amount in digits, without exponent and without zeros that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(value: Decimal | date | Sequence[str], currency: str) -> str:
    if isinstance(value, Decimal):
        return f"{plain(value)} {currency}"
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(value) or "-"


def _bare(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value)
