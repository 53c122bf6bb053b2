"""The limits of the GraphQL door as one fixed tuple of validation rules, built once.

Rules rebuilt per request would defeat every validation cache; so the classes below are made when the module loads.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NameNode,
    Node,
    OperationDefinitionNode,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ASTValidationContext
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from msingi.clean_text import InvalidCharacter
from msingi.errors import DomainError
from msingi.graphql import refusals
from msingi.graphql.measure import check_limits
from msingi.graphql.misfits import PlacedValuesRule
from msingi.graphql.named_leaves import NamedLeavesRule
from msingi.graphql.needed_arguments import NamedArgumentsRule
from msingi.graphql.refusals import SyntaxRefused, TooLong, TooManyTokens, as_graphql_error, refusal_in
from msingi.sayings import Saying

MAX_SOURCE: Final = 32_768
"""Characters of a query; the standard introspection query has about 1,700."""
MAX_TOKENS: Final = 4_000
MAX_COMMENTS: Final = 1_000
MAX_ERRORS: Final = 10
_MAX_NAME: Final = 64
_WRITTEN_NUL: Final = re.compile(r"\\u(?:0000|\{0+\})")
_ALL_ERRORS: Final = 200
_MISSING_OR_OTHER: Final = Saying("it is missing or of another kind")

_REFUSALS: Final[Mapping[str, type[DomainError]]] = {
    "FieldsOnCorrectTypeRule": refusals.UnknownField,
    "FragmentsOnCompositeTypesRule": refusals.UnknownType,
    "KnownArgumentNamesRule": refusals.UnknownArgument,
    "KnownDirectivesRule": refusals.UnknownDirective,
    "KnownFragmentNamesRule": refusals.UnknownFragment,
    "KnownTypeNamesRule": refusals.UnknownType,
    "MaxIntrospectionDepthRule": refusals.IntrospectionTooDeep,
    "MaybeNullValidationRule": refusals.InvalidValue,
    "NamedArgumentsRule": refusals.MissingArgument,
    "NamedLeavesRule": refusals.InvalidSelection,
    "NoFragmentCyclesRule": refusals.FragmentCycle,
    "NoUndefinedVariablesRule": refusals.UndefinedVariable,
    "NoUnusedVariablesRule": refusals.UnusedVariable,
    "OneOfInputValidationRule": refusals.InvalidValue,
    "OverlappingFieldsCanBeMergedRule": refusals.ConflictingFields,
    "PlacedValuesRule": refusals.InvalidValue,
}


class DocumentLimitsRule(ASTValidationRule):
    """Aborts the validation at the first limit that the document passes, before any other rule works."""

    def enter_document(self, node: DocumentNode, *_args: Any) -> None:
        """Measure the document; the abort carries the refusal."""
        try:
            check_limits(node)
        except DomainError as refusal:
            raise LimitPassed(refusal) from None


class LimitPassed(ValidationAbortedError):
    """A validation that stopped because the document passes a limit."""

    def __init__(self, refusal: DomainError) -> None:
        wrapped = as_graphql_error(refusal)
        super().__init__(wrapped.message, original_error=refusal, extensions=wrapped.extensions)


def parse_query(source: str) -> DocumentNode:
    """Parse a query within `MAX_SOURCE` characters and `MAX_TOKENS` tokens.

    Raises `TooLong`, `TooManyTokens`, `SyntaxRefused`, or `InvalidCharacter` for a NUL, which no database stores
    (attack 57); none repeats text of the query.
    """
    if len(source) > MAX_SOURCE:
        raise TooLong(most=MAX_SOURCE)
    if _WRITTEN_NUL.search(source):
        raise InvalidCharacter
    try:
        return parse(source, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_COMMENTS)
    except GraphQLSyntaxError as error:
        if "contains more than" in error.message:
            raise TooManyTokens(most=MAX_TOKENS) from None
        line, column = error.locations[0] if error.locations else (1, 1)
        raise SyntaxRefused(line=line, column=column) from None


def validate_document(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """Validate against the limits and the GraphQL rules.

    Returns at most one error per kind and `MAX_ERRORS` in all (attack 12), each with `extensions {code, params}`,
    without suggestions and without names of the schema (attack 11).
    """
    errors = validate(schema, document, VALIDATION_RULES, max_errors=_ALL_ERRORS, hide_suggestions=True)
    return collapse(errors)


def collapse(errors: list[GraphQLError]) -> list[GraphQLError]:
    """Keep the first error of each code, `MAX_ERRORS` at most."""
    coded = [error for error in errors if "code" in (error.extensions or {})]
    if errors and not coded:
        return [as_graphql_error(refusals.InvalidDocument())]
    first_of_code: dict[str, GraphQLError] = {}
    for error in coded:
        first_of_code.setdefault(str((error.extensions or {})["code"]), error)
    return list(first_of_code.values())[:MAX_ERRORS]


def variable_error(error: GraphQLError) -> GraphQLError:
    """Give an error of variable or argument coercion a code, and take the refused value out of its message.

    A refusal by one of our scalars keeps its code and text; a variable becomes `graphql.invalid_variable`, a value
    inside the query `graphql.invalid_value`; an error of any other kind comes back as it is.
    """
    nodes = list(error.nodes or ())[:1]
    refusal = refusal_in(error)
    match nodes:
        case [VariableDefinitionNode()]:
            name = _written_name(nodes)
            refusal = refusal or refusals.InvalidVariable(name=name, why=_MISSING_OR_OTHER).placed(f"${name}")
        case [ArgumentNode() | ValueNode()]:
            refusal = refusal or refusals.InvalidValue(why=_MISSING_OR_OTHER).placed(_written_name(nodes))
    return error if refusal is None else as_graphql_error(refusal, nodes)


def asks_introspection(document: DocumentNode) -> bool:
    """Tell whether the document asks for the schema anywhere (attack 10); `__typename` does not count."""
    pending: list[Node] = list(document.definitions)
    while pending:
        node = pending.pop()
        name = getattr(node, "name", None)
        if node.kind == "field" and name is not None and name.value in {"__schema", "__type"}:
            return True
        selections = getattr(getattr(node, "selection_set", None), "selections", ())
        pending.extend(selections)
    return False


def check_introspection(document: DocumentNode, *, allowed: bool) -> None:
    """Raise `IntrospectionRefused` when the caller may not ask for the schema and does."""
    if not allowed and asks_introspection(document):
        raise refusals.IntrospectionRefused


def operation_of(document: DocumentNode, operation_name: str | None) -> OperationDefinitionNode:
    """Choose the operation to run; raises `UnknownOperation` when the name does not choose exactly one."""
    operations = [
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        and (operation_name is None or (node.name is not None and node.name.value == operation_name))
    ]
    if len(operations) != 1:
        raise refusals.UnknownOperation
    return operations[0]


def _coded(rule: type[ASTValidationRule]) -> type[ASTValidationRule]:
    """Make a rule that reports its first error only, as a refusal of ours."""
    kind = _REFUSALS.get(rule.__name__, refusals.InvalidDocument)

    def init(self: ASTValidationRule, context: ASTValidationContext) -> None:
        reporter = _Reporter(context, kind)
        rule.__init__(self, reporter)  # type: ignore[arg-type]

    return type(f"Coded{rule.__name__}", (rule,), {"__init__": init})


class _Reporter:
    """The context that one rule sees: the real one, except that errors are counted and given our code."""

    __slots__ = ("_context", "_kind", "_reported")

    def __init__(self, context: ASTValidationContext, kind: type[DomainError]) -> None:
        self._context = context
        self._kind = kind
        self._reported = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def report_error(self, error: GraphQLError) -> None:
        if self._reported == 0:
            self._context.report_error(_coded_error(self._kind, error))
        if self._reported >= MAX_ERRORS:
            raise ValidationAbortedError("Too many errors of one kind.")
        self._reported += 1


def _coded_error(kind: type[DomainError], error: GraphQLError) -> GraphQLError:
    nodes = list(error.nodes or ())[:1]
    refusal = refusal_in(error)
    if refusal is None:
        refusal = kind(name=_written_name(nodes)) if "{name}" in kind.template else kind()
    return as_graphql_error(refusal, nodes)


def _written_name(nodes: list[Node]) -> str:
    """Return the name that the client wrote at the place of the error, cut to a sane length."""
    node = nodes[0] if nodes else None
    for owner in (node, getattr(node, "variable", None)):
        name = owner if isinstance(owner, NameNode) else getattr(owner, "name", None)
        if isinstance(name, NameNode):
            return name.value[:_MAX_NAME]
    return ""


_OWN_RULES: Final = {
    ValuesOfCorrectTypeRule: PlacedValuesRule,
    ProvidedRequiredArgumentsRule: NamedArgumentsRule,
    ScalarLeafsRule: NamedLeavesRule,
}
_PLAIN_RULES: Final = [rule for rule in specified_rules if rule not in _OWN_RULES]
VALIDATION_RULES: Final[tuple[type[ASTValidationRule], ...]] = (
    DocumentLimitsRule,
    *map(_coded, (*_PLAIN_RULES, *_OWN_RULES.values(), MaybeNullValidationRule, OneOfInputValidationRule)),
)
"""Every rule of the door, limits first; usable as `AddValidationRules` or with `validate_document`."""
