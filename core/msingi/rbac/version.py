"""The policy version: what caches are keyed by, and the lock that makes changes of the tree take turns."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from msingi.ids import new_id
from msingi.rbac.models import PolicyVersion
from msingi.work import Work

_ONLY_ROW = UUID(int=1)


def raise_version(work: Work) -> None:
    """Make every compiled grant set stale; the row stays locked until the transaction ends."""
    fresh = {"number": PolicyVersion.number + 1, "stamp": new_id()}
    statement = update(PolicyVersion).where(PolicyVersion.id == _ONLY_ROW).values(fresh)
    result = work.session.execute(statement, execution_options={"synchronize_session": False})
    if cast("CursorResult[Any]", result).rowcount == 0:
        work.insert_rows(PolicyVersion, [{"id": _ONLY_ROW, "number": 1, "stamp": new_id()}])


def current_stamp(work: Work) -> UUID | None:
    """The stamp of the newest change, None before the first."""
    return work.session.scalar(select(PolicyVersion.stamp))
