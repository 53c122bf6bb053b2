"""Background work of the registry: read lists, forget those that nobody reads."""

from datetime import timedelta
from uuid import UUID

from msingi.jobs import Progress
from msingi.work import Work
from msingi_registry.imports.engine import run_import
from msingi_registry.imports.files import forget_uploads
from msingi_registry.plugin import IMPORT_DATA, plugin


@plugin.job()
def import_list(work: Work, progress: Progress, import_id: UUID) -> None:
    """Read an uploaded list."""
    with work.allowed(IMPORT_DATA):
        run_import(work, import_id, progress)


@plugin.job(every=timedelta(days=1))
def forget_lists(work: Work, progress: Progress) -> None:  # noqa: ARG001 - the contract of a job
    """Delete uploaded lists that nobody read within a day, and those of discarded jobs."""
    forget_uploads(work)
