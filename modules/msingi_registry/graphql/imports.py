"""The GraphQL face of imports: start one that was uploaded, read its report."""

from dataclasses import dataclass, field
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.tabular import Mode
from msingi.work import Work
from msingi_registry.imports import files
from msingi_registry.imports.report import ImportReport
from msingi_registry.imports.report import import_report as report_of
from msingi_registry.plugin import IMPORT_DATA, plugin


class ColumnChoice(BaseModel):
    """Which field a column of the file holds."""

    model_config = ConfigDict(frozen=True)

    column: str = Field(max_length=200, description="Name in the header of the file.")
    field: str = Field(max_length=64, description="Field of the list, such as name or place.")


class ImportStart(BaseModel):
    """How an uploaded list is read."""

    model_config = ConfigDict(frozen=True)

    file_id: UUID = Field(description="The uploaded file.")
    mode: Mode = Field(default=Mode.ALL_OR_NOTHING, description="What a bad line means for the others.")
    dry_run: bool = Field(default=True, description="Report only: everything is undone.")
    columns: list[ColumnChoice] = Field(
        default=[],
        max_length=256,
        description="Fields of columns that bear other names; others are left aside.",
    )


@dataclass(frozen=True, slots=True)
class ImportTicket:
    """A list that waits to be read."""

    import_id: UUID = field(metadata={"doc": "The import."})
    job_id: UUID = field(metadata={"doc": "The job that reads it; ask importReport for it."})


@plugin.mutation(allow=IMPORT_DATA)
def start_import(work: Work, input: ImportStart) -> ImportTicket:  # noqa: A002 - the name that callers see
    """Read an uploaded list as a background job, by default as a dry run."""
    mapping = {choice.column: choice.field for choice in input.columns}
    run, job_id = files.start_run(
        work, input.file_id, mode=input.mode, dry_run=input.dry_run, mapping=mapping
    )
    return ImportTicket(run.id, job_id)


@plugin.query(allow=IMPORT_DATA)
def import_report(work: Work, job_id: UUID, first: int = 50, after: int = 0) -> ImportReport:
    """What became of a list, line by line; ``after`` is the position of the last message seen."""
    return report_of(work, job_id, first=first, after=after)
