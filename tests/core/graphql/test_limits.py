"""The GraphQL door refuses bombs before execution and tells nothing about the schema."""

import tracemalloc
from typing import Any

import pytest
from graphql import GraphQLError, build_schema, get_introspection_query, get_variable_values, parse

from msingi.clean_text import InvalidCharacter
from msingi.errors import DomainError
from msingi.graphql import limits
from msingi.graphql.limits import (
    MAX_ERRORS,
    VALIDATION_RULES,
    asks_introspection,
    check_introspection,
    operation_of,
    parse_query,
    validate_document,
    variable_error,
)
from msingi.graphql.refusals import (
    IntrospectionRefused,
    SyntaxRefused,
    TooLong,
    TooManyTokens,
    UnknownOperation,
)

SCHEMA = build_schema(
    """
    type Query { patient(id: ID, kind: Kind): Patient  patients(first: Int = 50): [Patient!]!  secretNumber: Int }
    type Patient { id: ID! familyName: String facility: Facility nhisNumber(form: Form): String }
    type Facility { id: ID! patients(first: Int = 50): [Patient!]! }
    type Mutation { login(name: String, secret: String): String  note(text: String!): Int }
    input Form { spaced: Boolean! }
    enum Kind { INPATIENT OUTPATIENT }
    """
)
SCHEMA_NAMES = (
    "Patient",
    "Facility",
    "Query",
    "familyName",
    "secretNumber",
    "nhisNumber",
    "INPATIENT",
    "Form",
    "spaced",
)


def codes(source: str) -> list[str]:
    return [code_of(error) for error in validate_document(SCHEMA, parse_query(source))]


def code_of(error: GraphQLError) -> str:
    extensions: dict[str, Any] = error.extensions or {}
    return str(extensions["code"])


def nested(levels: int) -> str:
    """A query through the cycle patient - facility - patients with this many levels."""
    fields = ["patients" if level % 2 == 0 else "facility" for level in range(levels - 1)]
    return "{" + "{".join([*fields, "id"]) + "}" * levels


@pytest.mark.rule("attack 1")
def test_hundred_aliases_pass_and_one_more_is_refused() -> None:
    hundred = " ".join(f"a{number}: secretNumber" for number in range(100))

    assert codes("{" + hundred + "}") == []
    assert codes("{" + hundred + " a100: secretNumber}") == ["graphql.too_many_aliases"]


@pytest.mark.rule("attack 1")
def test_aliases_in_a_fragment_count_at_every_spread() -> None:
    fragment = "fragment F on Patient {" + " ".join(f"a{number}: id" for number in range(40)) + "}"

    source = "{ patient { ...F facility { patients { ...F facility { patients { ...F } } } } } }" + fragment

    assert codes(source) == ["graphql.too_many_aliases"]


@pytest.mark.rule("attack 3")
def test_ten_changes_pass_and_fifty_are_refused() -> None:
    ten = " ".join(f'a{number}: note(text: "x")' for number in range(10))
    fifty = " ".join(f'a{number}: note(text: "x")' for number in range(50))

    assert codes("mutation {" + ten + "}") == []
    assert codes("mutation {" + fifty + "}") == ["graphql.too_many_mutations"]


@pytest.mark.rule("attack 3", "attack 4")
def test_changes_hidden_in_fragments_and_operations_count() -> None:
    six = " ".join(f'b{number}: login(name: "x")' for number in range(6))
    split = (
        f'mutation A {{ ...M c0: note(text: "x") }} mutation B {{ ...M }} fragment M on Mutation {{ {six} }}'
    )

    assert codes(split) == ["graphql.too_many_mutations"]


@pytest.mark.rule("attack 5")
def test_depth_ten_passes_and_eleven_is_refused() -> None:
    assert codes(nested(10)) == []
    assert codes(nested(11)) == ["graphql.too_deep"]


