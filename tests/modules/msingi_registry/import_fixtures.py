"""What import tests share: lists as text, imports as jobs, and a worker process that may be killed."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msingi.actor import SYSTEM, Actor
from msingi.platform import Platform
from msingi.tabular import Mode
from msingi.testing import small_profile
from msingi_registry.imports.files import keep_upload, start_run
from msingi_registry.imports.report import ImportReport, import_report
from msingi_registry.models.imports import ImportKind
from msingi_registry.plugin import plugin

HEADER = "name,place,type,latitude,longitude,services,number\n"


def queue_list(
    platform: Platform,
    kind: str,
    text: str | bytes,
    *,
    mode: Mode = Mode.ALL_OR_NOTHING,
    dry_run: bool = False,
    mapping: Mapping[str, str] | None = None,
    actor: Actor = SYSTEM,
) -> UUID:
    """Upload a list and queue its reading."""
    content = text.encode() if isinstance(text, str) else text
    with platform.work(actor) as work:
        run = keep_upload(work, ImportKind(kind), content)
        return start_run(work, run.id, mode=mode, dry_run=dry_run, mapping=mapping or {})[1]


def report_on(platform: Platform, job_id: UUID) -> ImportReport:
    """The report, with at most 200 messages."""
    with platform.work(writes=False, language="en") as work:
        return import_report(work, job_id, first=200)


def import_list(platform: Platform, kind: str, text: str | bytes, **options: Any) -> ImportReport:
    """Import a list here and now."""
    job_id = queue_list(platform, kind, text, **options)
    assert platform.jobs.run_one(job_id)
    return report_on(platform, job_id)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    """created, updated, unchanged, suspicious, refused."""
    return report.created, report.updated, report.unchanged, report.suspicious, report.refused


def said(report: ImportReport) -> list[tuple[int, str, str]]:
    """Line, column and code of each message."""
    return [(message.line, message.column, message.code) for message in report.messages]


def open_registry(url: str, keys: Mapping[str, Any]) -> Platform:
    """A platform under the real clock whose workers give up a silent neighbour's job soon."""
    profile = small_profile(
        database={"url": url, "pool_size": 5, "synchronous": "NORMAL"},
        jobs={"backend": "embedded", "lease_seconds": 1.5, "poll_seconds": 0.1},
        modules=["registry"],
        security=keys,
    )
    return Platform(profile, plugins=[plugin])


def serve(url: str, keys: Mapping[str, Any], job_id: UUID) -> None:
    """Read one list as a worker that pauses between its steps, so that there is time to kill it."""
    from msingi.jobs import Progress

    save = Progress.checkpoint

    def checkpoint(self: Progress, *args: Any, **others: Any) -> None:
        save(self, *args, **others)
        time.sleep(0.5)

    Progress.checkpoint = checkpoint  # type: ignore[method-assign]
    open_registry(url, keys).jobs.run_one(job_id)
