"""GraphQL operations on many claims: submit, process, reject, take back, release."""

from dataclasses import dataclass, field
from uuid import UUID

from msingi.graphql.scalars import Text
from msingi.money import Money
from msingi.work import Work
from msingi_claims.plugin import PROCESS_CLAIMS, REVIEW_CLAIMS, SUBMIT_CLAIMS, UNDO_CLAIMS, plugin
from msingi_claims.rules.codes import ClaimStatus, LineStatus
from msingi_claims.services import rejection, submission
from msingi_claims.services.bulk_runs import queue_run
from msingi_claims.services.submission import Outcome
from msingi_claims.settings import ClaimsSettings


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of a line."""

    line_id: UUID = field(metadata={"doc": "The line."})
    position: int = field(metadata={"doc": "Place in the claim, from 1."})
    status: LineStatus = field(metadata={"doc": "Passed or refused."})
    reason: int = field(metadata={"doc": "Code of the first check that refused it; 0 when it passed."})


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of a claim."""

    claim_id: UUID = field(metadata={"doc": "The claim."})
    code: str = field(metadata={"doc": "Its code."})
    status: ClaimStatus = field(metadata={"doc": "Where it stands now."})
    reasons: list[int] = field(metadata={"doc": "Codes of everything that refused the claim as a whole."})
    approved: Money = field(metadata={"doc": "What was approved."})
    lines: list[LineResult] = field(metadata={"doc": "Its lines in their order."})


@dataclass(frozen=True, slots=True)
class ClaimRun:
    """What became of many claims: the results, or the job that brings them."""

    results: list[ClaimResult] = field(metadata={"doc": "One for each claim; empty when a job handles them."})
    job_id: UUID | None = field(metadata={"doc": "The job, when there are too many for one request."})


@plugin.mutation(allow=SUBMIT_CLAIMS)
def submit_claim(work: Work, id: UUID) -> ClaimResult:  # noqa: A002 - the name callers see
    """Submit a claim: it is checked, products are chosen, and what it uses up is booked."""
    return results_of(work, submission.submit_claims(work, [id]))[0]


@plugin.mutation(allow=SUBMIT_CLAIMS)
def submit_claims(work: Work, ids: list[UUID]) -> ClaimRun:
    """Submit claims together: at once up to the limit of a request, else as a job."""
    if len(ids) > work.settings(ClaimsSettings).direct_most:
        return ClaimRun([], queue_run(work, "claims.submit_many", ids))
    return ClaimRun(results_of(work, submission.submit_claims(work, ids)), None)


@plugin.mutation(allow=PROCESS_CLAIMS)
def process_claims(work: Work, ids: list[UUID]) -> ClaimRun:
    """Compute the final amounts of checked claims: at once up to the limit of a request, else as a job."""
    if len(ids) > work.settings(ClaimsSettings).direct_most:
        return ClaimRun([], queue_run(work, "claims.process_many", ids))
    return ClaimRun(results_of(work, submission.process_claims(work, ids)), None)


@plugin.mutation(allow=PROCESS_CLAIMS)
def reject_claims(work: Work, ids: list[UUID], reason: Text) -> list[ClaimResult]:
    """Reject checked claims as a whole; what they used up is given back."""
    return results_of(work, rejection.reject_claims(work, ids, reason=reason))


@plugin.mutation(allow=UNDO_CLAIMS)
def undo_rejections(work: Work, ids: list[UUID]) -> list[ClaimResult]:
    """Take back rejections that a person made in error."""
    return results_of(work, rejection.undo_rejections(work, ids))


@plugin.mutation(allow=REVIEW_CLAIMS)
def release_claims(work: Work, ids: list[UUID]) -> list[ClaimResult]:
    """Submit again claims that were rejected only because they resemble others or look odd."""
    return results_of(work, rejection.release_claims(work, ids))


def results_of(work: Work, outcomes: list[Outcome]) -> list[ClaimResult]:
    """What callers are told of outcomes."""
    currency = work.platform.profile.currency
    return [
        ClaimResult(
            one.claim_id,
            one.code,
            one.status,
            [int(reason) for reason in one.reasons],
            Money.from_minor(one.approved_minor, currency),
            [LineResult(line.line_id, line.position, line.status, int(line.reason)) for line in one.lines],
        )
        for one in outcomes
    ]
