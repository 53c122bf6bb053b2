"""Sources: where the values of a selected field come from - an attribute, a batch, a constant, or a resolver."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_argument_values,
)
from graphql.execution.collect_fields import CollectedFields
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from msingi.graphql.batch import Answer, BatchField, Parents
from msingi.graphql.plan import Batch, Details

HARMLESS_DIRECTIVES: Final = frozenset({"skip", "include"})
"""Directives that collecting the fields has already obeyed."""


class Operation(Protocol):
    """What planning needs from the executor of an operation."""

    schema: GraphQLSchema
    variable_values: VariableValues
    hide_suggestions: bool

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: Details
    ) -> CollectedFields:
        """Collect the fields selected on the type."""
        ...

    def build_resolve_info(
        self,
        field_def: GraphQLField,
        field_nodes: list[FieldNode],
        parent_type: GraphQLObjectType,
        path: Path,
    ) -> GraphQLResolveInfo[Any]:
        """Build the info that resolvers receive."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """One response key of a selection; `path` leads to its values, without the list positions of a batch."""

    type_: GraphQLObjectType
    key: str
    fields: Details
    path: Path

    def nodes(self) -> list[FieldNode]:
        """The nodes merged under this key."""
        return [field.node for field in self.fields]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values come from; without a type they are constant."""

    type_: GraphQLOutputType | None = None
    attribute: str | None = None
    batch: Batch | None = None
    constant: Any = None


class Sources:
    """Finds the sources of the fields of one operation and keeps what its batches have answered."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._batches: dict[int, Batch] = {}

    def find(self, site: Site, siblings: list[Batch]) -> Source | None:
        """Return the source, or None when only the stock executor can resolve the field."""
        if has_foreign_directive(site.fields):
            return None
        name = site.fields[0].node.name.value
        if name == "__typename":
            return Source(constant=site.type_.name)
        field = self._operation.schema.get_field(site.type_, name)
        definition = None if field is None else field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if field is None or not isinstance(definition, StrawberryField) or definition.extensions:
            return None
        if isinstance(definition, BatchField):
            return self._batch(site, field, siblings)
        return Source(field.type, attribute=definition.python_name) if _is_plain(field, definition) else None

    def answer(self, details: Details, parent: Any) -> Answer | None:
        """Return the answer of a batch field that is already known for the parent."""
        batch = self._batches.get(id(details))
        return None if batch is None else batch.known(parent)

    def forget(self) -> None:
        """Let go of the batches, which refer back to this object and hold what they were answered."""
        self._batches.clear()

    def _batch(self, site: Site, field: GraphQLField, siblings: list[Batch]) -> Source | None:
        try:
            arguments = self._arguments(site, field)
        except Exception:  # noqa: BLE001 - a scalar may raise anything; the stock executor reports it per parent
            return None
        twins = (known for known in siblings if known.field is field and known.arguments == arguments)
        batch = next(twins, None)
        if batch is None:
            batch = Batch(field, arguments, partial(self._ask, site))
            siblings.append(batch)
        batch.nodes.extend(site.nodes())
        self._batches[id(site.fields)] = batch
        return Source(field.type, batch=batch)

    def _arguments(self, site: Site, field: GraphQLField) -> Mapping[str, Any]:
        first = site.fields[0]
        return get_argument_values(
            field,
            first.node,
            self._operation.variable_values,
            first.fragment_variable_values,
            self._operation.hide_suggestions,
        )

    def _ask(self, site: Site, batch: Batch, parents: Sequence[Any]) -> Mapping[Any, Any]:
        answers: Mapping[Any, Any] = self._resolve(site, batch, Parents(parents))
        return answers

    def _resolve(self, site: Site, batch: Batch, source: object) -> Any:
        """Call the resolver that strawberry built, so that it converts the arguments and makes the info."""
        field = batch.field
        info = self._operation.build_resolve_info(field, batch.nodes, site.type_, site.path)
        if field.resolve is None:
            raise LookupError(site.key)
        return field.resolve(source, info, **batch.arguments)


def has_foreign_directive(details: Details) -> bool:
    """Tell whether any directive stands on the field that planning does not know."""
    return not HARMLESS_DIRECTIVES.issuperset(_directive_names(details))


def _directive_names(details: Details) -> Iterator[str]:
    for field in details:
        for directive in field.node.directives or ():
            yield directive.name.value


def _is_plain(field: GraphQLField, definition: StrawberryField) -> bool:
    """Tell whether resolving the field is reading an attribute."""
    return (
        type(definition) is StrawberryField
        and definition.base_resolver is None
        and definition.default_resolver is getattr
        and getattr(field.resolve, "_is_default", False)
        and not field.args
    )
