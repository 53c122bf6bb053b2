"""What a selection asks of the rows below a field: the attributes to read, so that lists load no others."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionNode,
    get_named_type,
    is_object_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from msingi.graphql.batch import BatchField

Reads = frozenset[str] | None
"""Names of attributes; None when it cannot be told, and all of them have to be there."""

_NOTHING: Final[frozenset[str]] = frozenset()


def asked_of(info: GraphQLResolveInfo[Any], way: Sequence[str] = ()) -> Reads:
    """The attributes that resolving what stands below a field reads of its objects.

    ``way`` leads from the field down to the objects. Conditions (``@skip``) are not looked at: rather a column too many.
    """
    type_: GraphQLOutputType = info.return_type
    nodes: list[FieldNode] = list(info.field_nodes)
    for name in way:
        owner = get_named_type(type_)
        if not is_object_type(owner) or name not in owner.fields:
            return None
        type_ = owner.fields[name].type
        nodes = fields_below(nodes, info).get(name, [])
    target = get_named_type(type_)
    return _reads(target, fields_below(nodes, info)) if is_object_type(target) else None


def fields_below(nodes: Iterable[FieldNode], info: GraphQLResolveInfo[Any]) -> dict[str, list[FieldNode]]:
    """The fields selected below these, by their names, those of fragments included."""
    fragments: Mapping[str, FragmentDefinitionNode] = info.fragments
    found: dict[str, list[FieldNode]] = {}
    pending: list[SelectionNode] = [
        one for node in nodes if node.selection_set for one in node.selection_set.selections
    ]
    spread: set[str] = set()
    while pending:
        match pending.pop():
            case FieldNode() as node:
                found.setdefault(node.name.value, []).append(node)
            case InlineFragmentNode() as inline:
                pending.extend(inline.selection_set.selections)
            case other:
                name = other.name.value  # type: ignore[attr-defined]
                if name not in spread:
                    spread.add(name)
                    pending.extend(fragments[name].selection_set.selections)
    return found


def _reads(type_: GraphQLObjectType, names: Iterable[str]) -> Reads:
    known = _reads_of(type_)
    reads = [known[name] for name in names if name in known]
    return None if None in reads else _NOTHING.union(*(one for one in reads if one is not None))


@lru_cache(maxsize=1_024)
def _reads_of(type_: GraphQLObjectType) -> Mapping[str, Reads]:
    """Per field of a type, the attributes of an object that resolving it reads."""
    definitions = {
        name: field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        for name, field in type_.fields.items()
    }
    return {name: _reads_by(definition) for name, definition in definitions.items()}


def _reads_by(definition: object) -> Reads:
    if isinstance(definition, BatchField):
        return definition.reads
    if type(definition) is StrawberryField and definition.base_resolver is None and not definition.extensions:
        return frozenset({definition.python_name})
    return None
