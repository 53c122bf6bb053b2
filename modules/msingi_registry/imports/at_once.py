"""Imports a file from the command line: the same job as an upload, run here and now."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from msingi.kernel.models import JobState
from msingi.kernel.services import visible_job
from msingi.platform import Platform
from msingi.tabular import Mode
from msingi_registry.imports.engine import end_given_up
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

    Interrupted, it gives the import up: what was not saved by a step is undone, and the list is deleted.

    ``language`` is that of the messages in the report; without one it is the country's first.

    Raises:
        TabularError: it is not a readable table.
        UnknownImportColumn: the mapping names a column that the file does not have.
        UnknownImportField: the mapping names a field that such lists do not have.

    """
    with platform.work() as work:
        run = keep_upload(work, read_kind(kind, reading), content)
        _, job_id = start_run(work, run.id, mode=mode, dry_run=dry_run, mapping=mapping, reading=reading)
    with ThreadPoolExecutor(1, thread_name_prefix="msingi-load") as beside:
        worked = beside.submit(_see_through, platform, job_id)
        try:
            while not worked.done():
                report = _read(platform, job_id, language)
                progress(report.progress, report.total)
                wait([worked], timeout=_LOOK_SECONDS)
        except KeyboardInterrupt:
            _give_up(platform, run.id, job_id, worked, reading)
            raise
        worked.result()
    return {"job_id": job_id, **asdict(_read(platform, job_id, language))}


def _see_through(platform: Platform, job_id: UUID) -> None:
    """Run the job; when this process lost it, wait for who took it over, or take it again when nobody did."""
    platform.jobs.run_one(job_id)
    while _read(platform, job_id).state is JobState.RUNNING:
        time.sleep(_LOOK_SECONDS)
        platform.jobs.run_one(job_id)


def _give_up(platform: Platform, run_id: UUID, job_id: UUID, worked: Future[None], reading: Reading) -> None:
    """End the job, its next attempt too when it failed meanwhile; one that was done by then has told its end."""
    platform.jobs.give_up(job_id)
    wait([worked])
    platform.jobs.give_up(job_id)
    with platform.work() as work:
        if visible_job(work, job_id).state is not JobState.DONE:
            end_given_up(work, run_id, reading)


def _read(platform: Platform, job_id: UUID, language: str | None = None) -> ImportReport:
    with platform.work(writes=False, language=language) as work:
        return import_report(work, job_id, first=200)
