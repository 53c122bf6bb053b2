"""Runs a case through the adjudicator: earlier claims, submission, the reviewer's decisions, the batch."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from msingi.cases import Problem, WrongCase
from msingi_claims.case.building import CaseInputs
from msingi_claims.case.model import AdjudicationCase
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.batch import pool_of, value_claim
from msingi_claims.rules.codes import ClaimStatus, Reason, Stage
from msingi_claims.rules.decisions import ClaimDecision, LineDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.raising import Room
from msingi_claims.rules.situation import Situation
from msingi_claims.rules.values import ClaimInput, EarlierOutcome, PolicyInput
from msingi_insurance import PoolCare


def decide_case(case: AdjudicationCase) -> tuple[ClaimInput, ClaimDecision]:
    """The claim of a case and its decision; raises `WrongCase` when the case names something that it does not hold."""
    inputs = CaseInputs(case)
    history = inputs.history()
    for sent, earlier in zip(case.earlier_claims, inputs.earlier, strict=True):
        before = _unreviewed(earlier)
        history.book(before, _submit(inputs, before, history, inputs.refusals(sent)))
    claim, policies = inputs.claim, inputs.policies(inputs.claim)
    submitted = _submit(inputs, _unreviewed(claim), history, inputs.refusals(case.claim))
    decision = _decide(inputs, claim, policies, history, submitted)
    if case.relative_indexes and decision.status is ClaimStatus.PROCESSED:
        decision = _valued(inputs, claim, policies, history, decision)
    return claim, decision


def _valued(
    inputs: CaseInputs,
    claim: ClaimInput,
    policies: Sequence[PolicyInput],
    history: History,
    processed: ClaimDecision,
) -> ClaimDecision:
    if claim.target_date is None:
        return processed
    situation = Situation(claim, claim.target_date, policies, history, inputs.settings, Stage.PROCESS)
    room = Room(situation, processed.consumption)
    return value_claim(
        processed, lambda line: _index_of(inputs, line), unit=inputs.settings.unit, within=room
    )


def _submit(
    inputs: CaseInputs, claim: ClaimInput, history: History, refusals: Collection[Reason]
) -> ClaimDecision:
    return adjudicate(claim, inputs.policies(claim), history, inputs.settings, refusals=refusals)


def _decide(
    inputs: CaseInputs,
    claim: ClaimInput,
    policies: Sequence[PolicyInput],
    history: History,
    submitted: ClaimDecision,
) -> ClaimDecision:
    """What comes of a submission at the stage of the case."""
    stage = inputs.case.stage
    if stage is Stage.SUBMIT or submitted.status is ClaimStatus.REJECTED:
        return submitted
    decided = adjudicate(_with_outcome(claim, submitted), policies, history, inputs.settings, stage)
    return decided._replace(has_duplicate=submitted.has_duplicate)


def _unreviewed(claim: ClaimInput) -> ClaimInput:
    """The claim as the facility sent it."""
    return replace(claim, lines=tuple(line._replace(review=None) for line in claim.lines))


def _with_outcome(claim: ClaimInput, submitted: ClaimDecision) -> ClaimInput:
    """The claim with what the submission found on each line."""
    lines = (
        line._replace(outcome=EarlierOutcome(decided.reason, decided.policy))
        for line, decided in zip(claim.lines, submitted.lines, strict=True)
    )
    return replace(claim, lines=tuple(lines))


def _index_of(inputs: CaseInputs, line: LineDecision) -> Decimal:
    """The index of the line's pool; a line that is worth 0 may have none, and stays worth 0 (BAT-4)."""
    product = inputs.products[line.product or ""]
    care = pool_of(product.terms.pools, hospital=line.hospital) or PoolCare.GENERAL
    for index in inputs.case.relative_indexes:
        if (index.product, index.care_type) == (product.code, care):
            return index.value
    if not line.remunerated:
        return Decimal(0)
    missing = {"product": product.code, "care": care.value}
    raise WrongCase(
        [Problem("$.relative_indexes", "there is no index of {product} for care {care}", missing)]
    )
