"""A quote on the screen: lines for people, one JSON value for programs, sentences that explain it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from msingi.cases import OTHER_VALUE
from msingi.i18n import Texts
from msingi_insurance.case.judging import Difference
from msingi_insurance.case.living import PolicyLife
from msingi_insurance.case.reading import sayings
from msingi_insurance.rules.premium import Quote
from msingi_insurance.rules.trace import Step, render

LANGUAGES: Final = ("fr", "en")
_Shown: TypeAlias = Decimal | date | str | Sequence[str]
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
LIFE_LABELS: Final = ("Status", "In effect from", "Paid", "Left to pay", "Credit of the family")


_TEXTS: Final = Texts([Path(__file__).parents[1] / "locale"], LANGUAGES)
"""The texts of insurance, without a platform."""


def translator(language: str) -> Callable[[str], str]:
    """From the English texts of insurance to this language."""
    return partial(_TEXTS.get, language=language)


def as_lines(quoted: Quote, currency: str, language: str) -> Iterator[str]:
    """The quote as lines of label and value."""
    parts, period = quoted.parts, quoted.period
    values = (
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
    yield from _labelled(LABELS, values, currency, language)


def life_lines(life: PolicyLife, currency: str, language: str) -> Iterator[str]:
    """Where the policy stands, as lines of label and value."""
    say = translator(language)
    values = (say(life.status.value), life.effective or (), life.paid, life.missing, life.excess)
    yield from _labelled(LIFE_LABELS, values, currency, language)


def as_sentences(steps: Sequence[Step], currency: str, language: str) -> list[str]:
    """Why the quote is what it is, and the policy where it is (INS-A4)."""
    return render(steps, _TEXTS, language=language, currency=currency)


def as_value(quoted: Quote, life: PolicyLife, currency: str, language: str) -> dict[str, object]:
    """The quote and what became of the policy as one JSON value; amounts are texts, so that no reader rounds them."""
    steps = (*quoted.steps, *life.steps)
    sentences = as_sentences(steps, currency, language)
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
        "policy": {
            "status": life.status.value,
            "effective": None if life.effective is None else life.effective.isoformat(),
            "paid": plain(life.paid),
            "missing": plain(life.missing),
            "excess": plain(life.excess),
        },
        "steps": [
            {"rule": taken.rule, "saying": taken.saying, "text": sentence}
            for taken, sentence in zip(steps, sentences, strict=True)
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


def _labelled(labels: Sequence[str], values: Sequence[_Shown], currency: str, language: str) -> Iterator[str]:
    said = [translator(language)(label) for label in labels]
    width = max(map(len, said))
    for label, value in zip(said, values, strict=True):
        yield f"{label:<{width}}  {_shown(value, currency)}"


def _shown(value: _Shown, currency: str) -> str:
    if isinstance(value, str):
        return value
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
