"""Background work of claims: large runs, and reviews that are late."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from msingi.jobs import Progress
from msingi.work import Work
from msingi_claims.plugin import PROCESS_CLAIMS, SUBMIT_CLAIMS, plugin
from msingi_claims.services.batches import run_month_once
from msingi_claims.services.bulk_runs import run_parts
from msingi_claims.services.escalation import escalate_overdue
from msingi_claims.services.life import Action
from msingi_claims.services.rights import may_process
from msingi_claims.services.submission import Outcome, process_taken, submit_taken


@plugin.job()
def submit_many(work: Work, progress: Progress, claim_ids: list[UUID]) -> None:
    """Submit claims, part by part."""
    with work.allowed(SUBMIT_CLAIMS):
        run_parts(work, progress, claim_ids, action=Action.SUBMIT, take=submit_taken)


@plugin.job()
def process_many(work: Work, progress: Progress, claim_ids: list[UUID]) -> None:
    """Process checked claims, part by part; those that the user must not decide on are left out."""

    def take(work: Work, claims: Sequence[Any]) -> Sequence[Outcome]:
        return process_taken(work, [claim for claim in claims if may_process(work, claim)])

    with work.allowed(PROCESS_CLAIMS):
        run_parts(work, progress, claim_ids, action=Action.PROCESS, take=take)


@plugin.job()
def run_month(
    work: Work, progress: Progress, place_id: UUID, year: int, month: int, *, confirm_zero: bool
) -> None:
    """Run the batch of a month: 0 done, 1 refused with its reason, 2 when it had run before (BAT-1)."""
    progress.result(run_month_once(work, place_id, year, month, confirm_zero=confirm_zero))


@plugin.job(every=timedelta(hours=1))
def escalate_reviews(work: Work, progress: Progress) -> None:
    """Tell of reviews that are later than they should be."""
    progress.result({"overdue": escalate_overdue(work)})
