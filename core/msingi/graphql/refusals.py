"""Refusals of the GraphQL door; none of them names anything that the client did not write itself."""

from collections.abc import Collection, Sequence
from typing import Final

from graphql import GraphQLError, Node

from msingi.errors import DomainError
from msingi.sayings import LISTED, Saying, Sayings

OTHER_KIND: Final = Saying("it is of another kind")


class SyntaxRefused(DomainError):
    """The query is not GraphQL; the place is given, never the text found there (attack 97)."""

    code = "graphql.syntax"
    template = "The query is not valid GraphQL near line {line}, column {column}."


class TooLong(DomainError):
    """The query has too many characters (attack 8)."""

    code = "graphql.too_long"
    template = "The query is longer than {most} characters."


class TooManyTokens(DomainError):
    """The query has too many tokens or comments (attack 8)."""

    code = "graphql.too_many_tokens"
    template = "The query holds more than {most} words and signs."


class TooDeep(DomainError):
    """The query is nested too deeply (attack 5)."""

    code = "graphql.too_deep"
    template = "The query is nested deeper than {most} levels."


class IntrospectionTooDeep(DomainError):
    """The query goes round in circles through the description of the schema (attack 10)."""

    code = "graphql.introspection_too_deep"
    template = "The query goes round in circles through the description of the schema."


class TooManyAliases(DomainError):
    """The query has too many aliases, counted with fragments spread out (attack 1)."""

    code = "graphql.too_many_aliases"
    template = "The query uses more than {most} aliases."


class TooManyFields(DomainError):
    """The query selects too many fields, counted with fragments spread out (attacks 8, 9)."""

    code = "graphql.too_many_fields"
    template = "The query selects more than {most} fields."


class TooManyDirectives(DomainError):
    """The query has too many directives (attack 8)."""

    code = "graphql.too_many_directives"
    template = "The query uses more than {most} directives."


class TooManyFragments(DomainError):
    """The query defines too many fragments (attack 8)."""

    code = "graphql.too_many_fragments"
    template = "The query defines more than {most} fragments."


class TooManyOperations(DomainError):
    """The document holds too many operations."""

    code = "graphql.too_many_operations"
    template = "The document holds more than {most} operations."


class TooManyMutations(DomainError):
    """One document asks for too many changes; none is applied (attack 3)."""

    code = "graphql.too_many_mutations"
    template = "More than {most} changes are asked for at once. Nothing was changed."


class RepeatedField(DomainError):
    """Fields are repeated so often in one place that comparing them would take too long (attack 8)."""

    code = "graphql.repeated_field"
    template = "Fields are repeated too often in the same place of the response."


class FragmentCycle(DomainError):
    """A fragment contains itself (attack 9)."""

    code = "graphql.fragment_cycle"
    template = "A fragment must not contain itself."


class TooComplex(DomainError):
    """The cost of the query is over the ceiling (attack 6)."""

    code = "graphql.too_complex"
    template = "The query costs {cost} points; at most {ceiling} are allowed. Ask for smaller pages."


class InvalidPageSize(DomainError):
    """`first` is null, not a whole number or out of range (attack 7)."""

    code = "graphql.invalid_page_size"
    template = "The page size “first” must be a whole number from 1 to {most}."


class UnknownOperation(DomainError):
    """The operation name matches no operation, or no name is given for several."""

    code = "graphql.unknown_operation"
    template = "The document does not hold exactly one operation of that name."


class IntrospectionRefused(DomainError):
    """This caller may not ask for the schema (attack 10)."""

    code = "graphql.introspection_refused"
    template = "The schema is not shown to this caller. It is published as a file with each release."


class InvalidDocument(DomainError):
    """The document breaks a rule of GraphQL that has no refusal of its own."""

    code = "graphql.invalid_document"
    template = "The query does not follow the GraphQL rules."


class InvalidSelection(DomainError):
    """A value is selected with braces, or an object without."""

    code = "graphql.invalid_selection"
    template = "“{name}” is selected in the wrong way: a value takes no braces, an object needs them."


class ConflictingFields(DomainError):
    """One response name is used for different things."""

    code = "graphql.conflicting_fields"
    template = "Another field has the same response name as “{name}” and differs. Use an alias."


class InvalidValue(DomainError):
    """A written value does not fit its argument; ``at`` tells where it stands, ``why`` what belongs there."""

    code = "graphql.invalid_value"
    template = "The value does not fit: {why}."

    def __init__(
        self,
        *,
        why: Saying | Sayings = OTHER_KIND,
        in_full: Saying | Sayings | None = None,
        **params: object,
    ) -> None:
        super().__init__(**params, why=why)
        self._in_full = in_full

    def name_all(self) -> None:
        """Name what the schema knows, such as the values of an enumeration (attack 11)."""
        if self._in_full is not None:
            self.params["why"] = self._in_full


class InvalidVariable(InvalidValue):
    """The value of the variable ``name`` is missing or does not fit at the place ``at``; it is not repeated."""

    code = "graphql.invalid_variable"


class MissingArgument(InvalidValue):
    """A field or directive lacks a required argument; only who may read the schema is told which (attack 11)."""

    code = "graphql.missing_argument"
    template = "“{name}” lacks {why}."

    def __init__(self, *, name: str, arguments: Sequence[str] = ()) -> None:
        values = {"names": LISTED.join(arguments)}
        named = Saying("the argument {names}", values, "the arguments {names}", len(arguments))
        super().__init__(name=name, why=Saying("a required argument"), in_full=named if arguments else None)


class UndefinedVariable(DomainError):
    """A variable is used and not declared."""

    code = "graphql.undefined_variable"
    template = "The variable “{name}” is used but not declared."


class UnusedVariable(DomainError):
    """A variable is declared and not used."""

    code = "graphql.unused_variable"
    template = "The variable “{name}” is declared but never used."


class UnknownArgument(DomainError):
    """An argument does not exist (attack 11)."""

    code = "graphql.unknown_argument"
    template = "The argument “{name}” does not exist here."


class UnknownDirective(DomainError):
    """A directive does not exist or stands in the wrong place (attacks 11, 12)."""

    code = "graphql.unknown_directive"
    template = "The directive “{name}” does not exist here."


class UnknownField(DomainError):
    """A field does not exist (attack 11)."""

    code = "graphql.unknown_field"
    template = "The field “{name}” does not exist here."


class UnknownFragment(DomainError):
    """A fragment is spread and not defined."""

    code = "graphql.unknown_fragment"
    template = "The fragment “{name}” is not defined."


class UnknownType(DomainError):
    """A type does not exist (attack 11)."""

    code = "graphql.unknown_type"
    template = "The type “{name}” does not exist."


def refusal_in(error: BaseException | None) -> DomainError | None:
    """Find the refusal that an error wraps, however deeply."""
    while isinstance(error, GraphQLError):
        error = error.original_error
    return error if isinstance(error, DomainError) else None


def as_graphql_error(refusal: DomainError, nodes: Collection[Node] = ()) -> GraphQLError:
    """Wrap a refusal: English message, `extensions {code, params}`, the refusal as `original_error`."""
    return GraphQLError(
        str(refusal),
        list(nodes) or None,
        original_error=refusal,
        extensions={"code": refusal.code, "params": refusal.plain()},
    )
