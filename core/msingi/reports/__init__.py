"""Reports: counts and sums of a module's rows by place, time and whatever the module names."""

from msingi.reports.definition import (
    ColumnKind,
    Dimension,
    Lines,
    Measure,
    Report,
    Rows,
    WorkedOut,
    counted,
    latest,
    money,
    number,
)
from msingi.reports.question import Question
from msingi.reports.table import ReportColumn, ReportTable

__all__ = [
    "ColumnKind",
    "Dimension",
    "Lines",
    "Measure",
    "Question",
    "Report",
    "ReportColumn",
    "ReportTable",
    "Rows",
    "WorkedOut",
    "counted",
    "latest",
    "money",
    "number",
]
