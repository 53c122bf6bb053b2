"""Submits and processes more claims than a request may handle: a durable job, one transaction for each part (F2)."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final
from uuid import UUID

from msingi.jobs import Progress
from msingi.work import Work
from msingi_claims.errors import TooManyClaims
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.life import Action
from msingi_claims.services.submission import Outcome
from msingi_claims.services.taking import take_possible
from msingi_claims.settings import ClaimsSettings

MOST: Final = 100_000
Taker = Callable[[Work, Sequence[Any]], Sequence[Outcome]]


def queue_run(work: Work, job: str, claim_ids: Collection[UUID]) -> UUID:
    """Queue a run over these claims; returns the job.

    Raises:
        TooManyClaims: more than one job may handle.

    """
    wanted = sorted(set(claim_ids))
    if len(wanted) > MOST:
        raise TooManyClaims(most=MOST)
    return work.enqueue(job, claim_ids=[str(claim_id) for claim_id in wanted])


def run_parts(
    work: Work, progress: Progress, claim_ids: Sequence[UUID], *, action: Action, take: Taker
) -> None:
    """Handle the claims part by part, in the order of their ids.

    A part and its checkpoint are one transaction: a run that is killed resumes after the last whole part. Claims that
    are in another status, were handled before, or may not be decided by the actor are counted as skipped.
    """
    wanted, size = sorted(claim_ids), work.settings(ClaimsSettings).part_size
    state: dict[str, Any] = {"next": 0, "skipped": 0, **{status.value: 0 for status in ClaimStatus}}
    state |= progress.state
    while state["next"] < len(wanted):
        part = wanted[state["next"] : state["next"] + size]
        outcomes = take(work, take_possible(work, part, action))
        for outcome in outcomes:
            state[outcome.status.value] += 1
        state["skipped"] += len(part) - len(outcomes)
        state["next"] += len(part)
        progress.checkpoint(state, done=state["next"], total=len(wanted))
    progress.result({name: count for name, count in state.items() if name != "next" and count})
