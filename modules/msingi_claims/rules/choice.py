"""Which policy pays a line: the one that leaves the patient least to pay, of those that accept it (ADJ-1, D-10)."""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from msingi_claims.rules.codes import NUMBER_REASONS, Reason, StepKind, Verdict
from msingi_claims.rules.compiled import AgeCoverage, Limit
from msingi_claims.rules.decisions import Step
from msingi_claims.rules.price import base_price
from msingi_claims.rules.situation import Situation, Standing
from msingi_claims.rules.values import LineInput
from msingi_insurance import LimitationType

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


class Candidate(NamedTuple):
    """A policy whose product lists a line for the visit type and the age."""

    standing: Standing
    coverage: AgeCoverage
    limit: Limit


class Choice(NamedTuple):
    """The candidate that is to pay a line; where none accepts it, the best-ranked one with what it objects."""

    candidate: Candidate
    objection: Step | None = None
    has_rivals: bool = False
    """Whether other candidates do not accept the line either."""

    def refusal(self) -> list[Step]:
        """What the best-ranked candidate objects, and which one that is where there are several."""
        return [] if self.objection is None else [*self.first(), self.objection]

    def first(self) -> list[Step]:
        """Which candidate comes first of several that do not accept the line."""
        return [self._named(StepKind.FIRST_PRODUCT)] if self.has_rivals else []

    def steps(self, line: LineInput) -> list[Step]:
        """How the choice is told; a reviewer may pass a line that none accepts, but no quantity beyond what is left."""
        if self.objection is None:
            return [*passed_despite(line), self.candidate.standing.chosen]
        passed = self._named(StepKind.PASSED_BY_REVIEWER)
        if self.objection.reason is Reason.QUANTITY_LIMIT:
            return [*passed_despite(line), passed]
        return [*passed_despite(line, told=self.objection.reason), *self.refusal(), passed]

    def _named(self, kind: StepKind) -> Step:
        return Step(kind, word=self.candidate.standing.product.code)


def choose_product(situation: Situation, line: LineInput) -> Choice | None:
    """The first candidate that accepts; without one the best-ranked and its objection; None without candidates."""
    best = None
    candidates = rank(situation, line)
    for candidate in candidates:
        objecting = objection(situation, line, candidate)
        if objecting is None:
            return Choice(candidate)
        if best is None:
            best = Choice(candidate, objecting, has_rivals=len(candidates) > 1)
    return best


def passed_despite(line: LineInput, *, told: Reason = Reason.ACCEPTED) -> list[Step]:
    """Which code of the submission a reviewer passed over, unless it is told already (CLM-5)."""
    review, outcome = line.review, line.outcome
    if review is None or review.verdict is not Verdict.PASS or outcome is None:
        return []
    if outcome.reason in (Reason.ACCEPTED, told):
        return []
    return [Step(StepKind.PASSED_DESPITE, reason=outcome.reason)]


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


def objection(situation: Situation, line: LineInput, candidate: Candidate) -> Step | None:
    """Why a candidate does not accept a line, with the limit and what is used of it; None when it accepts.

    It asks for the waiting period, the quantity left and the number of claims, in this order.
    """
    ends = _end_of_waiting(situation, candidate)
    if ends is not None and situation.day < ends:
        return Step(StepKind.WAITING_PERIOD, word=ends.isoformat(), reason=Reason.WAITING_PERIOD)
    most = candidate.coverage.max_quantity
    if most is not None and (used := candidate.standing.used_quantity(line.key)) >= most:
        return Step(StepKind.QUANTITY_LIMIT, line.quantity, ZERO, most, used, reason=Reason.QUANTITY_LIMIT)
    return _number_reached(situation, candidate.standing)


def _end_of_waiting(situation: Situation, candidate: Candidate) -> date | None:
    """The first day after a waiting period: of new policies, and of those added after a policy took effect (check 17)."""
    months, policy = candidate.coverage.waiting_months, candidate.standing.policy
    if not months or policy.cover_from is None:
        return None
    was_added = policy.effective_date is not None and policy.cover_from > policy.effective_date
    if not (policy.is_new or was_added):
        return None
    return situation.settings.calendar.add_months(policy.cover_from, months)


def _number_reached(situation: Situation, standing: Standing) -> Step | None:
    """Tells when the insuree has as many claims of the category as the product allows; 0 allows none (D-39)."""
    most, policy = standing.product.max_number.get(situation.category), standing.policy
    if most is None or policy.cover_from is None or policy.cover_to is None:
        return None
    first, last = policy.cover_from, policy.cover_to
    count = situation.past.claims_in(situation.category, besides=situation.claim.id, first=first, last=last)
    if count < most:
        return None
    reason = NUMBER_REASONS[situation.category]
    return Step(StepKind.NUMBER_LIMIT, limit=Decimal(most), used=Decimal(count), reason=reason)
