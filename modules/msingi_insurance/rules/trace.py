"""Why a result is what it is: the ordered steps of a decision, kept as data and written out when somebody asks (INS-A4)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from msingi_insurance.rules.sayings import SAYINGS

TraceValue: TypeAlias = Decimal | int | str | date
Translate: TypeAlias = Callable[[str], str]
"""From an English template to the template in the reader's language."""


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


def render(steps: Iterable[Step], translate: Translate, *, language: str) -> list[str]:
    """Write each step as one sentence, numbers and dates as the language writes them."""
    return [_sentence(taken, translate, language) for taken in steps]


def _sentence(taken: Step, translate: Translate, language: str) -> str:
    values = {name: _written(value, language) for name, value in taken.values.items()}
    return f"{translate(SAYINGS[taken.saying]).format(**values)} [{taken.rule}]"


def _written(value: TraceValue, language: str) -> str:
    from babel.dates import format_date
    from babel.numbers import format_decimal

    if isinstance(value, date):
        return format_date(value, "medium", locale=language)
    if isinstance(value, Decimal):
        return format_decimal(value, locale=language, decimal_quantization=False)
    return str(value)
