"""What an import answers: counts, and what was said of each line in the reader's language."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.graphql.cost import page_size
from msingi.kernel.models import JobState
from msingi.kernel.services import visible_job
from msingi.tabular import Mode
from msingi.work import Work
from msingi_registry.imports.outcome import template_of
from msingi_registry.models.imports import ImportMessage, ImportRun

_DOC: Final = "doc"


@dataclass(frozen=True, slots=True)
class LineMessage:
    """What was said of one line."""

    position: int = field(metadata={_DOC: "Number of the message; pass the last one as after."})
    line: int = field(metadata={_DOC: "Line of the file, as an editor counts; 0 for the list as a whole."})
    column: str = field(metadata={_DOC: "Column, empty when it is about the whole line."})
    code: str = field(metadata={_DOC: "Stable code."})
    message: str = field(metadata={_DOC: "The sentence, in the reader's language."})
    refuses: bool = field(metadata={_DOC: "Whether the line was left out; otherwise it is only flagged."})


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a list: its counts are those of the last saved step."""

    import_id: UUID = field(metadata={_DOC: "The import."})
    kind: str = field(metadata={_DOC: "What its lines are."})
    mode: Mode = field(metadata={_DOC: "What a bad line means for the others."})
    dry_run: bool = field(metadata={_DOC: "Whether everything was undone."})
    state: JobState = field(metadata={_DOC: "Where the job stands."})
    progress: int = field(metadata={_DOC: "Lines read."})
    total: int | None = field(metadata={_DOC: "Lines in all, once known."})
    created: int = field(metadata={_DOC: "Records added, or that would be."})
    updated: int = field(metadata={_DOC: "Records changed, or that would be."})
    ended: int = field(
        metadata={_DOC: "Records ended because the list does not name them, or that would be."}
    )
    unchanged: int = field(metadata={_DOC: "Records that were the same before."})
    suspicious: int = field(metadata={_DOC: "Lines taken over that a person should look at."})
    refused: int = field(
        metadata={_DOC: "Lines not taken over; one is enough for nothing in all or nothing."}
    )
    failure: str | None = field(metadata={_DOC: "Why the whole file was refused, if it was."})
    messages: list[LineMessage] = field(metadata={_DOC: "What was said of lines, in the order of the file."})


def import_report(work: Work, job_id: UUID, *, first: int = 50, after: int = 0) -> ImportReport:
    """The report of an import of one's own, or of any with the right to read jobs.

    Raises:
        NotFound: there is none; the answer for somebody else's is the same (attack 15).

    """
    job = visible_job(work, job_id)
    run = work.session.scalar(select(ImportRun).where(ImportRun.job_id == job_id))
    if run is None:
        raise NotFound(type="Job")
    return ImportReport(
        import_id=run.id,
        kind=run.kind,
        mode=run.mode,
        dry_run=run.dry_run,
        state=job.state,
        progress=job.progress,
        total=job.total,
        created=run.created,
        updated=run.updated,
        ended=run.ended,
        unchanged=run.unchanged,
        suspicious=run.suspicious,
        refused=run.refused,
        failure=None if run.failure is None else _say(work, run.failure["code"], run.failure["params"]),
        messages=_messages(work, run.id, first, after),
    )


def _messages(work: Work, run_id: UUID, first: int, after: int) -> list[LineMessage]:
    statement = select(ImportMessage).where(ImportMessage.import_id == run_id, ImportMessage.position > after)
    rows = work.session.scalars(statement.order_by(ImportMessage.position).limit(page_size(first)))
    return [
        LineMessage(
            row.position, row.line, row.column, row.code, _say(work, row.code, row.params), row.refuses
        )
        for row in rows
    ]


def _say(work: Work, code: str, params: dict[str, object]) -> str:
    return work.platform.texts.get(template_of(code), work.language).format(**params)
