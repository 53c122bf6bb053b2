"""A missing argument is named to who may read the schema, and to nobody else."""

import pytest
from graphql import build_schema

from msingi.graphql.limits import parse_query, validate_document
from msingi.graphql.misfits import name_all
from msingi.graphql.refusals import refusal_in
from msingi.platform import Platform

SCHEMA = build_schema("type Query { person(id: ID!, day: String!, note: String, page: Int! = 1): String }")


@pytest.mark.rule("attack 11")
@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        (
            "{ person }",
            "“person” lacks the arguments id, day.",
            "Il manque à « person » les arguments id, day.",
        ),
        ("{ person(id: 1) }", "“person” lacks the argument day.", "Il manque à « person » l'argument day."),
        (
            "{ __typename @include }",
            "“include” lacks a required argument.",
            "Il manque à « include » un argument obligatoire.",
        ),
    ],
)
def test_what_is_missing_is_named_to_who_may_read_the_schema(
    platform: Platform, source: str, english: str, french: str
) -> None:
    (error,) = validate_document(SCHEMA, parse_query(source))
    refusal = refusal_in(error)
    assert refusal is not None
    discreet = str(refusal)

    name_all([error])

    assert discreet.endswith("lacks a required argument.")
    assert (platform.texts.refusal(refusal, "en"), platform.texts.refusal(refusal, "fr")) == (english, french)


def test_a_field_with_all_its_arguments_passes() -> None:
    assert validate_document(SCHEMA, parse_query('{ person(id: 1, day: "x") }')) == []
