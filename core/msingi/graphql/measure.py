"""Measures a GraphQL document before validation: depth, fields, aliases, directives, with fragments spread out.

The walk stops at the first limit that is passed, visits each fragment once and so takes linear time (attacks 8, 9).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
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
MAX_REPEATS: Final = 20
"""Uses of one response name in one selection set; components that share fragments stay far below."""
_MAX_NESTING: Final = 60
"""Braces within braces, inline fragments included: guards the recursion of the walk."""
_META_FIELDS: Final = frozenset({"__schema", "__type"})


@dataclass(slots=True)
class Measure:
    """What a selection set adds up to when its fragments are spread out."""

    depth: int = 0
    meta_depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    names: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Measure", *, levels: int) -> None:
        """Take in a nested selection set that lies this many levels lower; refuse what passes a limit."""
        self.depth = max(self.depth, other.depth + levels)
        self.meta_depth = max(self.meta_depth, other.meta_depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self._check()

    def count_names(self, names: Mapping[str, int]) -> None:
        """Count the response names of one place; refuse one that is repeated too often."""
        for name, times in names.items():
            self.names[name] += times
            if self.names[name] > MAX_REPEATS:
                raise RepeatedField(most=MAX_REPEATS)

    def _check(self) -> None:
        if self.fields > MAX_FIELDS:
            raise TooManyFields(most=MAX_FIELDS)
        if self.aliases > MAX_ALIASES:
            raise TooManyAliases(most=MAX_ALIASES)
        if self.directives > MAX_DIRECTIVES:
            raise TooManyDirectives(most=MAX_DIRECTIVES)


def check_limits(document: DocumentNode) -> None:
    """Raise the refusal of the first limit that the whole document passes; each operation counts."""
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(fragments) > MAX_FRAGMENTS:
        raise TooManyFragments(most=MAX_FRAGMENTS)
    if len(operations) > MAX_OPERATIONS:
        raise TooManyOperations(most=MAX_OPERATIONS)
    meter = _Meter({node.name.value: node for node in fragments})
    for fragment in fragments:
        _check_depth(meter.fragment(fragment.name.value, nesting=0))
    whole = Measure()
    for operation in operations:
        measure = meter.selection_set(operation.selection_set, nesting=0)
        _check_depth(measure)
        _check_mutations(operation, measure)
        measure.directives += _directives_of(operation)
        whole.add(measure, levels=0)


def _check_depth(measure: Measure) -> None:
    if measure.depth > MAX_DEPTH:
        raise TooDeep(most=MAX_DEPTH)
    if measure.meta_depth > MAX_INTROSPECTION_DEPTH:
        raise TooDeep(most=MAX_INTROSPECTION_DEPTH)


def _check_mutations(operation: OperationDefinitionNode, measure: Measure) -> None:
    if operation.operation is OperationType.MUTATION and measure.names.total() > MAX_ROOT_MUTATIONS:
        raise TooManyMutations(most=MAX_ROOT_MUTATIONS)


def _directives_of(operation: OperationDefinitionNode) -> int:
    on_variables = sum(len(variable.directives or ()) for variable in operation.variable_definitions or ())
    return len(operation.directives or ()) + on_variables


class _Meter:
    """Measures selection sets of one document; remembers each fragment."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Measure] = {}
        self._open: set[str] = set()

    def selection_set(self, node: SelectionSetNode | None, *, nesting: int) -> Measure:
        measure = Measure()
        if node is None:
            return measure
        if nesting > _MAX_NESTING:
            raise TooDeep(most=MAX_DEPTH)
        for selection in node.selections:
            self._add(measure, selection, nesting)
        return measure

    def fragment(self, name: str, *, nesting: int) -> Measure:
        """Measure a fragment once; one that is not defined measures nothing and fails validation later."""
        if name in self._known:
            return self._known[name]
        if name in self._open:
            raise FragmentCycle
        node = self._fragments.get(name)
        if node is None:
            return Measure()
        self._open.add(name)
        measure = self.selection_set(node.selection_set, nesting=nesting + 1)
        measure.directives += len(node.directives or ())
        self._open.discard(name)
        self._known[name] = measure
        return measure

    def _add(self, measure: Measure, selection: SelectionNode, nesting: int) -> None:
        measure.directives += len(selection.directives or ())
        match selection:
            case FieldNode():
                self._add_field(measure, selection, nesting)
            case InlineFragmentNode():
                inner = self.selection_set(selection.selection_set, nesting=nesting + 1)
                measure.add(inner, levels=0)
                measure.count_names(inner.names)
            case FragmentSpreadNode():
                inner = self.fragment(selection.name.value, nesting=nesting)
                measure.add(inner, levels=0)
                measure.count_names(inner.names)

    def _add_field(self, measure: Measure, node: FieldNode, nesting: int) -> None:
        inner = self.selection_set(node.selection_set, nesting=nesting + 1)
        if node.name.value in _META_FIELDS:
            inner.depth, inner.meta_depth = 0, max(inner.depth, inner.meta_depth) + 1
        measure.fields += 1
        measure.aliases += node.alias is not None
        measure.count_names({(node.alias or node.name).value: 1})
        measure.add(inner, levels=1)
