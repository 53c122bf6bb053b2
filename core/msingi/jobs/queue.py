"""The job table as a queue: every statement that moves a row from one state to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Table, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from msingi.kernel.models import JobRecord, JobState

if TYPE_CHECKING:
    from msingi.work import Work

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
_TABLE = cast("Table", JobRecord.__table__)


class LeaseLost(Exception):
    """Another worker took the job over: whatever this one did since its last checkpoint is undone."""


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
    return any(
        session.scalar(select(JobRecord.id).where(condition).limit(1)) is not None
        for condition in (_expired(now), _due(now))
    )


def claim(work: "Work", token: str, lease: timedelta, *, job_id: UUID | None = None) -> Claim | None:
    """Take the lease of one job: an abandoned one first, then the longest due; or of the job given.

    The row is locked and skipped by others (PostgreSQL); on SQLite the write transaction serialises.
    """
    now = work.now()
    record = _lock_next(work.session, now) if job_id is None else _lock_one(work.session, now, job_id)
    if record is None:
        return None
    record.state = JobState.RUNNING
    record.attempts += 1
    record.worker = token
    record.lease_until = now + lease
    return Claim(
        record.id,
        record.name,
        record.arguments,
        record.attempts,
        token,
        record.actor_id,
        record.as_system,
        record.limits,
        dict(record.checkpoint or {}),
        record.progress,
        record.total,
    )


def _lock_next(session: Session, now: datetime) -> JobRecord | None:
    for condition, order in ((_expired(now), JobRecord.lease_until), (_due(now), JobRecord.run_at)):
        statement = select(JobRecord).where(condition).order_by(order, JobRecord.id).limit(1)
        record = session.scalar(statement.with_for_update(skip_locked=True))
        if record is not None:
            return record
    return None


def _lock_one(session: Session, now: datetime, job_id: UUID) -> JobRecord | None:
    condition = or_(JobRecord.state == JobState.QUEUED, _expired(now))
    statement = select(JobRecord).where(JobRecord.id == job_id, condition)
    return session.scalar(statement.with_for_update(skip_locked=True))


def _expired(now: datetime) -> ColumnElement[bool]:
    return and_(JobRecord.state == JobState.RUNNING, JobRecord.lease_until < now)


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(JobRecord.state == JobState.QUEUED, JobRecord.run_at <= now)


def write_held(session: Session, claim: Claim, **values: Any) -> None:
    """Change the row of a job that this worker holds.

    Raises:
        LeaseLost: somebody else holds it now, or it was cancelled.

    """
    if not write_if_held(session, claim, **values):
        raise LeaseLost(str(claim.id))


def write_if_held(session: Session, claim: Claim, **values: Any) -> bool:
    """Change the row of a job if this worker still holds it; returns whether it does."""
    statement = update(_TABLE).where(
        _TABLE.c.id == claim.id, _TABLE.c.worker == claim.token, _TABLE.c.state == JobState.RUNNING
    )
    result = cast("CursorResult[Any]", session.execute(statement.values(**values)))
    return result.rowcount == 1


def renew(session: Session, tokens: Iterable[str], until: datetime) -> None:
    """Prolong the leases of the jobs in hand."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.worker.in_(list(tokens)), _TABLE.c.state == JobState.RUNNING)
        .values(lease_until=until)
    )


def release_expired(session: Session, now: datetime) -> list[UUID]:
    """Put the jobs of dead workers back into the queue and return them."""
    statement = update(_TABLE).where(_TABLE.c.state == JobState.RUNNING, _TABLE.c.lease_until < now)
    values = {"state": JobState.QUEUED, "run_at": now, "lease_until": None, "worker": None}
    return list(session.scalars(statement.values(values).returning(_TABLE.c.id)))
