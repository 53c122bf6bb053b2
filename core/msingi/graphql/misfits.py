"""Values that do not fit: where each stands, what belongs there and how it is written, never the value itself (attack 97)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any, Final, cast

from graphql import (
    SKIP,
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    Undefined,
    ValidationContext,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VisitorAction,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_input_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    type_from_ast,
    validate_input_literal,
    validate_input_value,
    value_from_ast_untyped,
)

from msingi.errors import DomainError
from msingi.graphql.refusals import OTHER_KIND, InvalidValue, InvalidVariable, as_graphql_error, refusal_in
from msingi.sayings import LISTED, Saying, Sayings

MOST_MISFITS: Final = 10
_LONGEST_NAME: Final = 64
_MOST_STEPS: Final = 32
_MOST_VALUES: Final = 50
_Way = Sequence[str | int]

_KINDS: Final[Mapping[str, str]] = {
    "Boolean": "it must be true or false",
    "Code": 'it must be a code as text, such as "A01"',
    "DateTime": 'it must be an instant with its zone, such as "2026-03-01T09:30:00+01:00"',
    "Decimal": 'it must be a number as text, such as "12.5"',
    "Float": "it must be a number, such as 12.5",
    "ID": "it must be an identifier as text",
    "Int": "it must be a whole number, such as 12",
    "LocalDate": 'it must be a day, such as "2026-03-01"',
    "LongText": 'it must be a text, such as "abc"',
    "Money": 'it must be an amount with its currency, such as "1500 XAF"',
    "Quantity": 'it must be a number as text, such as "12.5"',
    "String": 'it must be a text, such as "abc"',
    "Text": 'it must be a text, such as "abc"',
    "UUID": 'it must be an identifier, such as "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"',
}
"""What a scalar is and how it is written; its name alone would tell nobody."""
_ONE_OF: Final = Saying("exactly one of its fields must be given")


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a value does not fit, for everybody; ``in_full`` with names of the schema, for who may read it (attack 11)."""

    why: Saying | Sayings
    in_full: Saying | Sayings | None = None


def explain(type_: GraphQLInputType, value: Any, way: _Way) -> Misfit:
    """Why the value at the end of ``way``, inside one of this type, does not fit.

    ``value`` is what was sent, or a literal as plain values; what is not known of it is Undefined.
    """
    here, found = _expected_at(type_, way), _value_at(value, way)
    if here is None:
        return Misfit(OTHER_KIND)
    if is_non_null_type(here) and found is None:
        return Misfit(Saying("it must not be null"))
    named = get_named_type(here)
    if is_enum_type(named):
        return _not_listed(list(named.values))
    if is_input_object_type(named):
        return _of_object(named, found)
    return Misfit(Saying(_KINDS[named.name]) if named.name in _KINDS else OTHER_KIND)


