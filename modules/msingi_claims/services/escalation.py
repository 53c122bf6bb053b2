"""Tells of reviews that are later than they should be, once for each (CLM-7)."""

from typing import Final

from sqlalchemy import select, update

from msingi.work import Work
from msingi_claims.events import ReviewsOverdue
from msingi_claims.models.review import ReviewTask
from msingi_claims.models.states import TaskState

_AT_ONCE: Final = 1000


def escalate_overdue(work: Work) -> int:
    """Mark open tasks that are overdue and tell of them; returns how many there were."""
    late = work.session.execute(
        select(ReviewTask.id, ReviewTask.claim_id)
        .where(
            ReviewTask.state != TaskState.DONE,
            ReviewTask.due_at < work.now(),
            ReviewTask.escalated_at.is_(None),
        )
        .order_by(ReviewTask.due_at)
        .limit(_AT_ONCE)
    ).all()
    if not late:
        return 0
    marked = update(ReviewTask).where(ReviewTask.id.in_([task.id for task in late]))
    work.session.execute(marked.values(escalated_at=work.now(), version=ReviewTask.version + 1))
    work.emit(ReviewsOverdue(claim_ids=tuple(task.claim_id for task in late)))
    return len(late)
