"""What a paid line uses up of its policy, as entries for the consumption ledger (ADJ-5)."""

from collections.abc import Iterator
from typing import Final

from msingi_claims.rules.amounts import Valuation
from msingi_claims.rules.codes import ConsumptionKind
from msingi_claims.rules.decisions import Consumption, LineDecision
from msingi_claims.rules.situation import Situation

# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_DEDUCTED: Final = ConsumptionKind.DEDUCTED
_REMUNERATED: Final = ConsumptionKind.REMUNERATED
_CATEGORY: Final = ConsumptionKind.CATEGORY
_QUANTITY: Final = ConsumptionKind.QUANTITY


def consumption_of(
    situation: Situation, valuation: Valuation, decision: LineDecision, *, position: int
) -> Iterator[Consumption]:
    """Entries of a line that passed: only what its product counts, and nothing that is zero.

    What is paid is always noted, unless the line is outside the ceiling (PRD-10).
    """
    standing, insuree = valuation.standing, situation.claim.patient.id
    policy, hospital, paid = standing.policy.id, standing.hospital, decision.remunerated
    if decision.deductible:
        yield Consumption(_DEDUCTED, policy, insuree, hospital, decision.deductible, position)
    if paid and valuation.counts_for_ceiling:
        yield Consumption(_REMUNERATED, policy, insuree, hospital, paid, position)
    if paid and standing.category_limit is not None:
        yield Consumption(_CATEGORY, policy, insuree, hospital, paid, position, situation.category)
    if decision.quantity and valuation.candidate.coverage.counts_quantity:
        yield Consumption(
            _QUANTITY, policy, insuree, hospital, decision.quantity, position, None, decision.key
        )
