"""What a module says about a report: its rows, what they are grouped by, and what is added up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Select

from msingi.plugin import Permission

if TYPE_CHECKING:
    from msingi.work import Work


Rows: TypeAlias = Select[*tuple[Any, ...]]
"""What the function of a report returns: one row per fact."""


class ColumnKind(StrEnum):
    """What a column of a report holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    NUMBER = "number"


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
class Report:
    """A report: ``rows`` returns one row per fact with the columns ``place_id``, ``day``, dimensions and measures.

    The rows are selected through the models, so that the row scope of the reader holds for the sums too.
    Every report can also be grouped by each level of places, by ``month`` and by ``year``.
    """

    name: str
    title: str
    rows: Callable[["Work"], Rows]
    allow: Permission
    dimensions: Mapping[str, Dimension]
    measures: tuple[Measure, ...]


def counted(name: str, label: str) -> Measure:
    """A number of things."""
    return Measure(name, label, ColumnKind.COUNT)


def money(name: str, label: str) -> Measure:
    """A sum of money."""
    return Measure(name, label, ColumnKind.MONEY)


def number(name: str, label: str) -> Measure:
    """A sum of anything else."""
    return Measure(name, label, ColumnKind.NUMBER)
