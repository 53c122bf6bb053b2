"""The job table as a queue: every statement that moves a row from one state to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Row, Table, and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from msingi.kernel.models import JobRecord, JobState

if TYPE_CHECKING:
    from msingi.work import Work

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
_TABLE = cast("Table", JobRecord.__table__)
_C = _TABLE.c
_NOW = bindparam("now", type_=_C.run_at.type)
_IS_ABANDONED = and_(_C.state == JobState.RUNNING, _C.lease_until < _NOW)
_ABANDONED = select(_TABLE).where(_IS_ABANDONED).order_by(_C.lease_until, _C.id).limit(1)
_DUE = (
    select(_TABLE).where(_C.state == JobState.QUEUED, _C.run_at <= _NOW).order_by(_C.run_at, _C.id).limit(1)
)
_THIS = select(_TABLE).where(_C.id == bindparam("job"), or_(_C.state == JobState.QUEUED, _IS_ABANDONED))
_UPDATE = update(_TABLE).where(_C.id == bindparam("job"))


class LeaseLost(Exception):
    """Another worker took the job over, or it was given up: whatever this one did since its last checkpoint is undone."""


@dataclass(slots=True)
class Claim:
    """A job in the hands of one worker; ``token`` is the proof, unique to this attempt."""

    id: UUID
    name: str
    arguments: Mapping[str, Any]
    attempts: int
    token: str
    actor_id: UUID | None
    as_system: bool
    limits: Sequence[str] | None
    state: dict[str, Any] = field(default_factory=dict)
    progress: int = 0
    total: int | None = None
    given_up: bool = False
    """Whether this process was asked to let go of it."""


def insert_unless_present(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert job rows; those whose key or slot is taken are left out, also against a parallel transaction."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    session.flush()
    session.execute(insert(_TABLE).on_conflict_do_nothing(), list(rows))


def unfinished_with_key(session: Session, key: str) -> UUID | None:
    """The job that holds this key now."""
    return session.scalar(select(JobRecord.id).where(JobRecord.key == key, JobRecord.state.in_(UNFINISHED)))


def known_slots(session: Session, slots: Iterable[str]) -> set[str]:
    """Those of the periods that already have their job."""
    found = session.scalars(select(JobRecord.slot).where(JobRecord.slot.in_(list(slots))))
    return {slot for slot in found if slot is not None}


def has_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to claim; reads only, so that an idle worker takes no write lock."""
    return any(session.execute(statement, {"now": now}).first() for statement in (_ABANDONED, _DUE))


def claim(work: "Work", token: str, lease: timedelta, *, job_id: UUID | None = None) -> Claim | None:
    """Take the lease of one job: an abandoned one first, then the longest due; or of the job given.

    The row is locked and skipped by others (PostgreSQL); on SQLite the write transaction serialises.
    """
    now, session = work.now(), work.session
    row = _lock_next(session, now) if job_id is None else _lock_one(session, now, job_id)
    if row is None:
        return None
    values = {
        "state": JobState.RUNNING,
        "attempts": row.attempts + 1,
        "worker": token,
        "lease_until": now + lease,
    }
    session.execute(_UPDATE, {"job": row.id, **values})
    return Claim(
        row.id,
        row.name,
        row.arguments,
        row.attempts + 1,
        token,
        row.actor_id,
        row.as_system,
        row.limits,
        dict(row.checkpoint or {}),
        row.progress,
        row.total,
    )


def _lock_next(session: Session, now: datetime) -> Row[Any] | None:
    abandoned = session.execute(_ABANDONED.with_for_update(skip_locked=True), {"now": now}).first()
    return abandoned or session.execute(_DUE.with_for_update(skip_locked=True), {"now": now}).first()


def _lock_one(session: Session, now: datetime, job_id: UUID) -> Row[Any] | None:
    return session.execute(_THIS.with_for_update(skip_locked=True), {"job": job_id, "now": now}).first()


def write_held(session: Session, claim: Claim, **values: Any) -> None:
    """Change the row of a job that this worker holds.

    Raises:
        LeaseLost: somebody else holds it now, or it was cancelled or given up.

    """
    if claim.given_up or not write_if_held(session, claim, **values):
        raise LeaseLost(str(claim.id))


def write_if_held(session: Session, claim: Claim, **values: Any) -> bool:
    """Change the row of a job if this worker still holds it; returns whether it does."""
    statement = update(_TABLE).where(
        _C.id == claim.id, _C.worker == claim.token, _C.state == JobState.RUNNING
    )
    result = cast("CursorResult[Any]", session.execute(statement.values(**values)))
    return result.rowcount == 1


def cancel(session: Session, job_id: UUID, now: datetime) -> bool:
    """End a job that waits or runs; returns whether it did. Who holds it meets LeaseLost at the next checkpoint."""
    statement = update(_TABLE).where(_C.id == job_id, _C.state.in_(UNFINISHED))
    values = {"state": JobState.CANCELLED, "finished_at": now, "lease_until": None}
    return cast("CursorResult[Any]", session.execute(statement.values(values))).rowcount == 1


def renew(session: Session, tokens: Iterable[str], until: datetime) -> None:
    """Prolong the leases of the jobs in hand."""
    session.execute(
        update(_TABLE)
        .where(_C.worker.in_(list(tokens)), _C.state == JobState.RUNNING)
        .values(lease_until=until)
    )


def release_expired(session: Session, now: datetime) -> list[UUID]:
    """Put the jobs of dead workers back into the queue and return them."""
    statement = update(_TABLE).where(_C.state == JobState.RUNNING, _C.lease_until < now)
    values = {"state": JobState.QUEUED, "run_at": now, "lease_until": None, "worker": None}
    return list(session.scalars(statement.values(values).returning(_C.id)))
