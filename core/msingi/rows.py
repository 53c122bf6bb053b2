"""Rows of a model read without objects: its columns, and the values that are made of several of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from msingi.db import Model, Scoped, WorkSession, scope_criterion
from msingi.errors import TooManyRows
from msingi.graphql.pages import Making, RowPage

ID = "id"
MOST_CHILDREN = 20_000
"""Rows below the parents of one page."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The columns of a model that rows hold, and the attributes that are made of them."""

    model: type[Model]
    names: tuple[str, ...]
    made: Mapping[str, Making]

    @property
    def attributes(self) -> tuple[Any, ...]:
        """The mapped attributes, for statements on the model."""
        return tuple(getattr(self.model, name) for name in self.names)

    def select(self, session: WorkSession) -> Select[Any]:
        """A select of the columns from the bare table, inside the present scope."""
        statement = select(*(column_of(self.model, name) for name in self.names))
        if not issubclass(self.model, Scoped):
            return statement
        criterion = scope_criterion(column_of(self.model, "jurisdiction_id"), session.scope)
        return statement if criterion is None else statement.where(criterion)

    def page(self, rows: Sequence[Any]) -> RowPage[Any]:
        """Rows of these columns as a page; composite attributes (money) are made when they are asked for."""
        return RowPage(self.names, rows, self.made)

    def pages(self, rows: Sequence[Any], key: str) -> dict[Any, RowPage[Any]]:
        """The rows as pages by the value of one column, each in the order of the rows."""
        place = self.names.index(key)
        groups: dict[Any, list[Any]] = {}
        for row in rows:
            groups.setdefault(row[place], []).append(row)
        return {value: self.page(group) for value, group in groups.items()}


def column_of(model: type[Model], name: str) -> ColumnElement[Any]:
    """The column of the table behind an attribute."""
    column: ColumnElement[Any] = model.__mapper__.column_attrs[name].columns[0]
    return column


def rows_by_id(
    session: WorkSession, model: type[Model], ids: Iterable[UUID | None], attributes: frozenset[str] | None
) -> dict[UUID, Any]:
    """Rows by id, in one query, with these attributes or with all."""
    wanted = {record_id for record_id in ids if record_id is not None}
    if not wanted:
        return {}
    shape = shape_of(model, attributes)
    session.flush()
    rows = session.execute(shape.select(session).where(column_of(model, ID).in_(wanted))).all()
    place = shape.names.index(ID)
    return {row[place]: view for row, view in zip(rows, shape.page(rows), strict=True)}


def pages_below(
    session: WorkSession,
    column: InstrumentedAttribute[Any],
    parents: Sequence[UUID],
    *,
    order_by: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None,
    attributes: frozenset[str] | None = None,
) -> dict[UUID, RowPage[Any]]:
    """The rows of ``column``'s model by the parent that the column names, in one query.

    Raises:
        TooManyRows: the parents have more than 20,000 rows together, a hundred for each of a full page.

    """
    model: type[Model] = column.class_  # type: ignore[assignment]
    shape = shape_of(model, None if attributes is None else attributes | {column.key})
    session.flush()
    statement = shape.select(session).where(column_of(model, column.key).in_(parents))
    order = column_of(model, ID) if order_by is None else order_by
    rows = session.execute(statement.order_by(order).limit(MOST_CHILDREN + 1)).all()
    if len(rows) > MOST_CHILDREN:
        raise TooManyRows(most=MOST_CHILDREN)
    return shape.pages(rows, column.key)


@lru_cache(maxsize=4_096)
def shape_of(model: type[Model], attributes: frozenset[str] | None = None) -> Shape:
    """The shape that bears these attributes and the id; without any named, all that the model has."""
    composites = model.__mapper__.composites
    wanted = None if attributes is None else {ID, *attributes}
    if wanted is not None:
        wanted |= {part.key for name in wanted & set(composites.keys()) for part in composites[name].props}
    names = tuple(
        attribute.key
        for attribute in model.__mapper__.column_attrs
        if wanted is None or attribute.key in wanted
    )
    made: dict[str, Making] = {
        composite.key: (
            composite.composite_class,
            tuple(names.index(part.key) for part in composite.props),
        )
        for composite in composites
        if wanted is None or composite.key in wanted
    }
    return Shape(model, names, MappingProxyType(made))
