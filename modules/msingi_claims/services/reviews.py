"""Reviews claims: what the reviewer decides of each line is saved, then delivered as a whole (CLM-5, CLM-7)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update

from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_claims.errors import (
    HasFindings,
    MoreThanProvided,
    NotAssigned,
    NotSelected,
    QueryAnswered,
    UnknownLine,
)
from msingi_claims.events import ClaimQueried, ClaimQueryAnswered, ClaimsRejected, ClaimsReviewed
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.review import ClaimQuery, ReviewTask
from msingi_claims.models.states import Occasion, Purpose, ReviewVerdict, TaskState
from msingi_claims.plugin import REVIEW_CLAIMS
from msingi_claims.rules.codes import ClaimStatus, Selection, Stage
from msingi_claims.services.changing import change_locked
from msingi_claims.services.deciding import decide_claims
from msingi_claims.services.life import Action
from msingi_claims.services.rights import refuse_author, refuse_inside, refuse_own, refuse_unfit
from msingi_claims.services.submission import Outcome, outcomes_of
from msingi_claims.services.taking import lines_of, take_claim, take_claims
from msingi_claims.services.tasks import close_tasks
from msingi_claims.services.writing import write_decisions

_SAVED: Final = ("approved_quantity", "approved_price_minor", "verdict", "justification")


class LineVerdict(BaseModel):
    """What a reviewer decides of a line; what is left out is not set, and 0 is a value (D-3)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line_id: UUID = Field(description="The line.")
    quantity: Annotated[Decimal, Field(ge=0, le=99_999, decimal_places=2)] | None = Field(
        default=None, description="Quantity approved."
    )
    price: Money | None = Field(default=None, description="Price of one approved.")
    verdict: ReviewVerdict | None = Field(default=None, description="Pass or refuse the line.")
    justification: str = Field(default="", max_length=500, description="Why.")


def save_review(
    work: Work, claim_id: UUID, verdicts: Sequence[LineVerdict], *, adjustment: str, expected_version: int
) -> Claim:
    """Keep what the reviewer decides so far; amounts change when the review is delivered.

    Raises:
        WrongStatus, NotSelected, NotAssigned, OwnClaim, OwnFacility, UnknownLine: nothing was changed.
        MoreThanProvided: a quantity or a price lies above what the facility provided, or asked and the list allows.

    """
    claim = take_claim(work, claim_id, Action.REVIEW, expected_version=expected_version)
    _refuse_reviews(work, [claim])
    known = {line.id: line for line in lines_of(work, [claim.id])[claim.id]}
    if {verdict.line_id for verdict in verdicts} - known.keys():
        raise UnknownLine
    rows = [_saved(claim, known[verdict.line_id], verdict) for verdict in verdicts]
    change_locked(work, ClaimLine, _SAVED, rows)
    claim.adjustment, claim.reviewer_id = adjustment, work.actor.id
    work.audit(
        "save_review",
        entity=Claim.__tablename__,
        entity_id=claim.id,
        jurisdiction_id=claim.jurisdiction_id,
        details={"lines": [[str(row[0]), str(row[1]), row[2], row[3]] for row in rows]},
    )
    return claim


def deliver_reviews(work: Work, claim_ids: Collection[UUID]) -> list[Outcome]:
    """Decide selected claims anew from what their reviewers saved; all lines refused reject the claim.

    Raises:
        WrongStatus, NotSelected, NotAssigned, OwnClaim, OwnFacility: nothing was changed.

    """
    claims = take_claims(work, claim_ids, Action.REVIEW)
    _refuse_reviews(work, claims)
    return deliver_taken(work, claims)


def deliver_taken(work: Work, claims: Sequence[Any], *, sample_id: UUID | None = None) -> list[Outcome]:
    """Deliver the reviews of claims that are locked."""
    decisions = decide_claims(work, claims, Stage.REVIEW)
    now = work.now()
    steps = {
        claim.id: (Selection.DELIVERED, now, work.actor.id, sample_id or claim.sample_id) for claim in claims
    }
    write_decisions(work, decisions, Occasion.REVIEW, steps)
    close_tasks(work, [claim.id for claim in claims])
    work.emit(ClaimsReviewed(claim_ids=tuple(claim.id for claim in claims)))
    rejected = tuple(one.claim.id for one in decisions.every if one.result.status is ClaimStatus.REJECTED)
    if rejected:
        work.emit(ClaimsRejected(claim_ids=rejected))
    return outcomes_of(decisions)


def accept_claims(work: Work, claim_ids: Collection[UUID]) -> list[Outcome]:
    """Deliver reviews of claims without findings as they stand, many at once (CLM-7).

    Raises:
        HasFindings: a check found something odd about some of them; nothing was changed.

    """
    claims = take_claims(work, claim_ids, Action.REVIEW)
    odd = [claim for claim in claims if claim.findings]
    if odd:
        raise HasFindings.of(claims, odd, count=len(odd))
    return deliver_reviews(work, claim_ids)


def bypass_reviews(work: Work, claim_ids: Collection[UUID]) -> int:
    """Let selected claims go on without a review; returns how many there were.

    Raises:
        WrongStatus, NotSelected, NotAssigned, OwnClaim, OwnFacility: nothing was changed.

    """
    claims = take_claims(work, claim_ids, Action.REVIEW)
    _refuse_reviews(work, claims)
    ids = [claim.id for claim in claims]
    _set_review_status(work, claims, Selection.BYPASSED)
    close_tasks(work, ids)
    return len(ids)


