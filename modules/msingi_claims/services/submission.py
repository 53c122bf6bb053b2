"""Submits and processes claims: one code path for one claim and for many, all or nothing for each (D-20)."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from msingi.work import Work
from msingi_claims.events import (
    ClaimsProcessed,
    ClaimsRejected,
    ClaimsSelected,
    ClaimsSubmitted,
    ClaimsValuated,
)
from msingi_claims.models.states import Occasion, Purpose, SelectionRule
from msingi_claims.plugin import PROCESS_CLAIMS
from msingi_claims.rules.codes import ClaimStatus, LineStatus, Reason, Selection, Stage
from msingi_claims.services.deciding import Decided, Decisions, decide_claims
from msingi_claims.services.life import Action
from msingi_claims.services.rights import refuse_begun_reviews, refuse_inside, refuse_own
from msingi_claims.services.taking import take_claims
from msingi_claims.services.tasks import close_selected, open_tasks
from msingi_claims.services.writing import findings_document, write_decisions
from msingi_claims.settings import ClaimsSettings


class LineOutcome(NamedTuple):
    """What became of a line."""

    line_id: UUID
    position: int
    status: LineStatus
    reason: Reason


class Outcome(NamedTuple):
    """What became of a claim, with every error of the claim as a whole and the first one of each line."""

    claim_id: UUID
    code: str
    status: ClaimStatus
    reasons: tuple[Reason, ...]
    approved_minor: int
    lines: tuple[LineOutcome, ...]


def submit_claims(work: Work, claim_ids: Collection[UUID]) -> list[Outcome]:
    """Check claims, choose the products that pay, and book what they use up (ADJ-5).

    Raises:
        TooManyClaims, NotFound, SomeNotFound, WrongStatus: nothing was changed.

    """
    return submit_taken(work, take_claims(work, claim_ids, Action.SUBMIT))


def submit_taken(work: Work, claims: Sequence[Any]) -> list[Outcome]:
    """Submit claims that are locked, in the order of their ids."""
    if not claims:
        return []
    decisions = decide_claims(work, claims, Stage.SUBMIT)
    now, author = work.now(), work.actor.id
    reviews = work.settings(ClaimsSettings).review_findings
    odd = [one for one in decisions.decided if reviews and one.findings and _checked(one)]
    chosen = {one.claim.id for one in odd}
    steps = {
        one.claim.id: (
            *(now, author, findings_document(one.findings)),
            Selection.SELECTED if one.claim.id in chosen else Selection.IDLE,
        )
        for one in decisions.decided
    }
    write_decisions(work, decisions, Occasion.SUBMIT, steps)
    open_tasks(work, [one.claim for one in odd], SelectionRule.RISK)
    if odd:
        ids = tuple(one.claim.id for one in odd)
        work.emit(ClaimsSelected(claim_ids=ids, purpose=Purpose.REVIEW.value))
    _tell(work, decisions, ClaimsSubmitted, ClaimStatus.CHECKED)
    return outcomes_of(decisions)


def process_claims(work: Work, claim_ids: Collection[UUID]) -> list[Outcome]:
    """Compute the final amounts of checked claims from what their reviewers decided (CLM-6).

    Claims that were selected and never reviewed are marked bypassed (CLM-5).

    Raises:
        TooManyClaims, NotFound, SomeNotFound, WrongStatus: nothing was changed.
        OwnFacility: the right comes from the facility itself.
        OwnClaim: who entered or submitted a claim does not process it (attack 24).
        ReviewOpen: a claim is selected for review and its review was begun but not delivered.

    """
    claims = take_claims(work, claim_ids, Action.PROCESS)
    refuse_own(work, claims)
    refuse_inside(work, PROCESS_CLAIMS, claims)
    refuse_begun_reviews(claims)
    return process_taken(work, claims)


def process_taken(work: Work, claims: Sequence[Any]) -> list[Outcome]:
    """Process claims that are locked."""
    if not claims:
        return []
    decisions = decide_claims(work, claims, Stage.PROCESS)
    now, author = work.now(), work.actor.id
    steps = {
        one.claim.id: (
            *(now, author, now if one.result.status is ClaimStatus.VALUATED else None),
            *(_bypass(one.claim.review_status), one.claim.feedback_status),
        )
        for one in decisions.every
    }
    write_decisions(work, decisions, Occasion.PROCESS, steps)
    close_selected(work, claims)
    _tell(work, decisions, ClaimsProcessed, ClaimStatus.PROCESSED)
    return outcomes_of(decisions)


def outcomes_of(decisions: Decisions) -> list[Outcome]:
    """What the decisions say of their claims, as callers are answered."""
    return [
        Outcome(
            one.claim.id,
            one.claim.code,
            one.result.status,
            one.result.reasons,
            one.result.approved_minor,
            tuple(
                [
                    LineOutcome(row.id, row.position, *said)
                    for row, said in zip(one.lines, one.result.lines, strict=True)
                ]
            ),
        )
        for one in decisions.every
    ]


def _checked(one: Decided) -> bool:
    return one.result.status is ClaimStatus.CHECKED


def _bypass(status: Selection) -> Selection:
    return Selection.BYPASSED if status is Selection.SELECTED else status


def _tell(
    work: Work,
    decisions: Decisions,
    passed: type[ClaimsSubmitted | ClaimsProcessed],
    status: ClaimStatus,
) -> None:
    for event, reached in (
        (passed, status),
        (ClaimsValuated, ClaimStatus.VALUATED),
        (ClaimsRejected, ClaimStatus.REJECTED),
    ):
        ids = tuple(one.claim.id for one in decisions.every if one.result.status is reached)
        if ids:
            work.emit(event(claim_ids=ids))