@pytest.mark.rule("attack 5")
def test_fragments_do_not_hide_depth() -> None:
    source = (
        "{ patient { facility { ...A } } } "
        "fragment A on Facility { patients { facility { patients { ...B } } } } "
        "fragment B on Patient { facility { patients { facility { patients { facility { id } } } } } }"
    )

    assert codes(source) == ["graphql.too_deep"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{" + "secretNumber " * 2_000 + "}", "graphql.too_many_fields"),
        ("{" + "secretNumber " * 900 + "}", "graphql.repeated_field"),
        ("{" + "patient{facility{id}}" * 120 + "}", "graphql.repeated_field"),
        ("{ secretNumber" + " @include(if: true)" * 101 + "}", "graphql.too_many_directives"),
        ("query" + " @x" * 101 + "{ secretNumber }", "graphql.too_many_directives"),
        (
            "{ secretNumber }"
            + " ".join(f"fragment F{number} on Query {{ secretNumber }}" for number in range(51)),
            "graphql.too_many_fragments",
        ),
        (
            " ".join(f"query Q{number} {{ secretNumber }}" for number in range(11)),
            "graphql.too_many_operations",
        ),
        ("{" + "...{" * 80 + "secretNumber" + "}" * 81, "graphql.too_deep"),
        ("{ patients(first: [" + "1 " * 3_500 + "]) { id } }", "graphql.invalid_value"),
    ],
)
@pytest.mark.rule("attack 8")
def test_floods_below_the_token_limit_are_refused(source: str, code: str) -> None:
    assert codes(source) == [code]


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("{" + "secretNumber " * 200_000 + "}", TooLong),
        ("{" + "a " * 10_000 + "}", TooManyTokens),
        ("{ secretNumber " + "@a " * 5_000 + "}", TooManyTokens),
        ("".join(f"fragment F{number} on Query {{ a }}" for number in range(10_000)), TooLong),
        ("#\n" * 5_000 + "{ secretNumber }", TooManyTokens),
        ("{ patient" * 3_000, SyntaxRefused),
    ],
)
@pytest.mark.rule("attack 8")
def test_floods_are_refused_by_the_parser(source: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        parse_query(source)


FAN_OUT = " ".join(
    f"fragment F{number} on Query {{ ...F{number + 1} ...F{number + 1} }}" for number in range(40)
)
BOMBS = (
    "{ ...F0 }" + FAN_OUT + " fragment F40 on Query { secretNumber }",
    "{ ...F0 }" + FAN_OUT + " fragment F40 on Query { }",
    "{ secretNumber }" + FAN_OUT + " fragment F40 on Query { secretNumber }",
    "{ ...F0 } fragment F0 on Query { ...F1 } fragment F1 on Query { ...F0 }",
    "{ secretNumber } fragment F0 on Query { ...F0 }",
    "{" + "patient{facility{id patients{id}}}" * 200 + "}",
    "{"
    + "patients(first: 200) { facility {" * 4
    + "patients(first: ["
    + "1 " * 3_000
    + "]) { id }"
    + "}}" * 4
    + "}",
    "{" + " ".join(f"field{number}" for number in range(990)) + "}",
    "query(" + " ".join(f"$v{number}: Int" for number in range(900)) + "){ secretNumber }",
)


@pytest.mark.parametrize(
    ("bomb", "code"),
    list(
        zip(
            BOMBS[:6],
            [
                "graphql.too_many_fields",
                "graphql.too_many_fields",
                "graphql.too_many_fields",
                "graphql.fragment_cycle",
                "graphql.fragment_cycle",
                "graphql.repeated_field",
            ],
            strict=True,
        )
    ),
)
@pytest.mark.rule("attack 9")
def test_fan_out_and_circles_are_refused(bomb: str, code: str) -> None:
    assert codes(bomb) == [code]


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.rule("attack 8", "attack 9")
def test_a_bomb_is_refused_in_fifty_megabytes(bomb: str) -> None:
    tracemalloc.start()
    try:
        errors = validate_document(SCHEMA, parse_query(bomb))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 1 <= len(errors) <= MAX_ERRORS
    assert peak < 50_000_000


@pytest.mark.rule("attack 10")
def test_the_standard_introspection_query_passes() -> None:
    widest = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )

    assert codes(widest) == []


@pytest.mark.parametrize(
    "source",
    [
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        '{ __type(name: "Query")' + "{ ofType" * 16 + " { name }" + "}" * 17,
    ],
)
@pytest.mark.rule("attack 10")
def test_introspection_in_circles_is_refused(source: str) -> None:
    assert codes(source)[0] in {"graphql.introspection_too_deep", "graphql.too_deep"}


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("{ __schema { queryType { name } } }", True),
        ('{ patient { id } ...F } fragment F on Query { ... { x: __type(name: "A") { name } } }', True),
        ("{ __typename patient { __typename } }", False),
    ],
)
@pytest.mark.rule("attack 10")
def test_introspection_is_refused_unless_allowed(source: str, asked: bool) -> None:  # noqa: FBT001
    document = parse_query(source)

    assert asks_introspection(document) is asked
    check_introspection(document, allowed=True)
    if asked:
        with pytest.raises(IntrospectionRefused):
            check_introspection(document, allowed=False)
    else:
        check_introspection(document, allowed=False)


