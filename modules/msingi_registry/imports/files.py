"""Uploaded lists: kept sealed in pieces until they are read, for at most a day (attack 99)."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy import delete, select

from msingi.jobs.queue import UNFINISHED
from msingi.kernel.models import JobRecord, JobState
from msingi.tabular import Mode, read_table
from msingi.work import Work
from msingi_registry.facility_errors import (
    UnknownImportColumn,
    UnknownImportField,
    UnknownImportFile,
    UnknownListKind,
)
from msingi_registry.imports.kinds import OWN_READING
from msingi_registry.imports.outcome import ListImporter, Reading
from msingi_registry.models.imports import ImportPart, ImportRun

MOST_BYTES: Final = 100 * 1024 * 1024
"""Largest uploaded list."""

_PIECE: Final = 512 * 1024
_KEPT: Final = timedelta(days=1)


def read_kind(kind: str, reading: Reading = OWN_READING) -> str:
    """The kind of list that a caller names, among those that are read this way.

    Raises:
        UnknownListKind: there is none of this name.

    """
    if kind not in reading.kinds:
        raise UnknownListKind(kind=kind[:40], kinds=", ".join(sorted(reading.kinds)))
    return kind


def keep_upload(work: Work, kind: str, content: bytes) -> ImportRun:
    """Keep an uploaded list and the names in its header.

    Raises:
        TabularError: it is not a readable table.

    """
    header = read_table(io.BytesIO(content)).header
    run = work.add(ImportRun(kind=kind, owner_id=work.actor.id, uploaded_at=work.now(), columns=list(header)))
    work.session.flush()
    pieces = [content[start : start + _PIECE] for start in range(0, len(content), _PIECE)]
    work.insert_rows(
        ImportPart,
        [
            {"import_id": run.id, "number": number, "content": piece.decode("latin-1")}
            for number, piece in enumerate(pieces)
        ],
    )
    return run


def start_run(
    work: Work,
    run_id: UUID,
    *,
    mode: Mode,
    dry_run: bool,
    mapping: Mapping[str, str],
    reading: Reading = OWN_READING,
) -> tuple[ImportRun, UUID]:
    """Queue the reading of an uploaded list and return it with its job; ``mapping`` gives the field of columns by their names.

    ``reading`` says how other modules read their lists.

    Raises:
        UnknownImportFile: the list is not there, is being read, or is somebody else's.
        UnknownImportColumn: the mapping names a column that the list does not have.
        UnknownImportField: the mapping names a field that such lists do not have.

    """
    run = work.session.scalar(select(ImportRun).where(ImportRun.id == run_id).with_for_update())
    if run is None or run.owner_id != work.actor.id or run.job_id is not None or not _is_kept(work, run.id):
        raise UnknownImportFile
    if run.kind not in reading.kinds:
        raise UnknownImportFile
    run.mode, run.dry_run, run.options = mode, dry_run, dict(reading.options)
    _check_mapping(reading.importer(work, run), run, mapping)
    run.mapping = dict(mapping)
    job_id = work.enqueue(reading.job, key=f"registry.import.{run.id}", import_id=run.id)
    run.job_id = job_id
    work.session.flush()
    return run, job_id


def open_upload(work: Work, run: ImportRun) -> BinaryIO:
    """The uploaded list, in memory.

    Raises:
        UnknownImportFile: it was deleted.

    """
    pieces = select(ImportPart.content).where(ImportPart.import_id == run.id).order_by(ImportPart.number)
    content = b"".join(piece.encode("latin-1") for piece in work.session.scalars(pieces))
    if not content:
        raise UnknownImportFile
    return io.BytesIO(content)


def delete_upload(work: Work, run_id: UUID) -> None:
    """Delete a list that was read; its report stays."""
    work.session.execute(delete(ImportPart).where(ImportPart.import_id == run_id))


def forget_uploads(work: Work) -> None:
    """Delete the lists that nobody asked to read within a day, or whose job somebody discarded (I13)."""
    waits = select(JobRecord.id).where(
        JobRecord.id == ImportRun.job_id, JobRecord.state.in_((*UNFINISHED, JobState.PARKED))
    )
    forgotten = select(ImportRun.id).where(
        ImportRun.job_id.is_(None) & (ImportRun.uploaded_at < work.now() - _KEPT)
        | ImportRun.job_id.is_not(None) & ~waits.exists()
    )
    work.session.execute(delete(ImportPart).where(ImportPart.import_id.in_(forgotten)))


def _is_kept(work: Work, run_id: UUID) -> bool:
    statement = select(ImportPart.id).where(ImportPart.import_id == run_id).limit(1)
    return work.session.scalar(statement) is not None


def _check_mapping(importer: ListImporter[Any], run: ImportRun, mapping: Mapping[str, str]) -> None:
    fields = [column.name for column in importer.mapping().columns]
    for column, field in mapping.items():
        if column not in run.columns:
            raise UnknownImportColumn(column=column[:40], columns=", ".join(run.columns))
        if field not in fields:
            raise UnknownImportField(field=field[:40], fields=", ".join(fields))
