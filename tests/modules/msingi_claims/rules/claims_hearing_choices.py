"""Whether sentences about products, refusals and quantities are true."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from tests.modules.msingi_claims.rules.claims_hearing import Check, Hearing, Values
from tests.modules.msingi_claims.rules.claims_truth import Candidate, end_of_waiting

from msingi_claims.rules.codes import NUMBER_REASONS, Reason, Stage, StepKind
from msingi_claims.rules.sayings import LESS_BEFORE, REASONS, STEPS
from msingi_claims.rules.values import PolicyInput

ZERO: Final = Decimal(0)


def _product(self: Hearing, text: str, told: Values) -> None:
    line = self.line
    self.named = line.policy_of(told["word"])
    assert line.decided.product == told["word"]
    assert line.decided.policy == self.named.id
    outcome = line.given.outcome
    kept = line.case.stage is not Stage.SUBMIT and outcome is not None and outcome.policy is not None
    if kept:
        assert text == STEPS[StepKind.PRODUCT]
        assert outcome is not None
        assert outcome.policy == self.named.id
        _is_least([one for one in line.at_submission() if one.accepts], self.named)
        return
    candidates = line.candidates()
    accepting = [one for one in candidates if one.accepts]
    if text == STEPS[StepKind.PRODUCT]:
        _is_least(accepting, self.named)
        return
    assert line.is_passed_by_reviewer
    assert not accepting
    _is_least(candidates, self.named)


def _first(self: Hearing, text: str, told: Values) -> None:
    candidates = self.line.candidates()
    self.named = self.line.policy_of(told["word"])
    assert len(candidates) > 1
    assert not any(one.accepts for one in candidates)
    _is_least(candidates, self.named)


def _is_least(candidates: Sequence[Candidate], policy: PolicyInput) -> None:
    (own,) = (one for one in candidates if one.policy.id == policy.id)
    assert own.left == min(one.left for one in candidates)


def _despite(self: Hearing, text: str, told: Values) -> None:
    outcome = self.line.given.outcome
    assert self.line.is_passed_by_reviewer
    assert outcome is not None
    assert (told["code"], told["reason"]) == (int(outcome.reason), REASONS[outcome.reason])
    self.over.add(told["code"])


def _refused(self: Hearing, text: str, told: Values) -> None:
    reason = self.line.decided.reason
    assert (told["code"], told["reason"]) == (int(reason), REASONS[reason])


def _uncovered(self: Hearing, text: str, told: Values) -> None:
    line, product = self.line, self.line.policy_of(told["word"]).product
    coverage = product.covering(line.given.key, adult=True)
    if text == STEPS[StepKind.NOT_LISTED]:
        assert coverage is None
    elif text == STEPS[StepKind.OTHER_VISIT]:
        assert coverage is not None
        assert line.case.claim.visit_type not in coverage.limits
    else:
        assert text == STEPS[StepKind.OTHER_FACILITY]
        assert product.facilities is not None
        assert line.case.claim.facility.code not in product.facilities.codes
    self.uncovered.add(told["word"])


def _objecting(self: Hearing) -> PolicyInput:
    """Whose limit refuses the line: the product that was named, the one kept, or the only one."""
    outcome = self.line.given.outcome
    if self.named is None and outcome is not None and outcome.policy is not None:
        return next(one for one in self.line.case.policies if one.id == outcome.policy)
    if self.named is None:
        accepting = [one for one in self.line.candidates() if one.accepts]
        (only,) = accepting or self.line.candidates()
        return only.policy
    return self.named


def _waiting(self: Hearing, text: str, told: Values) -> None:
    policy = _objecting(self)
    coverage = policy.product.covering(self.line.given.key, adult=True)
    assert coverage is not None
    assert told["day"] == end_of_waiting(policy, coverage)
    assert self.line.case.day < told["day"]
    self.over.add(int(Reason.WAITING_PERIOD))


def _number(self: Hearing, text: str, told: Values) -> None:
    policy, category = _objecting(self), self.line.case.decision.category
    assert told["limit"] == policy.product.max_number[category]
    assert told["used"] == self.line.claims_counted(policy) >= told["limit"]
    self.over.add(int(NUMBER_REASONS[category]))


def _reviewed_quantity(self: Hearing, text: str, told: Values) -> None:
    review = self.line.given.review
    assert review is not None
    assert told["before"] == self.quantity != told["after"] == review.quantity
    self.quantity = told["after"]


def _less_before(self: Hearing, text: str, told: Values) -> None:
    assert told["provided"] == self.line.given.quantity != told["before"]
    self.quantity = told["before"]


def _limited_quantity(self: Hearing, text: str, told: Values) -> None:
    if text == STEPS[StepKind.QUANTITY_LIMIT]:
        policy = _objecting(self)
        coverage = policy.product.covering(self.line.given.key, adult=True)
        assert coverage is not None
        assert (told["limit"], told["used"]) == (coverage.max_quantity, self.line.used_quantity(policy))
    else:
        consent = self.line.case.claim.consent
        assert consent is not None
        assert (told["word"], told["limit"]) == (consent.number, consent.quantity)
        assert told["used"] == self.line.consent_used().quantity
    assert told["before"] == self.quantity
    assert told["after"] == min(self.quantity, max(ZERO, told["limit"] - told["used"]))
    self.quantity = told["after"]


_BY_KIND: Final[Mapping[StepKind, Check]] = {
    **dict.fromkeys((StepKind.PRODUCT, StepKind.PASSED_BY_REVIEWER), _product),
    **dict.fromkeys((StepKind.NOT_LISTED, StepKind.OTHER_VISIT, StepKind.OTHER_FACILITY), _uncovered),
    **dict.fromkeys((StepKind.QUANTITY_LIMIT, StepKind.CONSENT_QUANTITY), _limited_quantity),
    StepKind.FIRST_PRODUCT: _first,
    StepKind.PASSED_DESPITE: _despite,
    StepKind.REFUSED: _refused,
    StepKind.WAITING_PERIOD: _waiting,
    StepKind.NUMBER_LIMIT: _number,
    StepKind.REVIEWER_QUANTITY: _reviewed_quantity,
}
CHOICE_CHECKS: Final[Mapping[str, Check]] = {
    **{STEPS[kind]: check for kind, check in _BY_KIND.items()},
    LESS_BEFORE: _less_before,
}
