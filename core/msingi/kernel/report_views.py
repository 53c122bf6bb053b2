"""What the API shows of reports: the list of those that a reader may run, and their tables in plain texts."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from msingi.reports import ColumnKind, Question, ReportTable
from msingi.reports.engine import groupings, readable_reports, run_report
from msingi.reports.table import Value

if TYPE_CHECKING:
    from msingi.work import Work


@dataclass(frozen=True, slots=True)
class ReportGrouping:
    """Something that a report can be grouped by."""

    name: str = field(metadata={"doc": "Name, to be sent in `by`."})
    label: str = field(metadata={"doc": "Heading in your language."})


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report that you may run."""

    name: str = field(metadata={"doc": "Name of the report: plugin.report."})
    title: str = field(metadata={"doc": "Title in your language."})
    groupings: list[ReportGrouping] = field(metadata={"doc": "What it can be grouped by."})


@dataclass(frozen=True, slots=True)
class ReportHeading:
    """A column of a report."""

    name: str = field(metadata={"doc": "Name of the column."})
    label: str = field(metadata={"doc": "Heading in your language."})
    kind: ColumnKind = field(metadata={"doc": "What it holds."})


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line of a report."""

    cells: list[str] = field(
        metadata={"doc": "One text per column: amounts as `1500 XAF`, numbers in digits, days as 2026-03-10."}
    )


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A report as a table; the same as a file under /api/core/reports/NAME.csv, .xlsx or .pdf."""

    title: str = field(metadata={"doc": "Title in your language."})
    since: date = field(metadata={"doc": "First day."})
    until: date = field(metadata={"doc": "Last day."})
    columns: list[ReportHeading] = field(metadata={"doc": "The columns in order."})
    rows: list[ReportRow] = field(metadata={"doc": "The lines, ordered by what they are grouped by."})
    total: ReportRow = field(metadata={"doc": "The totals; empty for the columns of groupings."})


def list_reports(work: "Work") -> list[ReportInfo]:
    """The reports that the actor may run."""
    say = work.platform.texts.get
    return [
        ReportInfo(
            report.name,
            say(report.title, work.language),
            [ReportGrouping(name, label) for name, label in groupings(work, report).items()],
        )
        for report in readable_reports(work)
    ]


def answer_report(
    work: "Work", name: str, *, by: list[str], since: date, until: date, place_id: UUID | None
) -> ReportAnswer:
    """Run a report and write its cells as texts; refusals as of `run_report`."""
    table = run_report(work, Question(name, tuple(by), since, until, place_id))
    return _answer(table)


def _answer(table: ReportTable) -> ReportAnswer:
    return ReportAnswer(
        table.title,
        table.since,
        table.until,
        [ReportHeading(column.name, column.label, column.kind) for column in table.columns],
        [ReportRow([_text(value) for value in row]) for row in table.rows],
        ReportRow([_text(value) for value in table.total]),
    )


def _text(value: Value) -> str:
    return "" if value is None else str(value)
