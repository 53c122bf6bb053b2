"""What a module says about a report: its rows, what they are grouped by, and what is added up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import CompoundSelect, Row, Select

from msingi.plugin import Permission
from msingi.reports.question import Question

if TYPE_CHECKING:
    from msingi.work import Work


Rows: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
"""What the function of a report returns: one row per fact."""
Lines: TypeAlias = Sequence[Row[*tuple[Any, ...]]]
"""What the database has added up: each line has the keys and the sums by their names."""


class ColumnKind(StrEnum):
    """What a column of a report holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows are grouped by: a labelled column of the rows; ``label`` is English, catalogues translate it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What is added up: a labelled column of the rows. Money columns hold minor units of the country's currency."""

    name: str
    label: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Sums that no statement gives: worked out in Python from what the database has added up.

    The database adds the rows up by what is asked and by ``keys``, further columns of the rows; ``function(work,
    question, lines)`` gets all lines at once, at most 100,000, always in the same order, and returns for each of them
    a list with one whole number for each of ``sums``, money in minor units. The engine then adds the lines up to what
    is asked. The function sends no query per line.
    """

    keys: tuple[str, ...]
    sums: tuple[Measure, ...]
    function: Callable[["Work", Question, Lines], Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: ``rows`` returns one row per fact with the columns ``place_id``, ``day``, dimensions and measures.

    Instead of ``day`` the rows may have ``at``, an instant: it belongs to its day in the country's time zone, and a row
    without one counts in every period. The rows are selected through the models, so that the row scope of the reader
    holds for the sums too. Every report can also be grouped by each level of places, by ``month`` and by ``year``.
    """

    name: str
    title: str
    rows: Callable[["Work"], Rows]
    allow: Permission
    dimensions: Mapping[str, Dimension]
    measures: tuple[Measure, ...]
    worked_out: WorkedOut | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns by which the rows are added up beside those that are asked for."""
        return self.worked_out.keys if self.worked_out else ()

    @property
    def every_measure(self) -> tuple[Measure, ...]:
        """What the database adds up, then what is worked out."""
        return self.measures + (self.worked_out.sums if self.worked_out else ())


def counted(name: str, label: str) -> Measure:
    """A number of things."""
    return Measure(name, label, ColumnKind.COUNT)


def money(name: str, label: str) -> Measure:
    """A sum of money."""
    return Measure(name, label, ColumnKind.MONEY)


def number(name: str, label: str) -> Measure:
    """A sum of anything else."""
    return Measure(name, label, ColumnKind.NUMBER)


def latest(name: str, label: str) -> Measure:
    """The latest of instants, shown as its day in the country."""
    return Measure(name, label, ColumnKind.DAY)
