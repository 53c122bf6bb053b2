"""Runs reports: one statement, grouped in the database, over the rows that the reader may see."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from msingi.i18n import in_language
from msingi.money import Money
from msingi.reports.definition import ColumnKind, Measure, Report
from msingi.reports.errors import PeriodTurned, TooManyLines, UnknownGrouping, UnknownReport
from msingi.reports.question import Question
from msingi.reports.statement import MONTH, YEAR, statement_of
from msingi.reports.table import ReportColumn, ReportTable, Value

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work

MOST_LINES: Final = 10_000
MOST_WORKED_OUT: Final = 100_000
"""Lines from which sums are worked out: they are held in memory together."""
_Line = tuple[Any, ...]


def known_reports(platform: "Platform") -> dict[str, Report]:
    """The reports of the enabled modules, by name."""
    return {report.name: report for plugin in platform.plugins for report in plugin.contributions.reports}


def readable_reports(work: "Work") -> list[Report]:
    """The reports that the actor may read."""
    return [report for report in known_reports(work.platform).values() if work.may(report.allow)]


def groupings(work: "Work", report: Report) -> dict[str, str]:
    """What a report can be grouped by, with headings in the reader's language."""
    profile = work.platform.profile
    places = {level.code: in_language(level.names, work.language) for level in profile.levels}
    others = {one.name: one.label for one in (*report.dimensions.values(), MONTH, YEAR)}
    say = work.platform.texts.get
    return places | {name: say(label, work.language) for name, label in others.items()}


def run_report(work: "Work", question: Question) -> ReportTable:
    """Group and add up in one statement; what no statement gives is worked out from its lines.

    Raises:
        UnknownReport, UnknownGrouping, PeriodTurned: the question is wrong.
        TooManyLines: there are more than 10,000 lines, or more than 100,000 from which sums are worked out.

    """
    known = known_reports(work.platform)
    report = known.get(question.report)
    if report is None:
        raise UnknownReport(name=question.report, known=", ".join(sorted(known)))
    if question.until < question.since:
        raise PeriodTurned
    headings = _headings(work, report, question.by)
    with work.allowed(report.allow):
        found = _lines(work, report, question)
        work.platform.trail.opened(work, report.allow, f"report {report.name}", [])
    _refuse_more(found, MOST_LINES)
    return _table(work, report, question, headings, found)


def _lines(work: "Work", report: Report, question: Question) -> list[_Line]:
    """The lines in the order of what they are grouped by, the same on every engine."""
    worked_out = report.worked_out
    most = MOST_WORKED_OUT if worked_out else MOST_LINES
    found = work.session.execute(statement_of(work, report, question).limit(most + 1)).all()
    _refuse_more(found, most)
    groups = len(question.by)
    ordered = sorted(found, key=lambda row: [_rank(value) for value in row[: groups + len(report.keys)]])
    if worked_out is None:
        return [tuple(row) for row in ordered]
    first_sum = groups + len(report.keys)
    joined: dict[_Line, _Line] = {}
    for row, others in zip(ordered, worked_out.function(work, question, ordered), strict=True):
        by, sums = tuple(row[:groups]), (*row[first_sum:], *others)
        joined[by] = _together(report.every_measure, [joined[by], sums]) if by in joined else sums
    return [(*by, *sums) for by, sums in joined.items()]


def _refuse_more(found: Sequence[object], most: int) -> None:
    if len(found) > most:
        raise TooManyLines(most=most)


def _rank(value: Any) -> tuple[bool, float, str]:
    """Numbers by their size, texts by their letters, nothing last: engines and their locales order otherwise."""
    if isinstance(value, int | float | Decimal):
        return False, float(value), ""
    return value is None, 0.0, str(getattr(value, "value", value))


def _together(measures: Sequence[Measure], lines: Sequence[Sequence[Any]]) -> _Line:
    """Lines added up; of days the latest."""
    columns = zip(*lines, strict=True) if lines else ((),) * len(measures)
    return tuple(
        max((value for value in column if value is not None), default=None)
        if measure.kind is ColumnKind.DAY
        else sum(value or 0 for value in column)
        for measure, column in zip(measures, columns, strict=True)
    )


def _headings(work: "Work", report: Report, by: Sequence[str]) -> list[ReportColumn]:
    possible = groupings(work, report)
    for name in by:
        if name not in possible:
            raise UnknownGrouping(report=report.name, name=name[:40], known=", ".join(possible))
    say = work.platform.texts.get
    return [ReportColumn(name, possible[name], ColumnKind.TEXT) for name in by] + [
        ReportColumn(measure.name, say(measure.label, work.language), measure.kind)
        for measure in report.every_measure
    ]


def _table(
    work: "Work",
    report: Report,
    question: Question,
    columns: Sequence[ReportColumn],
    found: Sequence[_Line],
) -> ReportTable:
    groups = len(question.by)
    measures = report.every_measure
    rows = [
        (*_texts(question.by, row), *_values(work, measures, row[groups:]))
        for row in found
        if any(value is not None for value in row[groups:])
    ]
    sums = _together(measures, [row[groups:] for row in found])
    title = work.platform.texts.get(report.title, work.language)
    total = (*[None] * groups, *_values(work, measures, sums))
    return ReportTable(report.name, title, question.since, question.until, columns, rows, total)


def _texts(by: Sequence[str], row: Sequence[Any]) -> Iterable[str]:
    for name, value in zip(by, row, strict=False):
        if value is None:
            yield ""
        elif name == MONTH.name:
            yield f"{int(value) // 100:04}-{int(value) % 100:02}"
        else:
            yield str(getattr(value, "value", value))


def _values(work: "Work", measures: Sequence[Measure], values: Sequence[Any]) -> Iterable[Value]:
    profile = work.platform.profile
    for measure, value in zip(measures, values, strict=True):
        match measure.kind:
            case ColumnKind.MONEY:
                yield Money.from_minor(int(value or 0), profile.currency)
            case ColumnKind.COUNT:
                yield int(value or 0)
            case ColumnKind.DAY:
                yield value and value.astimezone(ZoneInfo(profile.timezone)).date()
            case _:
                yield cast("Decimal | None", value)
