"""A value that does not fit: told by its place, with what belongs there and an example, never by itself."""

from collections.abc import Iterator
from typing import Any

import garden
import pytest
from graphql import OperationDefinitionNode, get_variable_values, parse
from structlog.testing import capture_logs
from tests.core.graphql.test_limits import SCHEMA

from msingi.actor import ANONYMOUS, Actor
from msingi.graphql.limits import parse_query, validate_document
from msingi.graphql.misfits import MOST_MISFITS, located, name_all
from msingi.graphql.refusals import refusal_in
from msingi.platform import Platform
from msingi.testing import AsUser, MakePlatform

PLANT = "mutation($input: TreeInput!) { plantTree(input: $input) { label } }"
LIST = "query($where: TreesFilter) { trees(where: $where) { nodes { label } } }"


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin, demo=False)


@pytest.fixture
def gardener(as_user: AsUser) -> Actor:
    return as_user(garden.READ, garden.PLANT, national=True)


def _told(platform: Platform, actor: Actor, query: str, **variables: Any) -> list[tuple[str, str, str]]:
    answer = platform.graphql.run(query, variables, actor=actor, language="en")
    extensions = [error["extensions"] for error in answer["errors"]]
    return [(one["code"], one["params"]["at"], one["params"].get("why", "")) for one in extensions]


@pytest.mark.rule("attack 97")
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{ patients(first: "Amina") { id } }', "patients(first): {} be a whole number, such as 12."),
        ('{ secretNumber @include(if: "Amina") }', "@include(if): {} be true or false."),
        ("{ patient(id: [Amina]) { id } }", "patient(id): {} be an identifier as text."),
        (
            "query($form: Form = {spaced: 3}) { patient { nhisNumber(form: $form) } }",
            "$form.spaced: {} be true or false.",
        ),
        ("{ patient { nhisNumber(form: 3) } }", "nhisNumber(form): {} be an object, in braces."),
        ("{ patient { nhisNumber(form: {spaced: null}) } }", "nhisNumber(form.spaced): {} not be null."),
    ],
)
def test_a_literal_is_told_by_its_argument_with_what_belongs_there(source: str, message: str) -> None:
    (error,) = validate_document(SCHEMA, parse_query(source))

    assert error.message == message.format("The value does not fit: it must")
    assert "Amina" not in error.message


@pytest.mark.rule("attack 11")
def test_who_may_read_the_schema_is_told_its_names() -> None:
    sources = ("{ patient(kind: INPATIEN) { id } }", "{ patient { nhisNumber(form: {space: 1}) } }")
    errors = [validate_document(SCHEMA, parse_query(source))[0] for source in sources]

    name_all(errors)

    assert [str(refusal_in(error)) for error in errors] == [
        "patient(kind): The value does not fit: it must be one of INPATIENT, OUTPATIENT.",
        "nhisNumber(form): The value does not fit: there is no field “space”; the field “spaced” is missing.",
    ]


@pytest.mark.rule("attack 11", "attack 97")
def test_every_place_of_a_variable_that_does_not_fit_is_told(platform: Platform, gardener: Actor) -> None:
    wrong = {"label": 5, "kind": "CACTUS", "planted": "Amina", "jurisdictionId": None, "colour": "red"}

    known = _told(platform, gardener, PLANT, input=wrong)
    unknown = _told(platform, ANONYMOUS, PLANT, input=wrong)

    assert sorted(known) == [
        ("date.invalid", "$input.planted", ""),
        ("graphql.invalid_variable", "$input", "there is no field “colour”"),
        ("graphql.invalid_variable", "$input.jurisdictionId", "it must not be null"),
        ("graphql.invalid_variable", "$input.kind", "it must be one of MANGO, PALM"),
        ("graphql.invalid_variable", "$input.label", 'it must be a text, such as "abc"'),
    ]
    hidden = "it must be one of the values that the published schema lists"
    assert dict(zip(sorted(known), sorted(unknown), strict=True)) == {
        one: (one[0], one[1], hidden) if one[1] == "$input.kind" else one for one in known
    }


