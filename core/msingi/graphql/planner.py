"""Planning: which fields of a selection can be completed as columns, and how."""

from typing import TypeAlias

from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Path

from msingi.graphql.leaves import LeafColumn
from msingi.graphql.plan import (
    Batch,
    Column,
    Completer,
    Constant,
    Details,
    ListColumn,
    ObjectColumn,
    Selection,
    Walk,
)
from msingi.graphql.sources import Operation, Site, Source, Sources

Way: TypeAlias = tuple[Completer | None, Selection | None]
"""How to complete values as a column, when that is possible, and the plan of the objects in them."""


class Planner:
    """Compiles each selection of one operation once."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self.sources = Sources(operation)
        self._selections: dict[tuple[GraphQLObjectType, int], tuple[Details, Selection | None]] = {}

    def selection(self, type_: GraphQLObjectType, details: Details, path: Path) -> Selection | None:
        """Return the plan of an object type under these fields, or None when only the stock path is safe."""
        key = (type_, id(details))
        planned = self._selections.get(key)
        if planned is None:
            planned = self._selections[key] = (details, self._plan(type_, details, path))
        return planned[1]

    def _plan(self, type_: GraphQLObjectType, details: Details, path: Path) -> Selection | None:
        grouped = self._collect(type_, details)
        if grouped is None:
            return None
        columns: list[Column] = []
        walks: list[Walk] = []
        batches: list[Batch] = []
        for key, fields in grouped.items():
            site = Site(type_, key, fields, path.add_key(key, type_.name))
            source = self.sources.find(site, batches)
            if source is None:
                continue
            completer, child = self._way(source, site)
            if completer is not None:
                columns.append(Column(key, completer, source.attribute, source.batch, source.constant))
            child = child if child is not None and child.walks else None
            if source.batch is not None or child is not None:
                walks.append(Walk(key, source.attribute, source.batch, child))
        rest = frozenset(grouped).difference(column.key for column in columns)
        return Selection(grouped, tuple(columns), rest, tuple(walks))

    def _collect(self, type_: GraphQLObjectType, details: Details) -> dict[str, Details] | None:
        if type_.is_type_of is not None:
            return None
        try:
            collected = self._operation.collect_subfields(type_, details)
        except (GraphQLError, RecursionError):
            return None
        grouped = collected.grouped_field_set
        is_deferred = any(field.defer_usage for fields in grouped.values() for field in fields)
        return None if collected.new_defer_usages or is_deferred else dict(grouped)

    def _way(self, source: Source, site: Site) -> Way:
        if source.type_ is None:
            return Constant(), None
        return self._way_of(source.type_, site)

    def _way_of(self, type_: GraphQLOutputType, site: Site) -> Way:
        nullable = not is_non_null_type(type_)
        inner = type_.of_type if is_non_null_type(type_) else type_
        if is_leaf_type(inner):
            return LeafColumn(inner, nullable=nullable), None
        if is_list_type(inner):
            items, selection = self._way_of(inner.of_type, site)
            return (None if items is None else ListColumn(items, nullable)), selection
        if not is_object_type(inner):
            return None, None
        selection = self.selection(inner, site.fields, site.path)
        if selection is None or selection.rest:
            return None, selection
        return ObjectColumn(selection, nullable), selection
