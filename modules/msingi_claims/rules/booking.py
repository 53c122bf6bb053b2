"""What a paid line uses up of its policy, as entries for the consumption ledger (ADJ-5)."""

from collections.abc import Iterator

from msingi_claims.rules.amounts import Valuation
from msingi_claims.rules.codes import ConsumptionKind
from msingi_claims.rules.decisions import Consumption, LineDecision


def consumption_of(valuation: Valuation, decision: LineDecision, *, position: int) -> Iterator[Consumption]:
    """Entries of a line that passed: only what its product counts, and nothing that is zero.

    What is paid is always noted, unless the line is outside the ceiling (PRD-10).
    """
    situation, policy = valuation.situation, valuation.candidate.policy
    hospital, insuree = situation.is_hospital(policy), situation.claim.patient.id
    if decision.deductible:
        kind = ConsumptionKind.DEDUCTED
        yield Consumption(kind, policy.id, insuree, hospital, decision.deductible, position)
    if decision.remunerated and valuation.counts_for_ceiling:
        kind = ConsumptionKind.REMUNERATED
        yield Consumption(kind, policy.id, insuree, hospital, decision.remunerated, position)
    if decision.remunerated and situation.category in policy.product.max_amount:
        kind, category = ConsumptionKind.CATEGORY, situation.category
        yield Consumption(kind, policy.id, insuree, hospital, decision.remunerated, position, category)
    if decision.quantity and policy.product.limits_quantity(decision.key):
        kind, key = ConsumptionKind.QUANTITY, decision.key
        yield Consumption(kind, policy.id, insuree, hospital, decision.quantity, position, None, key)
