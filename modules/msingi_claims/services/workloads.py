"""How much each reviewer has to do (CLM-7)."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import case, func, select

from msingi.work import Work
from msingi_claims.models.review import ReviewTask
from msingi_claims.models.states import TaskState


@dataclass(frozen=True, slots=True)
class Workload:
    """The tasks of one reviewer that are not done."""

    assignee_id: UUID | None = field(metadata={"doc": "The reviewer; empty for tasks that nobody has."})
    open: int = field(metadata={"doc": "Tasks to do."})
    waiting: int = field(metadata={"doc": "Tasks that wait for an answer of the facility."})
    overdue: int = field(metadata={"doc": "Tasks later than they should be."})


def workloads(work: Work) -> list[Workload]:
    """Open, waiting and overdue tasks by reviewer, in one statement."""
    late = ReviewTask.due_at < work.now()
    statement = (
        select(
            ReviewTask.assignee_id,
            func.sum(case((ReviewTask.state == TaskState.OPEN, 1), else_=0)),
            func.sum(case((ReviewTask.state == TaskState.WAITING, 1), else_=0)),
            func.sum(case((late, 1), else_=0)),
        )
        .where(ReviewTask.state != TaskState.DONE)
        .group_by(ReviewTask.assignee_id)
        .order_by(ReviewTask.assignee_id)
    )
    return [
        Workload(row[0], int(row[1]), int(row[2]), int(row[3])) for row in work.session.execute(statement)
    ]
