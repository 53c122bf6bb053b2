"""Measures a GraphQL document before validation: depth, fields, aliases, directives, with fragments spread out.

The walk stops at the first limit that is passed, visits each fragment once and so takes linear time (attacks 8, 9).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
)

from msingi.graphql.refusals import (
    FragmentCycle,
    RepeatedField,
    TooDeep,
    TooManyAliases,
    TooManyDirectives,
    TooManyFields,
    TooManyFragments,
    TooManyMutations,
    TooManyOperations,
)

MAX_DEPTH: Final = 10
MAX_INTROSPECTION_DEPTH: Final = 16
"""The standard introspection query is 15 levels deep."""
MAX_ALIASES: Final = 100
MAX_FIELDS: Final = 1_000
MAX_DIRECTIVES: Final = 100
MAX_FRAGMENTS: Final = 50
MAX_OPERATIONS: Final = 10
MAX_ROOT_MUTATIONS: Final = 10
MAX_COMPARISONS: Final = 5_000
"""Pairs of fields that share a place in the response: each pair is compared, so repeats cost quadratic time."""
_MAX_NESTING: Final = 60
"""Braces within braces, inline fragments included: guards the recursion of the walk."""
_META_FIELDS: Final = frozenset({"__schema", "__type"})


@dataclass(slots=True)
class Measure:
    """What a selection set adds up to when its fragments are spread out."""

    depth: int = 0
    meta_depth: int = 0
    fields: int = 0
    """Fields and fragment spreads: spreads of empty fragments multiply as well."""
    aliases: int = 0
    directives: int = 0

    def add(self, other: "Measure", *, levels: int) -> None:
        """Take in a nested selection set that lies this many levels lower; refuse what passes a limit."""
        self.depth = max(self.depth, other.depth + levels)
        self.meta_depth = max(self.meta_depth, other.meta_depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        if self.fields > MAX_FIELDS:
            raise TooManyFields(most=MAX_FIELDS)
        if self.aliases > MAX_ALIASES:
            raise TooManyAliases(most=MAX_ALIASES)
        if self.directives > MAX_DIRECTIVES:
            raise TooManyDirectives(most=MAX_DIRECTIVES)

    def check_depth(self, most: int) -> None:
        """Refuse what is deeper than this; the schema itself may be asked for a little deeper."""
        if self.depth > most:
            raise TooDeep(most=most)
        if self.meta_depth > MAX_INTROSPECTION_DEPTH:
            raise TooDeep(most=MAX_INTROSPECTION_DEPTH)


def check_limits(document: DocumentNode) -> None:
    """Raise the refusal of the first limit that the whole document passes; operations are added up."""
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(document.definitions) - len(operations) > MAX_FRAGMENTS:
        raise TooManyFragments(most=MAX_FRAGMENTS)
    if len(operations) > MAX_OPERATIONS:
        raise TooManyOperations(most=MAX_OPERATIONS)
    meter = _Meter(fragments)
    whole = Measure()
    for operation in operations:
        whole.add(meter.operation(operation), levels=0)
    for name in fragments.keys() - meter.known.keys():
        whole.add(meter.fragment(name, nesting=0), levels=0)
    roots = [operation.selection_set for operation in operations]
    roots += [node.selection_set for name, node in fragments.items() if name not in meter.spread]
    _check_comparisons(roots, fragments)
    _check_mutations(operations, fragments)


def response_fields(
    places: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> dict[str, list[FieldNode]]:
    """Collect the fields of one place of the response by response name, with fragments spread out."""
    fields: dict[str, list[FieldNode]] = {}
    pending = [selection for place in places for selection in place.selections]
    while pending:
        selection = pending.pop()
        match selection:
            case FieldNode():
                fields.setdefault((selection.alias or selection.name).value, []).append(selection)
            case InlineFragmentNode():
                pending.extend(selection.selection_set.selections)
            case FragmentSpreadNode() if selection.name.value in fragments:
                pending.extend(fragments[selection.name.value].selection_set.selections)
    return fields


def _check_mutations(
    operations: Iterable[OperationDefinitionNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> None:
    changes = sum(
        len(response_fields([operation.selection_set], fragments))
        for operation in operations
        if operation.operation is OperationType.MUTATION
    )
    if changes > MAX_ROOT_MUTATIONS:
        raise TooManyMutations(most=MAX_ROOT_MUTATIONS)


def _check_comparisons(
    roots: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> None:
    comparisons = 0
    places = [[root] for root in roots]
    while places:
        for same in response_fields(places.pop(), fragments).values():
            comparisons += len(same) * (len(same) - 1) // 2
            if comparisons > MAX_COMPARISONS:
                raise RepeatedField
            places.append([node.selection_set for node in same if node.selection_set is not None])


class _Meter:
    """Measures selection sets of one document; remembers each fragment."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.known: dict[str, Measure] = {}
        self.spread: set[str] = set()
        self._fragments = fragments
        self._open: set[str] = set()

    def operation(self, node: OperationDefinitionNode) -> Measure:
        measure = self._selection_set(node.selection_set, nesting=0)
        measure.check_depth(MAX_DEPTH)
        measure.directives += len(node.directives or ())
        measure.directives += sum(
            len(variable.directives or ()) for variable in node.variable_definitions or ()
        )
        return measure

    def fragment(self, name: str, *, nesting: int) -> Measure:
        """Measure a fragment once; one that is not defined measures nothing and fails validation later."""
        if name in self.known:
            return self.known[name]
        if name in self._open:
            raise FragmentCycle
        node = self._fragments.get(name)
        if node is None:
            return Measure()
        self._open.add(name)
        measure = self._selection_set(node.selection_set, nesting=nesting + 1)
        measure.check_depth(MAX_INTROSPECTION_DEPTH)
        measure.directives += len(node.directives or ())
        self._open.discard(name)
        self.known[name] = measure
        return measure

    def _selection_set(self, node: SelectionSetNode | None, *, nesting: int) -> Measure:
        measure = Measure()
        if node is None:
            return measure
        if nesting > _MAX_NESTING:
            raise TooDeep(most=MAX_DEPTH)
        for selection in node.selections:
            measure.fields += 1
            measure.directives += len(selection.directives or ())
            self._add(measure, selection, nesting)
        return measure

    def _add(self, measure: Measure, selection: SelectionNode, nesting: int) -> None:
        match selection:
            case FieldNode():
                self._add_field(measure, selection, nesting)
            case InlineFragmentNode():
                measure.add(self._selection_set(selection.selection_set, nesting=nesting + 1), levels=0)
            case FragmentSpreadNode():
                self.spread.add(selection.name.value)
                measure.add(self.fragment(selection.name.value, nesting=nesting), levels=0)

    def _add_field(self, measure: Measure, node: FieldNode, nesting: int) -> None:
        inner = self._selection_set(node.selection_set, nesting=nesting + 1)
        if node.name.value in _META_FIELDS:
            inner.depth, inner.meta_depth = 0, max(inner.depth, inner.meta_depth) + 1
        measure.aliases += node.alias is not None
        measure.add(inner, levels=1)
