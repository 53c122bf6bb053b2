"""A report as a table: columns, rows, and the row of totals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from msingi.money import Money
from msingi.reports.definition import ColumnKind

Value = str | int | Decimal | Money | date | None


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report."""

    name: str = field(metadata={"doc": "Name of the column."})
    label: str = field(metadata={"doc": "Heading in your language."})
    kind: ColumnKind = field(metadata={"doc": "What it holds."})


@dataclass(frozen=True, slots=True)
class ReportTable:
    """The rows of a report, ordered by what they are grouped by, and their totals."""

    name: str
    title: str
    since: date
    until: date
    columns: Sequence[ReportColumn]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value]
