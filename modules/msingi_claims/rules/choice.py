"""Which policy pays a line: the one that leaves the patient least to pay, of those that accept it (ADJ-1, D-10)."""

from decimal import Decimal
from typing import Final, NamedTuple

from msingi_claims.rules.codes import NUMBER_REASONS, Reason
from msingi_claims.rules.compiled import AgeCoverage, Limit
from msingi_claims.rules.price import base_price
from msingi_claims.rules.situation import Situation, Standing
from msingi_claims.rules.values import LineInput
from msingi_insurance import LimitationType

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_ACCEPTED: Final = Reason.ACCEPTED
_NO_PRODUCT: Final = Reason.NO_COVERING_PRODUCT


class Candidate(NamedTuple):
    """A policy whose product lists a line for the visit type and the age."""

    standing: Standing
    coverage: AgeCoverage
    limit: Limit


def choose_product(situation: Situation, line: LineInput) -> tuple[Candidate | None, Reason]:
    """The first candidate that accepts; without one, None and the reason of the best of those that refuse."""
    candidates = rank(situation, line)
    first = _NO_PRODUCT
    for position, candidate in enumerate(candidates):
        reason = objection(situation, line, candidate)
        if reason is _ACCEPTED:
            return candidate, reason
        if position == 0:
            first = reason
    return None, first


def rank(situation: Situation, line: LineInput) -> list[Candidate]:
    """The candidates of a line, the one that leaves least to pay first; then by effective date and id of the policy."""
    candidates = [
        candidate
        for standing in situation.standings
        if standing.is_paying and (candidate := candidate_of(situation, line, standing)) is not None
    ]
    if len(candidates) > 1:
        candidates.sort(key=lambda candidate: left_to_pay(line, candidate))
    return candidates


def candidate_of(situation: Situation, line: LineInput, standing: Standing) -> Candidate | None:
    """How a policy would pay a line; None when its product does not list the line for visit type and age."""
    coverage = standing.product.covering(line.key, adult=situation.adult)
    limit = None if coverage is None else coverage.limits.get(situation.claim.visit_type)
    return None if coverage is None or limit is None else Candidate(standing, coverage, limit)


def left_to_pay(line: LineInput, candidate: Candidate) -> Decimal:
    """What the patient would be left to pay of one, before deductible and ceilings (ADJ-1)."""
    price = base_price(line, candidate.coverage.origin, candidate.standing.product).amount
    kind, value = candidate.limit
    if value is None:
        return ZERO
    if kind is LimitationType.FIXED:
        return max(ZERO, price - value)
    return (HUNDRED - value) * price / HUNDRED


def objection(situation: Situation, line: LineInput, candidate: Candidate) -> Reason:
    """Why a candidate does not accept a line: waiting period, quantity, number of claims; or accepted."""
    if _is_waiting(situation, candidate):
        return Reason.WAITING_PERIOD
    most = candidate.coverage.max_quantity
    if most is not None and candidate.standing.used_quantity(line.key) >= most:
        return Reason.QUANTITY_LIMIT
    if _has_reached_number(situation, candidate.standing):
        return NUMBER_REASONS[situation.category]
    return _ACCEPTED


def _is_waiting(situation: Situation, candidate: Candidate) -> bool:
    """A waiting period runs for new policies, and for those added after a policy took effect (check 17)."""
    months, policy = candidate.coverage.waiting_months, candidate.standing.policy
    if not months or policy.cover_from is None:
        return False
    was_added = policy.effective_date is not None and policy.cover_from > policy.effective_date
    if not (policy.is_new or was_added):
        return False
    return situation.day < situation.settings.calendar.add_months(policy.cover_from, months)


def _has_reached_number(situation: Situation, standing: Standing) -> bool:
    """Whether the insuree has as many claims of the category as the product allows; 0 allows none (D-39)."""
    most, policy = standing.product.max_number.get(situation.category), standing.policy
    if most is None or policy.cover_from is None or policy.cover_to is None:
        return False
    first, last = policy.cover_from, policy.cover_to
    return situation.past.claims_in(situation.category, first=first, last=last) >= most
