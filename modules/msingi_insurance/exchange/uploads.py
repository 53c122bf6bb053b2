"""Files of enrolments that devices send: kept sealed, read family by family in a job that survives a crash (CLM-F3, F2)."""

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from msingi.errors import NotFound
from msingi.jobs import Progress
from msingi.kernel.models import JobRecord, JobState
from msingi.work import Work
from msingi_insurance.exchange.enrolment_import import FamilyOutcome, as_plain, import_families
from msingi_insurance.exchange.received import open_enrolments
from msingi_insurance.exchange.rehearsal import Rehearsal
from msingi_insurance.models.exchange import FieldUpload
from msingi_insurance.payment_errors import OfficerNotThere
from msingi_insurance.services.officers import officer_by_code

_WAITS: Final = (JobState.QUEUED, JobState.RUNNING, JobState.PARKED)
"""A file in a job of these states is read, or may be: a parked one can be tried again."""


def keep_file(work: Work, content: bytes, *, dry_run: bool) -> FieldUpload:
    """Keep a file and queue its reading; the same file again is the same upload, unless that was a dry run.

    One whose job was discarded is read after all when it comes again.

    Raises:
        FileRefused: it is no enrolment file.
        TabularError: it is unsafe or no XML.
        OfficerNotThere: nobody knows its officer.

    """
    digest = hashlib.sha256(content).hexdigest()
    known = work.session.scalar(
        select(FieldUpload).where(FieldUpload.digest == digest, FieldUpload.dry_run.is_(False)).limit(1)
    )
    if known is not None and not dry_run:
        return _read_after_all(work, known, content)
    received = open_enrolments(content)
    file = received.file
    officer = officer_by_code(work, file.officer_code)
    if officer is None:
        raise OfficerNotThere(officer=file.officer_code[:20])
    upload = work.add(
        FieldUpload(
            jurisdiction_id=officer.jurisdiction_id,
            officer_code=officer.code,
            digest=digest,
            content=content.decode("latin-1"),
            dry_run=dry_run,
            families=file.count,
            not_kept=list(received.not_kept),
            outcomes=[],
            sent_by=work.actor.id,
            sent_at=work.now(),
        )
    )
    return _queued(work, upload)


def forget_discarded(work: Work) -> None:
    """Delete the files whose job somebody discarded; what came of their families until then stays (I13)."""
    waits = select(JobRecord.id).where(JobRecord.id == FieldUpload.job_id, JobRecord.state.in_(_WAITS))
    left = update(FieldUpload).where(
        FieldUpload.job_id.is_not(None), FieldUpload.content.is_not(None), ~waits.exists()
    )
    work.session.execute(
        left.values(content=None, version=FieldUpload.version + 1),
        execution_options={"synchronize_session": False},
    )


def read_file(work: Work, upload_id: UUID, progress: Progress) -> None:
    """Take the families of a kept file in; each is saved with its outcome before the next one starts.

    Raises:
        NotFound: the upload is not visible.

    """
    upload = work.session.get(FieldUpload, upload_id)
    if upload is None:
        raise NotFound(type="FieldUpload")
    if upload.content is None:
        return
    received = open_enrolments(upload.content.encode("latin-1"))
    file = received.file

    def save(position: int, outcome: FamilyOutcome) -> None:
        upload.outcomes = [*upload.outcomes, as_plain(outcome)]
        work.session.flush()
        progress.checkpoint({"done": position + 1}, done=position + 1, total=len(file.families))

    rehearsal = Rehearsal() if upload.dry_run else None
    if rehearsal is not None:
        upload.outcomes = []  # what earlier families would have taken is remembered nowhere: begin again
    start = len(upload.outcomes)
    import_families(work, file, rehearsal=rehearsal, photos=received.photos, start=start, done=save)
    upload.content, upload.read_at = None, work.now()
    work.session.flush()
    progress.result({"families": len(file.families), "refused": _refused(upload)})


def _read_after_all(work: Work, upload: FieldUpload, content: bytes) -> FieldUpload:
    state = work.session.scalar(select(JobRecord.state).where(JobRecord.id == upload.job_id))
    if upload.read_at is not None or state in _WAITS:
        return upload
    upload.content = content.decode("latin-1")
    return _queued(work, upload)


def _queued(work: Work, upload: FieldUpload) -> FieldUpload:
    work.session.flush()
    upload.job_id = work.enqueue(
        "insurance.read_enrolments", key=f"insurance.upload.{upload.id}", upload_id=upload.id
    )
    work.session.flush()
    return upload


def _refused(upload: FieldUpload) -> int:
    return sum(1 for outcome in upload.outcomes if outcome["code"] != 0)