def written_way(start: str, way: _Way) -> str:
    """A way as people write it, such as ``$draft.lines[0].price``; long ones and long names are cut."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{_cut(step)}" for step in way[:_MOST_STEPS]]
    return start + "".join(steps)


def located(
    schema: GraphQLSchema, errors: Sequence[GraphQLError], variables: Mapping[str, Any]
) -> list[GraphQLError]:
    """The errors of an execution; those of variables are told by the places inside them, ten at most.

    Where a variable is wrong nothing was executed: an error without a place then only says that there were too many.
    """
    wrong: dict[str, tuple[VariableDefinitionNode, GraphQLError]] = {}
    for error in errors:
        node = error.nodes[0] if error.nodes else None
        if isinstance(node, VariableDefinitionNode):
            wrong.setdefault(node.variable.name.value, (node, error))
    told: list[GraphQLError] = []
    for name, (node, error) in wrong.items():
        if len(told) < MOST_MISFITS:
            told.extend(_misfits_of(schema, node, variables.get(name, Undefined)) or [error])
    return told[:MOST_MISFITS] or list(errors)


def name_all(errors: Iterable[GraphQLError]) -> None:
    """Let refusals name what the schema knows: for callers who may read it."""
    for error in errors:
        refusal = refusal_in(error)
        if isinstance(refusal, InvalidValue):
            refusal.name_all()


class PlacedValuesRule(ValuesOfCorrectTypeRule):
    """The rule for literals; its errors say in which argument they stand."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._owner = ""
        self._argument = ""

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        """Remember whose default value may follow."""
        self._owner, self._argument = f"${node.variable.name.value}", ""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Remember whose arguments follow."""
        self._owner = node.name.value

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        """Remember whose arguments follow."""
        self._owner = f"@{node.name.value}"

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """Remember whose value follows."""
        self._argument = node.name.value

    def is_valid_value_node(self, node: ValueNode, input_type: GraphQLInputType | None) -> VisitorAction:
        """Report what in a literal does not fit; nothing below it is visited."""
        if input_type is not None:
            report = partial(self._report, cache(partial(value_from_ast_untyped, node)), input_type)
            validate_input_literal(node, input_type, report, hide_suggestions=True)
        return SKIP

    def _report(
        self, written: Callable[[], Any], type_: GraphQLInputType, error: GraphQLError, way: list[str | int]
    ) -> None:
        misfit = explain(type_, written(), way)
        refusal = refusal_in(error) or InvalidValue(why=misfit.why, in_full=misfit.in_full)
        placed = refusal.placed(self._place(way))
        self.report_error(GraphQLError(error.message, error.nodes, original_error=placed))

    def _place(self, way: _Way) -> str:
        if not self._argument:
            return written_way(_cut(self._owner), way)
        return f"{_cut(self._owner)}({written_way(_cut(self._argument), way)})"


def _misfits_of(schema: GraphQLSchema, node: VariableDefinitionNode, value: object) -> list[GraphQLError]:
    """An error for each place of a variable that does not fit, in the order of the schema's own check."""
    type_, name = type_from_ast(schema, node.type), _cut(node.variable.name.value)
    if not is_input_type(type_):
        return []
    refusals: dict[_Way, DomainError] = {}
    for error, way in _errors_in(type_, value):
        if tuple(way) in refusals:
            continue
        refusal = refusal_in(error)
        if refusal is None or isinstance(refusal, InvalidValue):
            misfit = _absent(name) if value is Undefined else explain(type_, value, way)
            refusal = InvalidVariable(name=name, why=misfit.why, in_full=misfit.in_full)
        refusals[tuple(way)] = refusal.placed(written_way(f"${name}", way))
    return [as_graphql_error(refusal, [node]) for refusal in refusals.values()]


def _absent(name: str) -> Misfit:
    return Misfit(Saying("the variable ${name} is missing", {"name": name}))


class _EnoughError(Exception):
    """As many mistakes as anybody reads were found."""


def _errors_in(type_: GraphQLInputType, value: object) -> list[tuple[GraphQLError, list[str | int]]]:
    found: list[tuple[GraphQLError, list[str | int]]] = []

    def note(error: GraphQLError, way: list[str | int]) -> None:
        found.append((error, way))
        if len(found) >= MOST_MISFITS:
            raise _EnoughError

    with suppress(_EnoughError):
        validate_input_value(value, type_, note, hide_suggestions=True)
    return found


def _expected_at(type_: GraphQLInputType, way: _Way) -> GraphQLInputType | None:
    here: Any = type_
    for step in way:
        here = get_nullable_type(here)
        while isinstance(step, str) and is_list_type(here):
            here = get_nullable_type(here.of_type)
        if is_list_type(here):
            here = here.of_type
        elif is_input_object_type(here) and step in here.fields:
            here = here.fields[step].type
        else:
            return None
    return cast("GraphQLInputType", here)


def _value_at(value: Any, way: _Way) -> Any:
    here = value
    for step in way:
        if isinstance(here, dict):
            here = here.get(step, Undefined)
        elif isinstance(here, list) and isinstance(step, int):
            here = here[step]
        else:
            return Undefined
    return here


def _not_listed(values: Sequence[str]) -> Misfit:
    shown = LISTED.join(values[:_MOST_VALUES]) + (" …" if len(values) > _MOST_VALUES else "")
    return Misfit(
        Saying("it must be one of the values that the published schema lists"),
        Saying("it must be one of {values}", {"values": shown}),
    )


def _of_object(type_: GraphQLInputObjectType, found: Any) -> Misfit:
    if not isinstance(found, dict):
        return Misfit(Saying("it must be an object, in braces"))
    strange = (name for name in found if name not in type_.fields)
    unknown = tuple(
        Saying("there is no field “{name}”", {"name": _cut(str(name))})
        for name in islice(strange, MOST_MISFITS)
    )
    missing = tuple(
        Saying("the field “{name}” is missing", {"name": name})
        for name, field in type_.fields.items()
        if is_required_input_field(field) and name not in found
    )
    if not missing:
        return Misfit(Sayings(unknown, "; ") if unknown else _ONE_OF)
    discreet = (*unknown, Saying("a required field is missing"))
    return Misfit(Sayings(discreet, "; "), Sayings((*unknown, *missing), "; "))


def _cut(name: str) -> str:
    return name[:_LONGEST_NAME]
