"""Tables of the kernel: jobs and idempotency keys."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model
from msingi.types import Document, SealedText


class JobState(StrEnum):
    """Life of a job: queued -> running -> done, back to queued after a failure, parked after too many (F26).

    Parked and queued jobs may be cancelled by hand; a parked one may be queued again.
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"
    CANCELLED = "cancelled"


_UNFINISHED = text("state IN ('queued', 'running')")


class JobRecord(Model):
    """One piece of durable work, enqueued inside the transaction that wants it."""

    __tablename__ = "core_job"
    __audited__ = False
    __table_args__ = (
        Index("ix_core_job_state_run_at_id", "state", "run_at", "id"),
        Index("uq_core_job_key", "key", unique=True, sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        UniqueConstraint("slot"),
    )

    name: Mapped[str] = mapped_column(String(120), doc="Name of the job, plugin.job.")
    arguments: Mapped[dict[str, Any]] = mapped_column(Document, doc="Arguments: ids and plain values.")
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED, doc="Where the job stands.")
    key: Mapped[str | None] = mapped_column(String(200), doc="At most one unfinished job bears this key.")
    slot: Mapped[str | None] = mapped_column(
        String(200), doc="Period of a periodic job: it runs once in each."
    )
    attempts: Mapped[int] = mapped_column(default=0, doc="Attempts begun since the last checkpoint.")
    run_at: Mapped[datetime] = mapped_column(doc="Not before this instant.")
    lease_until: Mapped[datetime | None] = mapped_column(
        doc="Until then the worker owns the job; later it is taken over."
    )
    worker: Mapped[str | None] = mapped_column(
        String(80), doc="The worker that holds the lease, or held it last."
    )
    progress: Mapped[int] = mapped_column(default=0, doc="Units done.")
    total: Mapped[int | None] = mapped_column(doc="Units in all, when known.")
    checkpoint: Mapped[dict[str, Any] | None] = mapped_column(
        Document, doc="Where a long job resumes; committed together with the step that it describes."
    )
    result: Mapped[dict[str, Any] | None] = mapped_column(
        Document, doc="Counts and report of a finished job."
    )
    error_code: Mapped[str | None] = mapped_column(String(120), doc="Code of the last failure.")
    error_template: Mapped[str | None] = mapped_column(
        Text, doc="English text of the last failure, unfilled."
    )
    error_params: Mapped[dict[str, Any] | None] = mapped_column(
        Document, doc="What fills the text; never personal data."
    )
    actor_id: Mapped[UUID | None] = mapped_column(index=True, doc="The user who asked for it.")
    as_system: Mapped[bool] = mapped_column(
        default=False, doc="Whether it runs with the rights of the system instead of the user's."
    )
    limits: Mapped[list[str] | None] = mapped_column(
        Document, doc="The only permissions it may use: those of the token that asked for it (attack 43)."
    )
    created_at: Mapped[datetime] = mapped_column(doc="When it was enqueued.")
    finished_at: Mapped[datetime | None] = mapped_column(doc="When it was done, parked or cancelled.")


class IdempotencyRecord(Model):
    """The first answer to an Idempotency-Key, kept so that a repeat gets the same one."""

    __tablename__ = "core_idempotency"
    __audited__ = False
    __table_args__ = (UniqueConstraint("actor_id", "key"),)

    actor_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(200))
    payload_hash: Mapped[str] = mapped_column(String(64))
    response: Mapped[str] = mapped_column(SealedText)
    created_at: Mapped[datetime] = mapped_column(index=True)


class Installation(Model):
    """The one row that says what kind of installation the database belongs to."""

    __tablename__ = "core_installation"
    __audited__ = False

    demo: Mapped[bool]
    currency: Mapped[str] = mapped_column(String(3), doc="ISO 4217 code of all money in this database.")
    created_at: Mapped[datetime]
    key_proof: Mapped[str | None] = mapped_column(
        SealedText, doc="A known word: only the right keys open it."
    )
    index_proof: Mapped[str | None] = mapped_column(String(32), doc="The blind index of that word.")
