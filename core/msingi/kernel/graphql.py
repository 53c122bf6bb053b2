"""GraphQL of the kernel: the installation, its modules, reports and background jobs."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.graphql.scalars import Text
from msingi.kernel import services
from msingi.kernel.country_view import Installation, describe_installation
from msingi.kernel.models import JobRecord
from msingi.kernel.modules import ModuleInfo
from msingi.kernel.plugin import MANAGE_JOBS, READ_JOBS, plugin
from msingi.kernel.report_views import ReportAnswer, ReportInfo, answer_report, list_reports
from msingi.plugin import PUBLIC, SIGNED_IN
from msingi.work import Work

plugin.expose(
    JobRecord,
    "id",
    "name",
    "state",
    "attempts",
    "progress",
    "total",
    "error_code",
    "actor_id",
    "created_at",
    "run_at",
    "finished_at",
    name="Job",
    allow=SIGNED_IN,
)


@plugin.extend(JobRecord, allow=SIGNED_IN)
def error_text(parents: Sequence[JobRecord], work: Work) -> Mapping[UUID, str]:
    """What failed last, in your language, without personal data."""
    return services.error_texts(work, [job.id for job in parents])


@plugin.extend(JobRecord, allow=SIGNED_IN)
def result(parents: Sequence[JobRecord], work: Work) -> Mapping[UUID, str]:
    """Counts and report of a finished job, as JSON text."""
    return services.reports(work, [job.id for job in parents])


@plugin.query(allow=SIGNED_IN)
def job(work: Work, id: UUID) -> JobRecord:  # noqa: A002 - the argument's name in the schema
    """A background job that you started, or any with core.read_jobs for the whole country."""
    return services.visible_job(work, id)


@plugin.connection(
    JobRecord,
    allow=READ_JOBS,
    where=("name", "state", "error_code", "actor_id", "created_at"),
    order=("id", "run_at"),
)
def jobs(work: Work) -> Select[JobRecord]:
    """Your own background jobs; with the right held for the whole country those of everybody."""
    return select(JobRecord).where(services.in_reach(work, READ_JOBS))


@plugin.mutation(allow=MANAGE_JOBS)
def retry_job(work: Work, id: UUID) -> JobRecord:  # noqa: A002
    """Put a parked job back into the queue."""
    return services.retry_job(work, id)


@plugin.mutation(allow=MANAGE_JOBS)
def discard_job(work: Work, id: UUID) -> JobRecord:  # noqa: A002
    """Give up a queued or parked job."""
    return services.discard_job(work, id)


@plugin.query(allow=PUBLIC)
def installation(work: Work) -> Installation:
    """Names, languages, money, calendar and levels of the country: what a screen needs before anybody signs in."""
    return describe_installation(work)


@plugin.query(allow=SIGNED_IN)
def modules(work: Work) -> list[ModuleInfo]:
    """The enabled modules and plugins; with core.read_modules also the others, and every version."""
    return services.visible_modules(work)


@plugin.query(allow=SIGNED_IN)
def reports(work: Work) -> list[ReportInfo]:
    """The reports that you may run, and what each can be grouped by."""
    return list_reports(work)


@plugin.query(allow=SIGNED_IN)
def report(
    work: Work,
    name: Text,
    since: date,
    until: date,
    by: list[Text] | None = None,
    place_id: UUID | None = None,
) -> ReportAnswer:
    """Run a report over the rows that you may see, between two days (both included), below a place."""
    return answer_report(work, name, by=list(by or ()), since=since, until=until, place_id=place_id)
