"""The statement of a report: rows of the days and places asked for, added up by the database."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, case, extract, func, or_, select
from sqlalchemy.orm import aliased

from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.reports.definition import ColumnKind, Dimension, Measure, Report
from msingi.reports.question import Question

if TYPE_CHECKING:
    from msingi.work import Work

MONTH: Final = Dimension("month", "Month")
YEAR: Final = Dimension("year", "Year")
_DAY: Final = "day"


def statement_of(work: "Work", report: Report, question: Question) -> Select[Any]:
    """What the question is grouped by, then the keys of what is worked out, then the sums; in no order."""
    rows = report.rows(work).subquery()
    asked = _Asked(work, rows, question)
    statement: Select[Any] = select().select_from(rows)
    groups: list[ColumnElement[Any]] = []
    for place, name in enumerate(question.by):
        statement, column = asked.grouped(statement, name)
        groups.append(column.label(f"by_{place}"))
    keys = [rows.c[name].label(name) for name in report.keys]
    sums = [_added(rows.c[one.name], one).label(one.name) for one in report.measures]
    return asked.limited(statement.add_columns(*groups, *keys, *sums)).group_by(*groups, *keys)


class _Asked:
    """The rows of a report and what is asked of them."""

    def __init__(self, work: "Work", rows: Subquery, question: Question) -> None:
        self.work = work
        self.rows = rows
        self.question = question
        self.zone = ZoneInfo(work.platform.profile.timezone)
        self.levels = {level.code: depth for depth, level in enumerate(work.platform.profile.levels)}

    def limited(self, statement: Select[Any]) -> Select[Any]:
        """Only rows of the days and places asked for."""
        statement = statement.where(self._within_days())
        if self.question.place_id is None:
            return statement
        below = select(JurisdictionClosure.descendant_id).where(
            JurisdictionClosure.ancestor_id == self.question.place_id
        )
        return statement.where(self.rows.c.place_id.in_(below))

    def grouped(self, statement: Select[Any], name: str) -> tuple[Select[Any], ColumnElement[Any]]:
        """The statement with what the column of a grouping needs, and the column."""
        if name in self.levels:
            above = _places_at(self.levels[name])
            return statement.outerjoin(above, above.c.descendant_id == self.rows.c.place_id), above.c.name
        if name not in {MONTH.name, YEAR.name}:
            return statement, self.rows.c[name]
        if _DAY not in self.rows.c:
            return statement, self._span_of_instant(name)
        year = extract("year", self.rows.c.day)
        return statement, year if name == YEAR.name else year * 100 + extract("month", self.rows.c.day)

    def _within_days(self) -> ColumnElement[bool]:
        since, until = self.question.since, self.question.until
        if _DAY in self.rows.c:
            return self.rows.c.day.between(since, until)
        at = self.rows.c.at
        within = at >= self._start(since)
        if until < date.max:
            within &= at < self._start(until + timedelta(days=1))
        return or_(at.is_(None), within)

    def _start(self, day: date) -> datetime:
        """The first instant of a day in the country."""
        return datetime.combine(max(day, date(1, 1, 2)), time(), self.zone)

    def _span_of_instant(self, name: str) -> ColumnElement[Any]:
        """The month or year of an instant in the country: compared with the first instants of those that hold rows."""
        at = self.rows.c.at
        between = self.limited(select(func.min(at), func.max(at)).select_from(self.rows))
        first, last = self.work.session.execute(between).one()
        if first is None:
            return case((at.is_not(None), 0), else_=None)
        days = (first.astimezone(self.zone).date(), last.astimezone(self.zone).date())
        firsts = list(_months(*days) if name == MONTH.name else _years(*days))
        return case(
            *((at >= self._start(start), _number(start, name)) for start in reversed(firsts)), else_=None
        )


def _added(column: ColumnElement[Any], measure: Measure) -> ColumnElement[Any]:
    return func.max(column) if measure.kind is ColumnKind.DAY else func.sum(column)


def _places_at(level: int) -> Subquery:
    place, step = aliased(Jurisdiction), aliased(JurisdictionClosure)
    return (
        select(step.descendant_id, place.name)
        .join(place, place.id == step.ancestor_id)
        .where(place.level == level)
        .subquery()
    )


def _months(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _years(first: date, last: date) -> Iterator[date]:
    for year in range(first.year, last.year + 1):
        yield date(year, 1, 1)


def _number(start: date, name: str) -> int:
    return start.year if name == YEAR.name else start.year * 100 + start.month
