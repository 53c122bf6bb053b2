"""What people do with background jobs (look, retry, discard) and see of the modules."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, delete, false, or_, select, true

from msingi.errors import NotFound
from msingi.kernel.errors import JobAlreadyWaiting, JobNotDiscardable, JobNotParked
from msingi.kernel.models import JobRecord, JobState
from msingi.kernel.modules import ModuleInfo, describe_modules
from msingi.kernel.plugin import MANAGE_JOBS, READ_JOBS, READ_MODULES
from msingi.plugin import Permission
from msingi.sayings import saying_from
from msingi.work import Work

KEPT = timedelta(days=30)
SLOTS_KEPT = timedelta(days=400)
"""A periodic job's row keeps its period from running twice, so it outlives the longest sensible period."""


def visible_job(work: Work, job_id: UUID) -> JobRecord:
    """A job of one's own, or any job with the right to read them in the whole country.

    Raises:
        NotFound: there is none, or it is somebody else's; the answer is the same (attack 15).

    """
    job = work.session.scalar(select(JobRecord).where(JobRecord.id == job_id, in_reach(work, READ_JOBS)))
    if job is None:
        raise NotFound(type="Job")
    return job


def in_reach(work: Work, permission: Permission) -> ColumnElement[bool]:
    """Which jobs the permission opens: a job has no place, so those of others need it in the whole country."""
    if work.actor.scope(permission.name).everywhere:
        return true()
    return false() if work.actor.id is None else JobRecord.actor_id == work.actor.id


def retry_job(work: Work, job_id: UUID) -> JobRecord:
    """Put a parked job back into the queue, with all its attempts.

    Raises:
        NotFound: there is no such job, or it is somebody else's and the right is held in some places only.
        JobNotParked: it is in another state.
        JobAlreadyWaiting: another job with the same key is queued or running.

    """
    job = _locked(work, job_id)
    if job.state is not JobState.PARKED:
        raise JobNotParked(state=job.state.value)
    _refuse_second(work, job)
    job.state = JobState.QUEUED
    job.attempts = 0
    job.run_at = work.now()
    job.finished_at = None
    work.platform.jobs.announce(work, job.id)
    work.audit("core.retry_job", entity="Job", entity_id=job.id, details={"name": job.name})
    return job


def discard_job(work: Work, job_id: UUID) -> JobRecord:
    """Give up a queued or parked job.

    Raises:
        NotFound: there is no such job, or it is somebody else's and the right is held in some places only.
        JobNotDiscardable: it runs or has ended.

    """
    job = _locked(work, job_id)
    if job.state not in {JobState.QUEUED, JobState.PARKED}:
        raise JobNotDiscardable(state=job.state.value)
    job.state = JobState.CANCELLED
    job.finished_at = work.now()
    work.audit("core.discard_job", entity="Job", entity_id=job.id, details={"name": job.name})
    return job


def error_texts(work: Work, job_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """What failed last in each job, in the reader's language."""
    columns = (JobRecord.id, JobRecord.error_template, JobRecord.error_params)
    failed = select(*columns).where(JobRecord.id.in_(job_ids), JobRecord.error_template.is_not(None))
    texts, language = work.platform.texts, work.language
    return {
        row.id: texts.tell(
            saying_from({"text": row.error_template, "values": row.error_params or {}}), language
        )
        for row in work.session.execute(failed)
    }


def reports(work: Work, job_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The report of each finished job that left one, as JSON text."""
    rows = work.session.execute(select(JobRecord.id, JobRecord.result).where(JobRecord.id.in_(job_ids)))
    return {row.id: orjson.dumps(row.result).decode() for row in rows if row.result is not None}


def visible_modules(work: Work) -> list[ModuleInfo]:
    """The enabled modules; with the right to read them also the others, and every version."""
    known = describe_modules(work.platform, work.language)
    if work.may(READ_MODULES):
        return known
    return [module.model_copy(update={"version": ""}) for module in known if module.enabled]


def forget_finished(work: Work) -> int:
    """Delete jobs that ended 30 days ago and return how many; parked ones wait for a person (I6)."""
    now = work.now()
    ended = JobRecord.state.in_([JobState.DONE, JobState.CANCELLED])
    unneeded = or_(JobRecord.slot.is_(None), JobRecord.finished_at < now - SLOTS_KEPT)
    result = work.session.execute(
        delete(JobRecord).where(ended, unneeded, JobRecord.finished_at < now - KEPT)
    )
    return int(getattr(result, "rowcount", 0))


def _locked(work: Work, job_id: UUID) -> JobRecord:
    statement = select(JobRecord).where(JobRecord.id == job_id, in_reach(work, MANAGE_JOBS)).with_for_update()
    job = work.session.scalars(statement).one_or_none()
    if job is None:
        raise NotFound(type="Job")
    return job


def _refuse_second(work: Work, job: JobRecord) -> None:
    from msingi.jobs.queue import unfinished_with_key

    holder = None if job.key is None else unfinished_with_key(work.session, job.key)
    if holder is not None:
        raise JobAlreadyWaiting(id=holder)
