"""The cost budget: page sizes multiplied down the tree and summed over the operation (attacks 6, 7).

A leaf is free. An object costs one point. A list field costs its size times what one element costs: the size is the
argument `first` (its default counts like a written value), or `PLAIN_LIST_SIZE` for a list without pages. A total
count costs `TOTAL_COUNT_COST`, a list of the description of the schema `INTROSPECTION_COST`. A field adds the number
in its extension `msingi.cost`; its extension `msingi.size` replaces `PLAIN_LIST_SIZE`. Fields that share a place in
the response count once; `@skip` and `@include` are not looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_introspection_type,
    is_list_type,
    value_from_ast_untyped,
)

from msingi.graphql.limits import operation_of
from msingi.graphql.refusals import InvalidPageSize, TooComplex

DEFAULT_CEILING: Final = 20_000
MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
PLAIN_LIST_SIZE: Final = 10
TOTAL_COUNT_COST: Final = 20
INTROSPECTION_COST: Final = 100

_Place = tuple[GraphQLCompositeType, SelectionSetNode]


@dataclass(frozen=True, slots=True)
class PageVariable:
    """A page size that a variable gives; `default` counts when the variable is absent."""

    name: str
    default: int

    def size(self, variables: Mapping[str, object]) -> int:
        """Return the page size of one request; raises `InvalidPageSize`, also for null."""
        return page_size(variables[self.name]) if self.name in variables else self.default


@dataclass(frozen=True, slots=True)
class CostPlan:
    """What an operation costs as a function of its variables; everything constant is added up already."""

    fixed: int = 0
    parts: "tuple[tuple[int | PageVariable, CostPlan], ...]" = ()

    def cost(self, variables: Mapping[str, object]) -> int:
        """Return the points of one request; raises `InvalidPageSize`."""
        return self.fixed + sum(
            (size if isinstance(size, int) else size.size(variables)) * part.cost(variables)
            for size, part in self.parts
        )

    def plus(self, other: "CostPlan", size: "int | PageVariable" = 1) -> "CostPlan":
        """Add another plan, multiplied by a size."""
        if isinstance(size, PageVariable) or (other.parts and size != 1):
            return CostPlan(self.fixed, (*self.parts, (size, other)))
        return CostPlan(self.fixed + size * other.fixed, (*self.parts, *other.parts))


def check_cost(plan: CostPlan, variables: Mapping[str, object], *, ceiling: int = DEFAULT_CEILING) -> int:
    """Return the cost of a request; raises `TooComplex` above the ceiling."""
    cost = plan.cost(variables)
    if cost > ceiling:
        raise TooComplex(cost=cost, ceiling=ceiling)
    return cost


def plan_cost(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None = None) -> CostPlan:
    """Compute what does not depend on variables once per document; the document has passed validation."""
    operation = operation_of(document, operation_name)
    root = schema.get_root_type(operation.operation)
    if root is None:
        return CostPlan()
    return _Planner(schema, document, operation).object([(root, operation.selection_set)], page=None)


def page_size(value: object) -> int:
    """Check a page size: a whole number from 1 to `MAX_PAGE`; raises `InvalidPageSize` (attack 7)."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_PAGE:
        raise InvalidPageSize(most=MAX_PAGE)
    return value


class _Planner:
    """Walks one operation with the types of its fields."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }

    def object(self, places: list[_Place], *, page: int | PageVariable | None) -> CostPlan:
        """Plan the fields of one object; `page` is the page size when the object is a connection."""
        plan = CostPlan()
        for parent, fields in self._collect(places):
            definition = self._schema.get_field(parent, fields[0].name.value)
            if definition is not None:
                plan = plan.plus(self._field(definition, fields, page))
        return plan

    def _field(
        self, definition: GraphQLField, fields: list[FieldNode], page: int | PageVariable | None
    ) -> CostPlan:
        extra = int(definition.extensions.get("msingi.cost", 0))
        if page is not None and fields[0].name.value == "totalCount":
            extra += TOTAL_COUNT_COST
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return CostPlan(extra)
        places: list[_Place] = [(named, node.selection_set) for node in fields if node.selection_set]
        if is_introspection_type(named):
            extra += INTROSPECTION_COST if is_list_type(get_nullable_type(definition.type)) else 1
            return CostPlan(extra).plus(self.object(places, page=None))
        own_page = self._page_of(definition, fields[0])
        if is_list_type(get_nullable_type(definition.type)):
            size = own_page or page or int(definition.extensions.get("msingi.size", PLAIN_LIST_SIZE))
            return CostPlan(extra).plus(CostPlan(1).plus(self.object(places, page=None)), size)
        return CostPlan(extra + 1).plus(self.object(places, page=own_page))

    def _page_of(self, definition: GraphQLField, node: FieldNode) -> int | PageVariable | None:
        argument = definition.args.get("first")
        if argument is None:
            return None
        written = next((given.value for given in node.arguments or () if given.name.value == "first"), None)
        if written is None:
            return _default_of(argument)
        if not isinstance(written, VariableNode):
            return _literal(written)
        name = written.name.value
        default = self._defaults.get(name)
        return PageVariable(name, _default_of(argument) if default is None else _literal(default))

    def _collect(self, places: list[_Place]) -> list[tuple[GraphQLCompositeType, list[FieldNode]]]:
        groups: dict[tuple[str, str], tuple[GraphQLCompositeType, list[FieldNode]]] = {}
        pending = list(places)
        seen: set[str] = set()
        while pending:
            parent, selections = pending.pop()
            for selection in selections.selections:
                if isinstance(selection, FieldNode):
                    key = (parent.name, (selection.alias or selection.name).value)
                    groups.setdefault(key, (parent, []))[1].append(selection)
                elif isinstance(selection, InlineFragmentNode):
                    pending.append((self._condition(selection, parent), selection.selection_set))
                elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                    seen.add(selection.name.value)
                    fragment = self._fragments[selection.name.value]
                    pending.append((self._condition(fragment, parent), fragment.selection_set))
        return list(groups.values())

    def _condition(
        self, node: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLCompositeType
    ) -> GraphQLCompositeType:
        condition = node.type_condition
        named = parent if condition is None else self._schema.get_type(condition.name.value)
        return named if is_composite_type(named) else parent


def _literal(node: ValueNode) -> int:
    return page_size(value_from_ast_untyped(node))


def _default_of(argument: GraphQLArgument) -> int:
    default: object = argument.default_value
    if argument.default is not None:
        literal = argument.default.literal
        default = argument.default.value if literal is None else value_from_ast_untyped(literal)
    return DEFAULT_PAGE if default is Undefined or default is None else page_size(default)
