"""Why a line is paid as it is: its steps as sentences in the reader's language, each with its rule (ADJ-9)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from babel.numbers import format_decimal

from msingi.written import written_amount, written_day
from msingi_claims.rules.codes import LineStatus, Reason, StepKind
from msingi_claims.rules.decisions import LineDecision, Step
from msingi_claims.rules.sayings import (
    ALL_LINES_REFUSED,
    APPROVED_AS_ASKED,
    CAPPED_GROWTH,
    LEFT,
    LEFT_ABOVE_FIXED,
    LESS_BEFORE,
    MAXIMUM_ONLY,
    NOTHING_LEFT,
    PRICES,
    REASONS,
    REFUSED_PART,
    ROUNDED_LIMITS,
    SAME_PRICES,
    STEPS,
)

Translate: TypeAlias = Callable[[str], str]
"""Gives a sentence of the catalogues in the language that is wanted."""

ZERO: Final = Decimal(0)
_COUNTED: Final = frozenset(
    {
        *(StepKind.REVIEWER_QUANTITY, StepKind.QUANTITY_LIMIT, StepKind.CONSENT_QUANTITY),
        *(StepKind.NUMBER_LIMIT, StepKind.REFUSED),
    }
)
"""Steps about quantities."""
_QUANTITY_LIMITS: Final = frozenset({StepKind.QUANTITY_LIMIT, StepKind.CONSENT_QUANTITY})
_PLAIN_LIMIT: Final = frozenset({StepKind.COINSURANCE, StepKind.SAMPLE, StepKind.RELATIVE_INDEX})
"""Steps about amounts whose limit is a percentage or an index."""
_WAITING: Final = StepKind.WAITING_PERIOD


def explain(line: LineDecision, translate: Translate, *, language: str, currency: str) -> list[str]:
    """Each step as a sentence that ends with the id of its rule, what is refused, and what is left to the patient.

    The last two are parts of the value of the line (ADJ-10, TZA-20). Amounts are written as the reader's
    language does.
    """
    told = [
        f"{sentence} ({step.rule})"
        for step in line.steps
        for sentence in _sentences(line, step, translate, language, currency)
    ]
    if line.status is LineStatus.PASSED:
        if line.refused:
            refused = written_amount(line.refused, language, currency)
            told.append(f"{translate(REFUSED_PART).format(refused=refused)} (ADJ-10)")
        told.append(f"{_left(line, translate, language, currency)} (ADJ-10)")
    return told


def reason_text(reason: Reason, translate: Translate, *, of_claim: bool = False) -> str:
    """What a code means; code 1 of a claim is that all its lines are refused."""
    if of_claim and reason is Reason.ALL_LINES_REFUSED:
        return translate(ALL_LINES_REFUSED)
    return translate(REASONS[reason])


def _sentences(
    line: LineDecision, step: Step, translate: Translate, language: str, currency: str
) -> Iterator[str]:
    """None for a decision that changed nothing; two for a refusal by a limit that did not find what was provided."""
    if step.kind is StepKind.REVIEWER_QUANTITY and step.before == step.after:
        return
    if step.kind in _QUANTITY_LIMITS and not line.has_passed and step.before != line.quantity_provided:
        amounts = {"before": step.before, "provided": line.quantity_provided}
        written = {name: _number(amount, language) for name, amount in amounts.items()}
        yield translate(LESS_BEFORE).format(**written)
    yield _sentence(step, translate, language, currency)


def _sentence(step: Step, translate: Translate, language: str, currency: str) -> str:
    def money(value: Decimal | None) -> str:
        return "" if value is None else written_amount(value, language, currency)

    def plain(value: Decimal | None) -> str:
        return "" if value is None else _number(value, language)

    amount = plain if step.kind in _COUNTED else money
    return translate(_template(step)).format(
        before=plain(step.before) if step.kind is StepKind.VALUE else amount(step.before),
        after=amount(step.after),
        limit=plain(step.limit) if step.kind in _PLAIN_LIMIT else amount(step.limit),
        used=amount(step.used),
        word=step.word,
        day=written_day(date.fromisoformat(step.word), language) if step.kind is _WAITING else "",
        code=int(step.reason),
        reason=reason_text(step.reason, translate),
    )


def _template(step: Step) -> str:
    """The sentence of a step; a price is told by what made it (list, register, or what was asked), a growth by its maximum."""
    match step.kind:
        case StepKind.PRICE:
            return (SAME_PRICES if step.before == step.after else PRICES)[step.word]
        case StepKind.REVIEWER_PRICE if step.before == step.after:
            return APPROVED_AS_ASKED
        case StepKind.CEILING_GROWTH if step.limit is not None:
            return CAPPED_GROWTH if step.used else MAXIMUM_ONLY
        case kind:
            return ROUNDED_LIMITS[kind] if kind in ROUNDED_LIMITS and _is_rounded(step) else STEPS[kind]


def _is_rounded(limited: Step) -> bool:
    """Whether a limit took or left less than it could: it does so in whole units (D-38, INS-A1)."""
    left = (limited.limit or ZERO) - (limited.used or ZERO)
    if limited.kind is StepKind.DEDUCTIBLE:
        return limited.after > 0 and limited.before - limited.after < left
    return limited.after < min(limited.before, left)


def _number(value: Decimal, language: str) -> str:
    return format_decimal(value, locale=language, decimal_quantization=False)


def _left(line: LineDecision, translate: Translate, language: str, currency: str) -> str:
    excess = line.excess_ceiling + line.excess_category
    left = line.deductible + line.patient_share + excess
    amounts = {"left": left, "deductible": line.deductible, "share": line.patient_share, "excess": excess}
    written = {name: written_amount(amount, language, currency) for name, amount in amounts.items()}
    is_cut = any(step.kind is StepKind.FIXED_LIMIT and step.after < step.before for step in line.steps)
    return (
        translate(LEFT_ABOVE_FIXED if is_cut else LEFT).format(**written) if left else translate(NOTHING_LEFT)
    )