@pytest.mark.parametrize(
    ("source", "code", "params"),
    [
        ("{ patiens { id } }", "graphql.unknown_field", {"name": "patiens"}),
        ("{ patient { familyNam } }", "graphql.unknown_field", {"name": "familyNam"}),
        ("{ patient(idd: 1) { id } }", "graphql.unknown_argument", {"name": "idd"}),
        ("{ patient { ... on Patien { id } } }", "graphql.unknown_type", {"name": "Patien"}),
        ("{ patient { ...Patien } }", "graphql.unknown_fragment", {"name": "Patien"}),
        (
            "{ patient(kind: INPATIEN) { id } }",
            "graphql.invalid_value",
            {"at": "patient(kind)", "why": "it must be one of the values that the published schema lists"},
        ),
        (
            "{ patient { nhisNumber(form: {space: true}) } }",
            "graphql.invalid_value",
            {"at": "nhisNumber(form)", "why": "there is no field “space”; a required field is missing"},
        ),
        ("{ patient }", "graphql.invalid_selection", {"name": "patient"}),
        ("{ patient { id { text } } }", "graphql.invalid_selection", {"name": "id"}),
        ("mutation { note }", "graphql.missing_argument", {"name": "note", "why": "a required argument"}),
        ("{ patient(id: $id) { id } }", "graphql.undefined_variable", {"name": "id"}),
        ("query($id: ID) { patient { id } }", "graphql.unused_variable", {"name": "id"}),
        ("{ patient { a: id a: facility { id } } }", "graphql.conflicting_fields", {"name": "id"}),
        ("{ secretNumber @includ(if: true) }", "graphql.unknown_directive", {"name": "includ"}),
        ("query A { secretNumber } query A { secretNumber }", "graphql.invalid_document", {}),
    ],
)
@pytest.mark.rule("attack 11", "attack 97")
def test_a_mistake_has_a_code_and_names_only_what_was_written(
    source: str, code: str, params: dict[str, str]
) -> None:
    (error,) = validate_document(SCHEMA, parse_query(source))

    assert (error.extensions or {}) == {"code": code, "params": params}
    assert "mean" not in error.message
    unwritten = [name for name in SCHEMA_NAMES if name not in source]
    assert [name for name in unwritten if name in error.message] == []


@pytest.mark.rule("attack 12")
def test_ten_unknown_directives_are_one_error() -> None:
    source = "{ secretNumber " + " ".join(f"@wrong{number}" for number in range(10)) + "}"

    assert codes(source) == ["graphql.unknown_directive"]


@pytest.mark.rule("attack 12")
def test_many_kinds_of_mistakes_give_ten_errors_at_most() -> None:
    source = (
        'query A($v: Nope, $w: Int) { abc(q: 1) a(z: 1) patient secretNumber { x } patients(first: "s") { id } '
        "...Q x @u y: secretNumber y: patient { id } patient(i: 1) { id } secretNumber @include } query A { a(b: $c) }"
    )

    found = codes(source)

    assert len(found) == len(set(found)) == MAX_ERRORS


@pytest.mark.rule("attack 97")
def test_a_syntax_error_gives_the_place_and_no_text() -> None:
    with pytest.raises(SyntaxRefused) as refused:
        parse_query('{ patient(id: "Amina"\n  ) { "secret" } }')

    assert refused.value.params == {"line": 2, "column": 7}
    assert str(refused.value) == "The query is not valid GraphQL near line 2, column 7."


@pytest.mark.rule("attack 57", "attack 97")
@pytest.mark.parametrize("nul", ["\\u0000", "\\u{0}", "\\u{000}"])
def test_a_nul_written_in_a_query_is_refused(nul: str) -> None:
    with pytest.raises(InvalidCharacter):
        parse_query('{ patient(name: "Amina' + nul + '") { id } }')


@pytest.mark.rule("attack 97")
def test_a_wrong_variable_is_not_repeated_in_the_error() -> None:
    source = "query($first: Int, $form: Form) { patients(first: $first) { nhisNumber(form: $form) } }"
    operation = operation_of(parse(source), None)

    errors = get_variable_values(
        SCHEMA, operation.variable_definitions or (), {"first": "Amina Diallo", "form": {"space": 1}}
    )

    assert isinstance(errors, list)
    assert [variable_error(error).extensions for error in errors[:2]] == [
        {
            "code": "graphql.invalid_variable",
            "params": {"name": name, "at": f"${name}", "why": "it is missing or of another kind"},
        }
        for name in ("first", "form")
    ]
    assert all("Amina" not in variable_error(error).message for error in errors)


@pytest.mark.rule("attack 97")
def test_an_error_of_another_kind_is_not_taken_for_a_wrong_variable() -> None:
    defect = GraphQLError("Cannot return null for non-nullable field.", original_error=KeyError("Amina"))

    assert variable_error(defect) is defect


def test_the_rules_are_built_once() -> None:
    assert limits.VALIDATION_RULES is VALIDATION_RULES
    assert len({hash(rule) for rule in VALIDATION_RULES}) == len(VALIDATION_RULES)


@pytest.mark.parametrize(
    ("source", "name"), [("query A { a } query B { a }", None), ("query A { a }", "B"), ("{ a }", "A")]
)
def test_an_operation_must_be_chosen_exactly(source: str, name: str | None) -> None:
    with pytest.raises(UnknownOperation):
        operation_of(parse(source), name)
