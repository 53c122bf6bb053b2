"""Refusals of reports."""

from msingi.errors import DomainError


class UnknownReport(DomainError):
    """No enabled module has a report of this name."""

    code = "report.unknown"
    template = "There is no report “{name}”. Known: {known}."


class UnknownGrouping(DomainError):
    """A report cannot be grouped by this."""

    code = "report.unknown_grouping"
    template = "The report “{report}” cannot be grouped by “{name}”. Known: {known}."


class PeriodTurned(DomainError):
    """A report would end before it begins."""

    code = "report.period_turned"
    template = "The last day is before the first one."


class TooManyLines(DomainError):
    """A report would have more lines than anybody reads."""

    code = "report.too_many_lines"
    template = "The report has more than {most} lines. Choose a shorter period or fewer groupings."


class UnknownReportForm(DomainError):
    """A report is not made in this form."""

    code = "report.unknown_form"
    template = "Reports are given as {forms}."
