"""The GraphQL face of imports: start one that was uploaded, read its report."""

from dataclasses import dataclass, field
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.tabular import Mode
from msingi.work import Work
from msingi_catalogue.imports.reading import reading_with
from msingi_catalogue.imports.strategy import Strategy
from msingi_catalogue.plugin import IMPORT_CATALOGUE, plugin
from msingi_registry import ImportReport, import_report, start_run


class CatalogueColumn(BaseModel):
    """Which field a column of the file holds."""

    model_config = ConfigDict(frozen=True)

    column: str = Field(max_length=200, description="Name in the header of the file.")
    field: str = Field(max_length=64, description="Field of the list, such as code or price.")


class CatalogueImportStart(BaseModel):
    """How an uploaded list is read."""

    model_config = ConfigDict(frozen=True)

    file_id: UUID = Field(description="The uploaded file.")
    strategy: Strategy = Field(default=Strategy.UPSERT, description="What the list may do to the register.")
    mode: Mode = Field(default=Mode.ALL_OR_NOTHING, description="What a bad line means for the others.")
    dry_run: bool = Field(default=True, description="Report only: everything is undone.")
    columns: list[CatalogueColumn] = Field(
        default=[],
        max_length=256,
        description="Fields of columns that bear other names; others are left aside.",
    )


@dataclass(frozen=True, slots=True)
class CatalogueImportTicket:
    """A list that waits to be read."""

    import_id: UUID = field(metadata={"doc": "The import."})
    job_id: UUID = field(metadata={"doc": "The job that reads it; ask catalogueImportReport for it."})


@plugin.mutation(allow=IMPORT_CATALOGUE)
def start_catalogue_import(work: Work, input: CatalogueImportStart) -> CatalogueImportTicket:  # noqa: A002
    """Read an uploaded list as a background job, by default as a dry run."""
    run, job_id = start_run(
        work,
        input.file_id,
        mode=input.mode,
        dry_run=input.dry_run,
        mapping={choice.column: choice.field for choice in input.columns},
        reading=reading_with(input.strategy),
    )
    return CatalogueImportTicket(run.id, job_id)


@plugin.query(allow=IMPORT_CATALOGUE)
def catalogue_import_report(work: Work, job_id: UUID, first: int = 50, after: int = 0) -> ImportReport:
    """What became of a list, line by line; ``after`` is the position of the last message seen."""
    return import_report(work, job_id, first=first, after=after)
