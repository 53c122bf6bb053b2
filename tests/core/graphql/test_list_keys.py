"""Keys of lists: hostile cursors, and columns that must not become a question."""

import base64
from typing import Any
from uuid import UUID

import garden
import orjson
import pytest
from sqlalchemy import Select, select

from msingi import Plugin, Work
from msingi.actor import Actor
from msingi.errors import ConfigurationError
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import AsUser, MakePlatform

SOME_ID = str(UUID(int=7))


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.fixture
def everybody(as_user: AsUser, platform: Platform) -> Actor:
    return as_user(*platform.permissions, national=True, at=new_id())


def cursor_of(payload: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(payload)).decode().rstrip("=")


@pytest.mark.rule("attack 13", "attack 57")
@pytest.mark.parametrize(
    ("query", "names", "values"),
    [
        ("trees(orderBy: [LABEL_ASC], after: $after)", ["label", "id"], ["a", 5]),
        ("trees(orderBy: [LABEL_ASC], after: $after)", ["label", "id"], ["a\x00", SOME_ID]),
        ("trees(orderBy: [LABEL_ASC], after: $after)", ["label", "id"], [None, SOME_ID]),
        ("trees(orderBy: [KIND_ASC], after: $after)", ["kind", "id"], [["mango"], SOME_ID]),
        ("jurisdictions(orderBy: [LEVEL_ASC], after: $after)", ["level", "id"], [2**40, SOME_ID]),
        ("jurisdictions(orderBy: [LEVEL_ASC], after: $after)", ["level", "id"], [True, SOME_ID]),
        ("jobs(orderBy: [RUN_AT_ASC], after: $after)", ["run_at", "id"], [5, SOME_ID]),
        (
            "jobs(orderBy: [RUN_AT_ASC], after: $after)",
            ["run_at", "id"],
            ["0001-01-01T00:00:00+14:00", SOME_ID],
        ),
    ],
)
def test_a_forged_cursor_is_refused_and_never_a_defect(
    platform: Platform, everybody: Actor, query: str, names: list[str], values: list[Any]
) -> None:
    document = f"query($after: String) {{ {query} {{ nodes {{ id }} }} }}"

    answer = platform.graphql.run(document, {"after": cursor_of([names, values])}, actor=everybody)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["graphql.invalid_cursor"]


@pytest.mark.parametrize(
    ("column", "where", "order"),
    [
        ("treasure", ("treasure",), ("id",)),
        ("treasure", (), ("treasure",)),
        ("jurisdiction_id", ("jurisdiction_id",), ("id",)),
    ],
)
@pytest.mark.rule("attack 19")
def test_a_column_that_not_every_reader_sees_is_no_filter_and_no_order(
    make_platform: MakePlatform, column: str, where: tuple[str, ...], order: tuple[str, ...]
) -> None:
    spy = Plugin("spy", requires=["garden"])

    @spy.connection(garden.Tree, allow=garden.READ, where=where, order=order)
    def spied_trees(work: Work) -> Select[garden.Tree]:
        """Trees."""
        return select(garden.Tree)

    with pytest.raises(ConfigurationError, match=f"spied_trees: {column} is not shown"):
        _ = make_platform(garden.plugin, spy).graphql
