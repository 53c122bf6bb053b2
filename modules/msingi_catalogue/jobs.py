"""Background work of the catalogue: read lists."""

from uuid import UUID

from msingi.jobs import Progress
from msingi.work import Work
from msingi_catalogue.imports.reading import READING
from msingi_catalogue.plugin import IMPORT_CATALOGUE, plugin
from msingi_registry import run_import


@plugin.job()
def import_list(work: Work, progress: Progress, import_id: UUID) -> None:
    """Read an uploaded list of the catalogue."""
    with work.allowed(IMPORT_CATALOGUE):
        run_import(work, import_id, progress, READING)
