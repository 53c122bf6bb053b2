"""Rows of a model read without objects: its columns, and the values that are made of several of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from msingi.db import Model, Scoped, WorkSession
from msingi.errors import TooManyRows
from msingi.graphql.pages import Making, RowPage
from msingi.scoping import below_roots

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

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """The columns of the bare table."""
        return tuple(column_of(self.model, name) for name in self.names)

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
    rows = _read(session, shape, _by_key(shape, ID, bounded=_is_bounded(session, model)), wanted)
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
    statement = _by_key(shape, column.key, bounded=_is_bounded(session, model))
    statement = statement.order_by(column_of(model, ID) if order_by is None else order_by)
    rows = _read(session, shape, statement.limit(MOST_CHILDREN + 1), parents)
    if len(rows) > MOST_CHILDREN:
        raise TooManyRows(most=MOST_CHILDREN)
    return shape.pages(rows, column.key)


def _is_bounded(session: WorkSession, model: type[Model]) -> bool:
    return issubclass(model, Scoped) and not session.scope.everywhere


def _read(
    session: WorkSession, shape: Shape, statement: Select[Any], keys: Collection[UUID]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows past the making of objects; the statement carries the criterion of the scope itself."""
    session.flush()
    given = {"keys": list(keys)}
    if _is_bounded(session, shape.model):
        given |= session.scope_roots()
    return session.connection().execute(statement, given).all()


@lru_cache(maxsize=4_096)
def _by_key(shape: Shape, key: str, *, bounded: bool) -> Select[Any]:
    """A select of the bare table by the ``keys``, inside the scope when it has bounds; building it costs like running it."""
    keys: BindParameter[UUID] = bindparam("keys", expanding=True)
    statement = select(*shape.columns).where(column_of(shape.model, key).in_(keys))
    return statement.where(below_roots(column_of(shape.model, "jurisdiction_id"))) if bounded else statement


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