def assign_reviews(
    work: Work, claim_ids: Collection[UUID], *, assignee_id: UUID | None, due_at: datetime | None = None
) -> int:
    """Give the tasks of selected claims to a reviewer, or to nobody; returns how many there were.

    Raises:
        OwnClaim: the reviewer wrote or submitted one of them (attack 24).
        NotAReviewer: the reviewer may not review claims of one of the facilities.
        NotSelected: one of them is not selected.

    """
    claims = take_claims(work, claim_ids, Action.SELECT)
    _refuse_unselected(claims)
    if assignee_id is not None:
        refuse_author(assignee_id, claims)
        refuse_unfit(work, assignee_id, claims)
    values: dict[str, Any] = {"assignee_id": assignee_id, "version": ReviewTask.version + 1}
    if due_at is not None:
        values |= {"due_at": due_at, "escalated_at": None}
    ids = [claim.id for claim in claims]
    work.session.execute(update(ReviewTask).where(ReviewTask.claim_id.in_(ids)).values(values))
    return len(ids)


def ask_facility(work: Work, claim_id: UUID, *, question: str) -> ClaimQuery:
    """Ask the facility about a claim; its task waits for the answer."""
    claim = take_claim(work, claim_id, Action.QUERY)
    refuse_own(work, [claim])
    query = work.add(
        ClaimQuery(
            jurisdiction_id=claim.jurisdiction_id,
            claim_id=claim.id,
            question=question,
            asked_at=work.now(),
            asked_by=work.actor.id,
        )
    )
    work.session.flush()
    _set_task_state(work, claim.id, TaskState.WAITING)
    work.emit(ClaimQueried(claim_id=claim.id, query_id=query.id))
    return query


def answer_query(work: Work, query_id: UUID, *, answer: str) -> ClaimQuery:
    """Answer a question about a claim; only once.

    Raises:
        QueryAnswered: it was answered before.
        WrongStatus: the claim is not under review any more.

    """
    query = work.get(ClaimQuery, query_id)
    claim = take_claim(work, query.claim_id, Action.QUERY)
    work.find(ClaimQuery, query_id, lock=True)  # as it stands now that nobody else answers
    if query.answered_at is not None:
        raise QueryAnswered
    query.answer, query.answered_at, query.answered_by = answer, work.now(), work.actor.id
    _set_task_state(work, claim.id, TaskState.OPEN)
    work.emit(ClaimQueryAnswered(claim_id=claim.id, query_id=query.id))
    return query


def _saved(claim: Claim, line: Any, verdict: LineVerdict) -> Sequence[Any]:
    if verdict.price is not None and verdict.price.currency != claim.currency:
        raise MixedCurrencies(left=verdict.price.currency, right=claim.currency)
    price = None if verdict.price is None else verdict.price.minor
    dearest = max(line.price_asked_minor, line.price_adjusted_minor or 0)
    if (verdict.quantity or 0) > line.quantity or (price or 0) > dearest:
        raise MoreThanProvided(position=line.position)
    return (verdict.line_id, verdict.quantity, price, verdict.verdict, verdict.justification)


def _refuse_reviews(work: Work, claims: Sequence[Any]) -> None:
    _refuse_unselected(claims)
    refuse_own(work, claims)
    refuse_inside(work, REVIEW_CLAIMS, claims)
    _refuse_foreign_task(work, claims)


def _refuse_unselected(claims: Sequence[Any]) -> None:
    others = [claim for claim in claims if claim.review_status is not Selection.SELECTED]
    if others:
        raise NotSelected.of(claims, others, purpose=Purpose.REVIEW.value)


def _refuse_foreign_task(work: Work, claims: Sequence[Any]) -> None:
    """Refuse when a task belongs to another reviewer: by assignment, or because that one began the review."""
    actor = work.actor.id
    if actor is None:
        return
    statement = select(ReviewTask.claim_id, ReviewTask.assignee_id).where(
        ReviewTask.claim_id.in_([claim.id for claim in claims]), ReviewTask.assignee_id.is_not(None)
    )
    assigned = {row.claim_id: row.assignee_id for row in work.session.execute(statement)}
    foreign = [claim for claim in claims if assigned.get(claim.id, claim.reviewer_id) not in {None, actor}]
    if foreign:
        raise NotAssigned.of(claims, foreign)


def _set_review_status(work: Work, claims: Sequence[Any], status: Selection) -> None:
    from msingi.audit.trail import Change

    change_locked(work, Claim, ["review_status"], [(claim.id, status) for claim in claims])
    changes = [
        Change(
            claim.id,
            {"review_status": [claim.review_status.value, status.value]},
            claim.jurisdiction_id,
        )
        for claim in claims
    ]
    work.platform.trail.changed_many(work, "update", Claim.__tablename__, changes)


def _set_task_state(work: Work, claim_id: UUID, state: TaskState) -> None:
    statement = update(ReviewTask).where(ReviewTask.claim_id == claim_id, ReviewTask.state != TaskState.DONE)
    work.session.execute(statement.values(state=state, version=ReviewTask.version + 1))
