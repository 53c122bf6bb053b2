"""Imports a file from the command line: the same job as an upload, run here and now."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from threading import Thread
from typing import Any, Final
from uuid import UUID

from msingi.kernel.models import JobState
from msingi.platform import Platform
from msingi.tabular import Mode
from msingi_registry.imports.files import keep_upload, read_kind, start_run
from msingi_registry.imports.kinds import OWN_READING
from msingi_registry.imports.outcome import Reading
from msingi_registry.imports.report import ImportReport, import_report

_LOOK_SECONDS: Final = 0.3


def import_file(  # noqa: PLR0913 - what a command asks, and how it is told
    platform: Platform,
    kind: str,
    content: bytes,
    *,
    mode: Mode,
    dry_run: bool,
    mapping: Mapping[str, str],
    reading: Reading = OWN_READING,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
    language: str | None = None,
) -> dict[str, Any]:
    """Import a list as the system and return its report; after a crash any worker goes on from the last step.

    ``language`` is that of the messages in the report; without one it is the country's first.

    Raises:
        TabularError: it is not a readable table.
        UnknownImportColumn: the mapping names a column that the file does not have.
        UnknownImportField: the mapping names a field that such lists do not have.

    """
    with platform.work() as work:
        run = keep_upload(work, read_kind(kind, reading), content)
        _, job_id = start_run(work, run.id, mode=mode, dry_run=dry_run, mapping=mapping, reading=reading)
    worker = Thread(target=platform.jobs.run_one, args=(job_id,), name="msingi-load")
    worker.start()
    while _is_at_work(report := _read(platform, job_id, language), worker):
        progress(report.progress, report.total)
        time.sleep(_LOOK_SECONDS)
    worker.join()
    return {"job_id": job_id, **asdict(_read(platform, job_id, language))}


def _is_at_work(report: ImportReport, worker: Thread) -> bool:
    """Whether this process or, after it lost the job, another one is reading the list."""
    return worker.is_alive() or report.state is JobState.RUNNING


def _read(platform: Platform, job_id: UUID, language: str | None) -> ImportReport:
    with platform.work(writes=False, language=language) as work:
        return import_report(work, job_id, first=200)
