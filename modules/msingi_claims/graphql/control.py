"""GraphQL operations of control: selection, tasks, reviews, questions, samples."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, select

from msingi.graphql.scalars import LongText
from msingi.work import Work
from msingi_claims.graphql.runs import ClaimResult, results_of
from msingi_claims.models.claim import Claim
from msingi_claims.models.review import ClaimQuery, ReviewSelection, ReviewTask, SampleReview
from msingi_claims.models.states import Purpose
from msingi_claims.plugin import (
    ANSWER_QUERIES,
    READ_CLAIMS,
    REVIEW_CLAIMS,
    SELECT_CLAIMS,
    plugin,
)
from msingi_claims.services import reviews, sampling, selection
from msingi_claims.services.reviews import LineVerdict
from msingi_claims.services.selection import SelectionOrder
from msingi_claims.services.workloads import Workload, workloads

plugin.expose(
    ReviewTask,
    *("id", "claim_id", "selection_id", "reason", "assignee_id", "due_at", "escalated_at", "state"),
    *("done_at", "version"),
    allow=SELECT_CLAIMS,
)
plugin.expose(
    ClaimQuery,
    *("id", "claim_id", "question", "asked_at", "asked_by", "answer", "answered_at", "answered_by"),
    allow=READ_CLAIMS,
)
plugin.expose(
    ReviewSelection,
    *("id", "purpose", "rule", "seed", "percent", "variance", "looked_at", "selected", "made_at", "made_by"),
    allow=SELECT_CLAIMS,
)
plugin.expose(
    SampleReview,
    *("id", "facility_id", "seed", "percent", "state", "claims", "sampled", "deduction_rate"),
    *("made_at", "made_by", "closed_at", "closed_by", "version"),
    allow=REVIEW_CLAIMS,
)


@plugin.connection(
    ReviewTask,
    allow=SELECT_CLAIMS,
    where=("claim_id", "assignee_id", "state", "reason", "due_at"),
    order=("due_at", "id"),
)
def review_tasks(work: Work) -> Select[tuple[ReviewTask]]:  # noqa: ARG001 - every connection receives it
    """Tasks of reviewers, the most urgent first."""
    return select(ReviewTask)


@plugin.query(allow=SELECT_CLAIMS)
def reviewer_workloads(work: Work) -> list[Workload]:
    """How many open and overdue tasks each reviewer has."""
    return workloads(work)


@plugin.connection(SampleReview, allow=REVIEW_CLAIMS, where=("facility_id", "state"), order=("id",))
def sample_reviews(work: Work) -> Select[tuple[SampleReview]]:  # noqa: ARG001 - every connection receives it
    """Reviews on samples."""
    return select(SampleReview)


@plugin.mutation(allow=SELECT_CLAIMS)
def select_idle_claims(work: Work, input: SelectionOrder, place_id: UUID) -> ReviewSelection:  # noqa: A002
    """Select among the idle claims for review or feedback, by a rule; seed and rule are kept."""
    return selection.select_idle(work, input, place_id)


@plugin.mutation(allow=SELECT_CLAIMS)
def select_claims(work: Work, ids: list[UUID], purpose: Purpose) -> int:
    """Select these claims by hand; returns how many."""
    return selection.select_claims(work, ids, purpose)


@plugin.mutation(allow=SELECT_CLAIMS)
def assign_reviews(
    work: Work, claim_ids: list[UUID], assignee_id: UUID | None = None, due_at: datetime | None = None
) -> int:
    """Give the tasks of claims to a reviewer, or to nobody; returns how many."""
    return reviews.assign_reviews(work, claim_ids, assignee_id=assignee_id, due_at=due_at)


@plugin.mutation(allow=REVIEW_CLAIMS)
def review_claim(
    work: Work,
    id: UUID,  # noqa: A002 - the name callers see
    lines: list[LineVerdict],
    adjustment: LongText,
    expected_version: int,
) -> Claim:
    """Save what the reviewer decides of the lines; deliver it with deliverReviews."""
    return reviews.save_review(work, id, lines, adjustment=adjustment, expected_version=expected_version)


@plugin.mutation(allow=REVIEW_CLAIMS)
def deliver_reviews(work: Work, ids: list[UUID]) -> list[ClaimResult]:
    """Decide claims anew from what was saved; amounts and bookings follow."""
    return results_of(work, reviews.deliver_reviews(work, ids))


@plugin.mutation(allow=REVIEW_CLAIMS)
def accept_claims(work: Work, ids: list[UUID]) -> list[ClaimResult]:
    """Deliver reviews of claims without findings as they stand."""
    return results_of(work, reviews.accept_claims(work, ids))


@plugin.mutation(allow=REVIEW_CLAIMS)
def bypass_reviews(work: Work, ids: list[UUID]) -> int:
    """Let selected claims go on without a review; returns how many."""
    return reviews.bypass_reviews(work, ids)


@plugin.mutation(allow=REVIEW_CLAIMS)
def query_claim(work: Work, id: UUID, question: LongText) -> ClaimQuery:  # noqa: A002 - the name callers see
    """Ask the facility about a claim."""
    return reviews.ask_facility(work, id, question=question)


@plugin.mutation(allow=ANSWER_QUERIES)
def answer_claim_query(work: Work, query_id: UUID, answer: LongText) -> ClaimQuery:
    """Answer a question about a claim."""
    return reviews.answer_query(work, query_id, answer=answer)


@plugin.mutation(allow=REVIEW_CLAIMS)
def draw_sample(
    work: Work,
    place_id: UUID,
    percent: Annotated[Decimal, Field(gt=0, le=100)],
    facility_id: UUID | None = None,
) -> SampleReview:
    """Draw a random sample of idle claims: the sample is reviewed, the others wait for its result."""
    return sampling.draw_sample(work, place_id=place_id, facility_id=facility_id, percent=percent)


@plugin.mutation(allow=REVIEW_CLAIMS)
def close_sample(work: Work, id: UUID, extrapolate: bool, expected_version: int) -> SampleReview:  # noqa: A002, FBT001
    """Accept what a sample said, or take the same share off the other claims."""
    return sampling.close_sample(work, id, extrapolate=extrapolate, expected_version=expected_version)


@plugin.extend(Claim, allow=READ_CLAIMS)
def queries(parents: Sequence[Claim], work: Work) -> dict[UUID, list[ClaimQuery]]:
    """Questions to the facility, and its answers."""
    return work.children(ClaimQuery.claim_id, parents)
