"""Reports: counts and sums of a module's rows by place, time and whatever the module names."""

from msingi.reports.definition import ColumnKind, Dimension, Measure, Report, Rows, counted, money, number
from msingi.reports.table import ReportColumn, ReportTable

__all__ = [
    "ColumnKind",
    "Dimension",
    "Measure",
    "Report",
    "ReportColumn",
    "ReportTable",
    "Rows",
    "counted",
    "money",
    "number",
]