def test_a_variable_that_is_missing_or_lacks_fields_is_told(platform: Platform, gardener: Actor) -> None:
    assert _told(platform, gardener, PLANT) == [
        ("graphql.invalid_variable", "$input", "the variable $input is missing")
    ]
    assert _told(platform, gardener, PLANT, input={"kind": "PALM"}) == [
        (
            "graphql.invalid_variable",
            "$input",
            "the field “label” is missing; the field “jurisdictionId” is missing",
        )
    ]
    assert _told(platform, ANONYMOUS, PLANT, input={"kind": "PALM"}) == [
        ("graphql.invalid_variable", "$input", "a required field is missing")
    ]


@pytest.mark.rule("attack 11", "attack 97")
@pytest.mark.parametrize("number", [11, 51, 500])
def test_more_misfits_than_anybody_reads_are_refused_and_logged_as_no_defect(
    platform: Platform, number: int
) -> None:
    unknown = {f"x{place}": 1 for place in range(number)}
    listed = "; ".join(f"there is no field “x{place}”" for place in range(MOST_MISFITS))
    labels = {"label": {"in": [5] * number}}

    with capture_logs() as logs:
        of_object = _told(platform, ANONYMOUS, PLANT, input=unknown)
        of_list = _told(platform, ANONYMOUS, LIST, where=labels)

    assert of_object == [("graphql.invalid_variable", "$input", f"{listed}; a required field is missing")]
    assert [(code, at) for code, at, _ in of_list] == [
        ("graphql.invalid_variable", f"$where.label.in[{place}]") for place in range(MOST_MISFITS)
    ]
    assert [line for line in logs if line["log_level"] == "error"] == []


@pytest.mark.rule("attack 97")
def test_misfits_of_many_variables_are_explained_up_to_ten(platform: Platform) -> None:
    names = [f"v{place}" for place in range(5)]
    fields = " ".join(f"{name}: trees(first: ${name}) {{ totalCount }}" for name in names)
    declared = ", ".join(f"${name}: Int!" for name in names)
    lists = "query({}, $where: TreesFilter) {{ {} all: trees(where: $where) {{ totalCount }} }}"

    told = _told(
        platform,
        ANONYMOUS,
        lists.format(declared, fields),
        **dict.fromkeys(names, "x"),
        where={"label": {"in": [5] * 60}},
    )

    assert [at for _, at, _ in told] == [
        *(f"${name}" for name in names),
        *(f"$where.label.in[{place}]" for place in range(5)),
    ]


class _Counted(dict[str, object]):
    """An object that counts how often somebody goes through all its fields."""

    walks = 0

    def __iter__(self) -> Iterator[str]:
        self.walks += 1
        return super().__iter__()


@pytest.mark.rule("attack 97")
def test_the_unknown_fields_of_an_object_are_listed_once() -> None:
    many = _Counted({f"x{place}": 1 for place in range(500)})
    (operation,) = parse("query($form: Form) { patient { nhisNumber(form: $form) } }").definitions
    assert isinstance(operation, OperationDefinitionNode)
    errors = get_variable_values(SCHEMA, operation.variable_definitions or (), {"form": many}, 50)
    assert isinstance(errors, list)

    told = located(SCHEMA, errors, {"form": many})

    assert [str(error.message).count("there is no field") for error in told] == [MOST_MISFITS]
    assert (len(errors), many.walks) == (51, 1)


@pytest.mark.rule("X-01")
def test_place_and_example_are_told_in_french_too(platform: Platform, gardener: Actor) -> None:
    given = {"where": {"planted": {"gte": 5}, "label": {"in": ["a", 7]}}}

    answer = platform.graphql.run(LIST, given, actor=gardener, language="fr")

    assert sorted(error["message"] for error in answer["errors"]) == [
        '$where.label.in[1] : La valeur ne convient pas : elle doit être un texte, par exemple "abc".',
        "$where.planted.gte : Écrivez la date sous la forme AAAA-MM-JJ, par exemple 2026-03-01 ; elle doit exister dans le calendrier.",
    ]
