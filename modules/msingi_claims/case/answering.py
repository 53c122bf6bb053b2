"""The answer to a case as plain values of a stable shape: every amount as text, explanations in both languages."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from pydantic import JsonValue

from msingi.i18n import Texts
from msingi.money import exponent_of
from msingi_claims.rules.adjudicate import EXACT, RULES_VERSION
from msingi_claims.rules.codes import STATUS_NUMBERS, Reason
from msingi_claims.rules.decisions import ADJUSTMENTS, ClaimDecision, Consumption, LineDecision
from msingi_claims.rules.explain import explain, reason_text
from msingi_claims.rules.values import ClaimInput, LineInput

LANGUAGES: Final = ("fr", "en")
Answer: TypeAlias = dict[str, JsonValue]
_Explain: TypeAlias = Callable[[LineDecision], JsonValue]
_Money: TypeAlias = Callable[[Decimal | None], str | None]
_SUMS: Final[Mapping[str, str]] = {
    "valued": "valued",
    "refused": "refused",
    "deductible": "deductible",
    "patient_share": "patient_share",
    "exceeded_category_amount": "excess_category",
    "exceeded_ceiling": "excess_ceiling",
    "approved": "remunerated",
}


def answer_of(claim: ClaimInput, decision: ClaimDecision, *, currency: str) -> Answer:
    """The whole decision as JSON values; amounts are texts, so that no reader makes floats of them.

    Amounts carry the decimals of the currency, or more where a price has more; sums are exact, however large.
    """
    with localcontext(EXACT):
        return _answer_of(claim, decision, currency)


def _answer_of(claim: ClaimInput, decision: ClaimDecision, currency: str) -> Answer:
    unit = Decimal((0, (1,), -exponent_of(currency)))

    def money(value: Decimal | None) -> str | None:
        if value is None:
            return None
        settled = value.quantize(unit)
        return _written(settled if settled == value else value)

    def in_both(line: LineDecision) -> JsonValue:
        return {language: list(sentences(line, language, currency)) for language in LANGUAGES}

    return {
        "rules_version": RULES_VERSION,
        "claim": str(claim.id),
        "target_date": _day(claim.target_date),
        "currency": currency,
        "status": decision.status.value,
        "status_number": STATUS_NUMBERS[decision.status],
        "rejection_reason": int(decision.reason),
        "reasons": [int(reason) for reason in decision.reasons],
        "category": decision.category.value,
        "has_duplicate": decision.has_duplicate,
        "claimed": money(sum((line.quantity * line.price_asked for line in claim.lines), Decimal(0))),
        **_totals(decision, money),
        "lines": [
            _line(given, decided, money, in_both)
            for given, decided in zip(claim.lines, decision.lines, strict=True)
        ],
        "consumption": [_entry(entry) for entry in decision.consumption],
    }


def sentences(line: LineDecision, language: str, currency: str) -> list[str]:
    """The explanation of a line in one language."""
    return explain(line, translator(language), language=language, currency=currency)


def translator(language: str) -> Callable[[str], str]:
    """Gives the sentences of this module in a language."""
    texts = _texts()
    return lambda text: texts.get(text, language)


def reason_in(reason: Reason, language: str) -> str:
    """What the rejection code of a claim means."""
    return reason_text(reason, translator(language), of_claim=True)


@lru_cache(maxsize=1)
def _texts() -> Texts:
    return Texts([Path(__file__).parents[1] / "locale"], LANGUAGES)


def _totals(decision: ClaimDecision, money: _Money) -> Answer:
    sums: Answer = {
        name: money(sum((getattr(line, field) for line in decision.lines), Decimal(0)))
        for name, field in _SUMS.items()
    }
    return {**sums, "remunerated": money(decision.remunerated)}


def _line(given: LineInput, decided: LineDecision, money: _Money, in_both: _Explain) -> Answer:
    return {
        "kind": decided.kind.value,
        "code": decided.code,
        "status": decided.status.value,
        "reason": int(decided.reason),
        "product": decided.product,
        "policy": None if decided.policy is None else str(decided.policy),
        "limitation": None if decided.limit is None else decided.limit.type.value,
        "limitation_value": None if decided.limit is None else _text(decided.limit.value),
        "price_origin": None if decided.origin is None else decided.origin.value,
        "quantity_provided": _written(decided.quantity_provided),
        "quantity_accepted": _written(decided.quantity),
        "refused_parts": [
            {"quantity": _written(part.quantity), "reason": int(part.reason)}
            for part in decided.refused_parts
        ],
        "price_asked": money(given.price_asked),
        "price_adjusted": money(decided.price),
        "valued": money(decided.valued),
        "refused": money(decided.refused),
        "deductible": money(decided.deductible),
        "patient_share": money(decided.patient_share),
        "exceeded_category_amount": money(decided.excess_category),
        "exceeded_ceiling": money(decided.excess_ceiling),
        "nominal": money(decided.nominal),
        "valuated": money(decided.valuated),
        "remunerated": money(decided.remunerated),
        "adjustments": [
            {
                "kind": ADJUSTMENTS[step.kind],
                "before": _written(step.before),
                "after": _written(step.after),
                "rule": step.rule,
            }
            for step in decided.adjustments
        ],
        "explanation": in_both(decided),
    }


def _entry(entry: Consumption) -> Answer:
    return {
        "kind": entry.kind.value,
        "policy": str(entry.policy),
        "insuree": str(entry.insuree),
        "line": entry.line,
        "hospital": entry.hospital,
        "amount": _written(entry.amount),
        "category": None if entry.category is None else entry.category.value,
        "code": None if entry.key is None else entry.key[1],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(value: Decimal | None) -> str | None:
    return None if value is None else _written(value)


def _written(value: Decimal) -> str:
    """All digits, never an exponent."""
    return format(value, "f")
