"""The tasks of reviewers: opened when a claim is selected, closed when it goes on, opened again when it comes back (CLM-7)."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from msingi.bulk import Recording, write_rows
from msingi.work import Work
from msingi_claims.models.review import ReviewTask
from msingi_claims.models.states import SelectionRule, TaskState
from msingi_claims.rules.codes import Selection
from msingi_claims.settings import ClaimsSettings


def open_tasks(
    work: Work, claims: Sequence[Any], rule: SelectionRule, *, selection_id: UUID | None = None
) -> None:
    """Make the tasks of claims, or open those again that were done."""
    if not claims:
        return
    ids = [claim.id for claim in claims]
    known = set(work.session.scalars(select(ReviewTask.claim_id).where(ReviewTask.claim_id.in_(ids))))
    due = work.now() + timedelta(days=work.settings(ClaimsSettings).review_days)
    columns = ("jurisdiction_id", "claim_id", "selection_id", "reason", "due_at")
    rows = [
        (claim.jurisdiction_id, claim.id, selection_id, rule, due)
        for claim in claims
        if claim.id not in known
    ]
    write_rows(work, ReviewTask, columns, rows, recording=Recording.PER_ROW)
    if known:
        again = {"state": TaskState.OPEN, "done_at": None, "due_at": due, "escalated_at": None}
        _change(work, known, again | {"reason": rule, "assignee_id": None})


def close_tasks(work: Work, claim_ids: Collection[UUID]) -> None:
    """Close the tasks of claims that went on."""
    if claim_ids:
        _change(work, claim_ids, {"state": TaskState.DONE, "done_at": work.now()})


def close_selected(work: Work, claims: Sequence[Any]) -> None:
    """Close the tasks of claims that go on although they are selected and nobody reviewed them."""
    close_tasks(work, [claim.id for claim in claims if claim.review_status is Selection.SELECTED])


def reopen_selected(work: Work, claims: Sequence[Any]) -> None:
    """Open the tasks of claims again that come back while they are selected."""
    selected = [claim.id for claim in claims if claim.review_status is Selection.SELECTED]
    if selected:
        _change(work, selected, {"state": TaskState.OPEN, "done_at": None})


def _change(work: Work, claim_ids: Collection[UUID], values: dict[str, Any]) -> None:
    statement = update(ReviewTask).where(ReviewTask.claim_id.in_(list(claim_ids)))
    work.session.execute(statement.values(values | {"version": ReviewTask.version + 1}))
