"""Runs reports: one statement, grouped in the database, over the rows that the reader may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, extract, func, select
from sqlalchemy.orm import aliased

from msingi.i18n import in_language
from msingi.money import Money
from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.reports.definition import ColumnKind, Dimension, Measure, Report
from msingi.reports.errors import PeriodTurned, TooManyLines, UnknownGrouping, UnknownReport
from msingi.reports.table import ReportColumn, ReportTable, Value

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work

MOST_LINES: Final = 10_000
MONTH, YEAR = Dimension("month", "Month"), Dimension("year", "Year")


@dataclass(frozen=True, slots=True)
class Question:
    """Which report, grouped by what, over which days (both included), and below which place."""

    report: str
    by: tuple[str, ...]
    since: date
    until: date
    place_id: UUID | None = None


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
    """Group and add up in one statement.

    Raises:
        UnknownReport, UnknownGrouping, PeriodTurned: the question is wrong.
        TooManyLines: there are more than 10,000 lines.

    """
    known = known_reports(work.platform)
    report = known.get(question.report)
    if report is None:
        raise UnknownReport(name=question.report, known=", ".join(sorted(known)))
    if question.until < question.since:
        raise PeriodTurned
    headings = _headings(work, report, question.by)
    with work.allowed(report.allow):
        found = work.session.execute(_statement(work, report, question)).all()
        work.platform.trail.opened(work, report.allow, f"report {report.name}", [])
    if len(found) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    return _table(work, report, question, headings, [tuple(row) for row in found])


def _headings(work: "Work", report: Report, by: Sequence[str]) -> list[ReportColumn]:
    possible = groupings(work, report)
    for name in by:
        if name not in possible:
            raise UnknownGrouping(report=report.name, name=name[:40], known=", ".join(possible))
    say = work.platform.texts.get
    return [ReportColumn(name, possible[name], ColumnKind.TEXT) for name in by] + [
        ReportColumn(measure.name, say(measure.label, work.language), measure.kind)
        for measure in report.measures
    ]


def _statement(work: "Work", report: Report, question: Question) -> Select[Any]:
    rows = report.rows(work).subquery()
    statement: Select[Any] = select().select_from(rows)
    groups: list[ColumnElement[Any]] = []
    for name in question.by:
        statement, column = _grouped(work, statement, rows, name)
        groups.append(column)
    statement = statement.add_columns(*groups, *(func.sum(rows.c[one.name]) for one in report.measures))
    statement = statement.where(rows.c.day.between(question.since, question.until))
    if question.place_id is not None:
        statement = statement.where(rows.c.place_id.in_(_below(question.place_id)))
    ordered = [group.nulls_last() for group in groups]
    return statement.group_by(*groups).order_by(*ordered).limit(MOST_LINES + 1)


def _grouped(
    work: "Work", statement: Select[Any], rows: Subquery, name: str
) -> tuple[Select[Any], ColumnElement[Any]]:
    levels = {level.code: depth for depth, level in enumerate(work.platform.profile.levels)}
    if name in levels:
        above = _places_at(levels[name])
        return statement.outerjoin(above, above.c.descendant_id == rows.c.place_id), above.c.name
    if name == MONTH.name:
        return statement, extract("year", rows.c.day) * 100 + extract("month", rows.c.day)
    if name == YEAR.name:
        return statement, extract("year", rows.c.day)
    return statement, rows.c[name]


def _places_at(level: int) -> Subquery:
    place, step = aliased(Jurisdiction), aliased(JurisdictionClosure)
    return (
        select(step.descendant_id, place.name)
        .join(place, place.id == step.ancestor_id)
        .where(place.level == level)
        .subquery()
    )


def _below(place_id: UUID) -> Select[Any]:
    return select(JurisdictionClosure.descendant_id).where(JurisdictionClosure.ancestor_id == place_id)


def _table(
    work: "Work",
    report: Report,
    question: Question,
    columns: Sequence[ReportColumn],
    found: Sequence[tuple[Any, ...]],
) -> ReportTable:
    currency = work.platform.profile.currency
    groups = len(question.by)
    measures = report.measures
    rows = [
        (*_texts(question.by, row), *_values(measures, row[groups:], currency))
        for row in found
        if any(value is not None for value in row[groups:])
    ]
    sums = [sum(row[groups + at] or 0 for row in found) for at in range(len(measures))]
    title = work.platform.texts.get(report.title, work.language)
    total = (*[None] * groups, *_values(measures, sums, currency))
    return ReportTable(report.name, title, question.since, question.until, columns, rows, total)


def _texts(by: Sequence[str], row: Sequence[Any]) -> Iterable[str]:
    for name, value in zip(by, row, strict=False):
        if value is None:
            yield ""
        elif name == MONTH.name:
            yield f"{int(value) // 100:04}-{int(value) % 100:02}"
        else:
            yield str(getattr(value, "value", value))


def _values(measures: Sequence[Measure], values: Sequence[Any], currency: str) -> Iterable[Value]:
    for measure, value in zip(measures, values, strict=True):
        match measure.kind:
            case ColumnKind.MONEY:
                yield Money.from_minor(int(value or 0), currency)
            case ColumnKind.COUNT:
                yield int(value or 0)
            case _:
                yield cast("Decimal | None", value)
