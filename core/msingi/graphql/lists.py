"""Paged lists: generated filters and orders, and the page that a connection field answers with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry
from graphql import GraphQLResolveInfo
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.types.arguments import StrawberryArgument

from msingi.db import Model, Scoped
from msingi.errors import ConfigurationError, DomainError
from msingi.graphql.asked import asked_of, fields_below
from msingi.graphql.cost import DEFAULT_PAGE, page_size
from msingi.graphql.crowded import is_crowded
from msingi.graphql.keyset import Keyset, SortKey, keyset
from msingi.graphql.made import annotation_of, make_input, make_object, plain_field
from msingi.graphql.pages import RowPage
from msingi.graphql.shapes import Shapes, list_of
from msingi.plugin import Connection, Exposure
from msingi.rows import Shape, shape_of
from msingi.scoping import subtree_of
from msingi.types import SealedText

if TYPE_CHECKING:
    from msingi.work import Work

_TOTAL = "msingi_total"
"""The column in which each row of a page bears the length of the whole list."""
_ROWS = frozenset({"nodes", "edges", "pageInfo"})
MAX_LIST = 200
"""Most values in one ``in`` filter."""


class TooManyValues(DomainError):
    """A filter lists more values than one request may carry."""

    code = "graphql.too_many_values"
    template = "A filter takes at most {most} values."


@strawberry.type(description="Where a page of a list begins and ends.")
class PageInfo:
    """Relay page information."""

    has_next_page: bool = strawberry.field(description="Whether more entries follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether the page was asked for with a cursor.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first entry.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last entry; pass it as after.")


class Edge:
    """One entry of a list with its cursor."""

    __slots__ = ("_keyset", "node")

    def __init__(self, node: Any, order: Keyset) -> None:
        self.node = node
        self._keyset = order

    @property
    def cursor(self) -> str:
        """The opaque place of this entry in the list."""
        return self._keyset.cursor(self.node)


@dataclass(frozen=True, slots=True)
class PageWish:
    """What is asked of a page: the attributes of its rows (None: all), and whether rows and total come together."""

    attributes: frozenset[str] | None
    total: bool


def page_wish(info: GraphQLResolveInfo[Any]) -> PageWish:
    """What the selection below a connection asks for."""
    parts = fields_below(info.field_nodes, info)
    reads = [asked_of(info, way) for way in (("nodes",), ("edges", "node"))]
    attributes = None if None in reads else frozenset().union(*(one for one in reads if one is not None))
    return PageWish(attributes, total="totalCount" in parts and not _ROWS.isdisjoint(parts))


class Page:
    """One page of a list; each part runs its statement only when the caller selected it."""

    def __init__(
        self, work: "Work", statement: Select[Any], order: Keyset, model: type[Model], wish: "PageWish"
    ) -> None:
        self._work = work
        self._scope = work.scope
        self._filtered = statement
        self._keyset = order
        self._model = model
        self._shape = _shape(model, order, wish)
        self._counts_along = wish.total
        self._first = DEFAULT_PAGE
        self._after: str | None = None
        self._within: UUID | None = None

    def cut(self, *, first: int, after: str | None, within: UUID | None) -> "Page":
        """Choose the size and the start of the page; ``within`` is the place that the filter names."""
        self._first, self._after, self._within = first, after, within
        return self

    @cached_property
    def _rows(self) -> Sequence[Any]:
        columns = self._shape.attributes
        if self._counts_along:
            columns = (*columns, self._count().scalar_subquery().label(_TOTAL))
        with self._work.scoped(self._scope):
            crowded = is_crowded(self._work, self._model, self._within)
            order = self._keyset if crowded else self._keyset.aside()
            statement = order.order(self._filtered).with_only_columns(*columns, maintain_column_froms=True)
            if self._after is not None:
                statement = order.after(statement, self._after)
            return self._work.session.rows(statement.limit(self._first + 1))

    def read_ids(self) -> tuple[str, Sequence[UUID]]:
        """What the audit trail is told of a sensitive list: its table, and the rows that were really loaded (P4)."""
        loaded: list[Any] = self.__dict__.get("_rows", [])
        return self._model.__tablename__, [row.id for row in loaded[: self._first]]

    @cached_property
    def nodes(self) -> RowPage[Any]:
        """The entries."""
        page = self._shape.page(self._rows[: self._first])
        return RowPage((*page.columns, _TOTAL), page.rows, page.made) if self._counts_along else page

    @property
    def edges(self) -> list[Edge]:
        """The entries with their cursors."""
        return [Edge(row, self._keyset) for row in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        """Where the page begins and ends."""
        rows = self._rows[: self._first]
        return PageInfo(
            has_next_page=len(self._rows) > self._first,
            has_previous_page=self._after is not None,
            start_cursor=self._keyset.cursor(rows[0]) if rows else None,
            end_cursor=self._keyset.cursor(rows[-1]) if rows else None,
        )

    @cached_property
    def total_count(self) -> int:
        """How many entries the whole list has for this caller; read along with the page where there is one."""
        if self._counts_along and self._rows:
            return int(getattr(self._rows[0], _TOTAL))
        with self._work.scoped(self._scope):
            return int(self._work.session.scalar(self._count()) or 0)

    def _count(self) -> Select[int]:
        inner = self._filtered.order_by(None).with_only_columns(self._model.id, maintain_column_froms=True)
        return select(func.count()).select_from(inner.subquery())


class ListShape:
    """The GraphQL side of one declared connection: its types, its arguments and how they become SQL."""

    def __init__(self, connection: Connection, shapes: Shapes) -> None:
        self.connection = connection
        self.model: type[Model] = connection.model
        if connection.model not in shapes.exposures:
            raise ConfigurationError(
                "{name}: a list of {model}, which is not exposed. Expose it with the fields that it shows.",
                name=_place_of(connection),
                model=connection.model.__name__,
            )
        self._title = connection.name[0].upper() + _camel(connection.name)[1:]
        _refuse_hidden_keys(connection, shapes.exposures[connection.model])
        self._filter = (
            self._make_filter(shapes) if connection.where or issubclass(self.model, Scoped) else None
        )
        self._orders = self._make_orders()
        self.type = self._make_type(shapes)

    def arguments(self) -> list[StrawberryArgument]:
        """first, after, where and orderBy."""
        orders = self._order_enum
        found = [
            StrawberryArgument(
                "first",
                None,
                annotation_of(int),
                description="Size of the page, 1 to 200.",
                default=DEFAULT_PAGE,
            ),
            StrawberryArgument(
                "after",
                None,
                annotation_of(str | None),
                description="Cursor of the entry before the page.",
                default=None,
            ),
            StrawberryArgument(
                "order_by",
                None,
                annotation_of(list_of(orders) | None),
                description="Order; the first value is the default.",
                default=None,
            ),
        ]
        if self._filter is not None:
            found.append(
                StrawberryArgument(
                    "where",
                    None,
                    annotation_of(self._filter | None),
                    description="Filters; all must hold.",
                    default=None,
                )
            )
        return found

    def page(
        self, work: "Work", statement: Select[Any], arguments: Mapping[str, Any], wish: "PageWish"
    ) -> Page:
        """Filter, order and cut what the plugin's function selected."""
        chosen = arguments.get("order_by") or [next(iter(self._order_enum))]
        order = keyset([self._orders[value.name] for value in chosen], self.model.id)
        given = arguments.get("where")
        page = Page(work, statement.where(*self._criteria(given)), order, self.model, wish)
        first, within = page_size(arguments.get("first", DEFAULT_PAGE)), _given(given).get("within")
        return page.cut(first=first, after=arguments.get("after"), within=within)

    def _criteria(self, given: Any) -> list[ColumnElement[bool]]:
        criteria: list[ColumnElement[bool]] = []
        for name, tests in _given(given).items():
            if name == "within":
                criteria.append(self.model.jurisdiction_id.in_(subtree_of([tests])))  # type: ignore[attr-defined]
                continue
            column = getattr(self.model, name)
            criteria.extend(_TESTS[test](column, value) for test, value in _given(tests).items())
        return criteria

    def _make_filter(self, shapes: Shapes) -> Any:
        fields: dict[str, Any] = {}
        for name in self.connection.where:
            column: InstrumentedAttribute[Any] = getattr(self.model, name)
            fields[name] = _filter_of(column.type.python_type, shapes)
            if fields[name] is None:
                text = "{name}: {column} holds values that cannot be filtered."
                raise ConfigurationError(text, name=_place_of(self.connection), column=name)
        if issubclass(self.model, Scoped):
            fields["within"] = UUID
        return _make_filter_type(f"{self._title}Filter", fields, f"Filters of {self.connection.name}.")

    def _make_orders(self) -> dict[str, SortKey]:
        orders: dict[str, SortKey] = {}
        for name in self.connection.order:
            column: InstrumentedAttribute[Any] = getattr(self.model, name)
            if column.expression.nullable:
                text = "{name}: {column} may be empty and cannot be an order."
                raise ConfigurationError(text, name=_place_of(self.connection), column=name)
            orders[f"{name.upper()}_ASC"] = SortKey(column)
            orders[f"{name.upper()}_DESC"] = SortKey(column, descending=True)
        values: Any = Enum(f"{self._title}Order", {name: name for name in orders})  # type: ignore[misc]
        self._order_enum: Any = strawberry.enum(values, description=f"Orders of {self.connection.name}.")
        return orders

    def _make_type(self, shapes: Shapes) -> Any:
        node = shapes.object_type(self.model)
        edge = _make_page_type(
            f"{self._title}Edge",
            {"cursor": (str, "Opaque place of this entry in the list."), "node": (node, "The entry.")},
            f"An entry of {self.connection.name}.",
        )
        return _make_page_type(
            f"{self._title}Connection",
            {
                "nodes": (list_of(node), "The entries of the page."),
                "edges": (list_of(edge), "The entries with their cursors."),
                "page_info": (PageInfo, "Where the page begins and ends."),
                "total_count": (int, "Number of entries in the whole list; computed only when asked for."),
            },
            f"One page of {self.connection.name}.",
        )


