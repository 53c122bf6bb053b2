"""Attacks whose answer is that the door does not exist: the schema of every shipped module proves it."""

from functools import lru_cache

import pytest
from graphql import GraphQLObjectType, GraphQLSchema

from msingi.contracts import full_platform


@lru_cache(maxsize=1)
def _schema() -> GraphQLSchema:
    return full_platform().graphql.core


def _objects() -> dict[str, GraphQLObjectType]:
    return {
        name: kind
        for name, kind in _schema().type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    }


@pytest.mark.rule("attack 20")
def test_a_list_offers_rows_and_their_count_and_no_other_aggregate() -> None:
    connections = {name: kind for name, kind in _objects().items() if name.endswith("Connection")}

    assert connections
    for kind in connections.values():
        assert set(kind.fields) == {"nodes", "edges", "pageInfo", "totalCount"}


@pytest.mark.rule("attack 41")
def test_no_token_can_be_exchanged_for_another() -> None:
    tokens = [
        f"{name}.{field}"
        for name, kind in _objects().items()
        for field in kind.fields
        if "refresh" in field.lower()
    ]
    mutation = _schema().mutation_type

    assert mutation is not None
    assert tokens == []
    assert [name for name, field in mutation.fields.items() if "token" in {*map(str.lower, field.args)}] == []


@pytest.mark.rule("attack 50")
def test_no_code_is_sent_to_a_telephone() -> None:
    mutation = _schema().mutation_type

    assert mutation is not None
    signing = {name: set(field.args) for name, field in mutation.fields.items() if "login" in name.lower()}
    assert signing["login"] == {"username", "password", "code", "newPassword"}
    assert [name for name in mutation.fields if "sms" in name.lower() or "sendCode" in name] == []
