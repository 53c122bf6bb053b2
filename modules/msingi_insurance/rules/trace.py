"""Why a result is what it is: the ordered steps of a decision, kept as data and written out when somebody asks (INS-A4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeAlias

from msingi_insurance.rules.sayings import COUNTED, SAYINGS, SHARES, TERM_NAMES

TraceValue: TypeAlias = Decimal | int | str | date | tuple[str, ...]
"""A tuple names terms of a product."""


class Wording(Protocol):
    """The catalogues: from English texts to the reader's language."""

    def get(self, text: str, language: str) -> str:
        """The text in a language."""
        ...

    def count(self, one: str, many: str, number: int, language: str) -> str:
        """The text for one or for many, by the rule of the language."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a decision: the rule behind it, the key of its sentence, and what fills the sentence."""

    rule: str
    saying: str
    values: Mapping[str, TraceValue] = field(default_factory=dict)


Trace: TypeAlias = tuple[Step, ...]


def step(rule: str, saying: str, /, **values: TraceValue) -> Step:
    """Make a step; ``saying`` is a key of ``SAYINGS``."""
    return Step(rule, saying, values)


def render(steps: Iterable[Step], wording: Wording, *, language: str, currency: str) -> list[str]:
    """Write each step as one sentence: amounts with their currency, dates and plurals as the language writes them."""
    return [_sentence(taken, wording, language, currency) for taken in steps]


def _sentence(taken: Step, wording: Wording, language: str, currency: str) -> str:
    values = {
        name: _written(name, value, wording, language, currency) for name, value in taken.values.items()
    }
    return f"{wording.get(SAYINGS[taken.saying], language).format(**values)} [{taken.rule}]"


def _written(name: str, value: TraceValue, wording: Wording, language: str, currency: str) -> str:
    from babel.numbers import format_decimal

    from msingi.written import written_amount, written_day

    if isinstance(value, tuple):
        return ", ".join(wording.get(TERM_NAMES[term], language) for term in value)
    if isinstance(value, date):
        return written_day(value, language, "medium")
    if isinstance(value, Decimal):
        if name not in SHARES:
            return written_amount(value, language, currency)
        return format_decimal(value, locale=language, decimal_quantization=False)
    if isinstance(value, int) and name in COUNTED:
        return wording.count(*COUNTED[name], value, language).format(number=value)
    return str(value)