def _shape(model: type[Model], order: Keyset, wish: PageWish) -> Shape:
    if wish.attributes is None:
        return shape_of(model)
    return shape_of(model, wish.attributes.union(key.column.key for key in order.keys))


def _refuse_hidden_keys(connection: Connection, exposure: Exposure) -> None:
    """What a caller filters or sorts by, he learns: only what every reader of the model sees may serve (attack 19)."""
    shown = {"id", *exposure.fields} - exposure.guarded.keys()
    columns = exposure.model.__mapper__.column_attrs
    for name in (*connection.where, *connection.order):
        if name in shown and name not in columns:
            text = "{name}: {column} is not one column; callers cannot filter or sort by it."
            raise ConfigurationError(text, name=_place_of(connection), column=name)
        if name not in shown or isinstance(getattr(exposure.model, name).type, SealedText):
            text = "{name}: {column} is not shown to every reader; callers must not filter or sort by it."
            raise ConfigurationError(text, name=_place_of(connection), column=name)


def _place_of(connection: Connection) -> str:
    return f"{connection.function.__module__}.{connection.name}"


def _filter_of(kind: type, shapes: Shapes) -> Any:
    if issubclass(kind, Enum):
        enum = shapes.output(kind, kind.__name__)
        return _make_filter_type(
            f"{kind.__name__}Filter", {"eq": enum, "in_": list_of(enum)}, "Tests on a coded value."
        )
    return next((made for known, made in _FILTERS.items() if issubclass(kind, known)), None)


def _make_filter_type(name: str, kinds: Mapping[str, Any], description: str) -> Any:
    fields = {
        field: (
            kind | None,
            plain_field(_HELP.get(field), name="in" if field == "in_" else None, optional=True),
        )
        for field, kind in kinds.items()
    }
    return make_input(name, fields, description)


def _make_page_type(name: str, kinds: Mapping[str, tuple[Any, str]], description: str) -> Any:
    fields = {field: (kind, plain_field(text)) for field, (kind, text) in kinds.items()}
    return make_object(name, fields, description)


def _given(filters: Any) -> dict[str, Any]:
    if filters is None:
        return {}
    values: dict[str, Any] = vars(filters)
    return {
        name: value for name, value in values.items() if value is not strawberry.UNSET and value is not None
    }


def _one_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    if len(values) > MAX_LIST:
        raise TooManyValues(most=MAX_LIST)
    criterion: ColumnElement[bool] = column.in_(values)
    return criterion


def _starts_with(column: Any, value: str) -> ColumnElement[bool]:
    return or_(*(func.lower(column).startswith(form, autoescape=True) for form in _forms_of(value)))


def _forms_of(text: str) -> list[str]:
    """What the small letters of a beginning may be: an engine may know those of ASCII only and leave É as it is."""
    small = text.lower()
    written = (text, small, text.upper(), text.capitalize(), text.title())
    same = (form for form in written if form.lower() == small)  # a dotless i is no i, whatever its capital
    return sorted({small, *("".join(one.lower() if one.isascii() else one for one in form) for form in same)})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


_TESTS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "in_": _one_of,
    "starts_with": _starts_with,
    "gte": lambda column, value: column >= value,
    "lte": lambda column, value: column <= value,
}
_HELP = {
    "eq": "Equal to this value.",
    "in_": "One of these values, at most 200.",
    "starts_with": "Begins with this text, whatever its case.",
    "gte": "This value or more.",
    "lte": "This value or less.",
    "within": "In this jurisdiction or below it.",
}
_FILTERS: dict[type, Any] = {
    UUID: _make_filter_type("IdFilter", {"eq": UUID, "in_": list[UUID]}, "Tests on an identifier."),
    str: _make_filter_type(
        "TextFilter", {"eq": str, "in_": list[str], "starts_with": str}, "Tests on a text."
    ),
    bool: _make_filter_type("FlagFilter", {"eq": bool}, "Tests on yes or no."),
    int: _make_filter_type(
        "IntFilter", {"eq": int, "in_": list[int], "gte": int, "lte": int}, "Tests on a whole number."
    ),
    datetime: _make_filter_type("DateTimeFilter", {"gte": datetime, "lte": datetime}, "Tests on an instant."),
    date: _make_filter_type("DateFilter", {"eq": date, "gte": date, "lte": date}, "Tests on a date."),
    Decimal: _make_filter_type(
        "DecimalFilter", {"eq": Decimal, "gte": Decimal, "lte": Decimal}, "Tests on a decimal number."
    ),
}
