"""Lists of few places and of crowded ones: the same pages, found by another way on SQLite."""

from typing import Any
from uuid import UUID

import garden
import pytest

from msingi.actor import Actor
from msingi.graphql import crowded
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform, SentStatements

TREES = """query($after: String, $within: UUID) {
  trees(first: 2, after: $after, orderBy: [KIND_DESC, LABEL_ASC], where: {within: $within}) {
    nodes { label } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    """Five trees in the south and one in the north."""
    with platform.work() as work:
        ids = add_places(
            work, [NewPlace("CM", "Cameroun"), NewPlace("N", "Nord", "CM"), NewPlace("S", "Sud", "CM")]
        )
        kinds = [garden.Kind.MANGO, garden.Kind.PALM]
        for number in range(5):
            work.add(garden.Tree(jurisdiction_id=ids["S"], label=f"s{number}", kind=kinds[number % 2]))
        work.add(garden.Tree(jurisdiction_id=ids["N"], label="n", kind=garden.Kind.PALM))
    return ids


@pytest.mark.parametrize("many", [3, 2_000])
def test_a_list_has_the_same_pages_however_much_lies_in_its_places(
    platform: Platform,
    places: dict[str, UUID],
    as_user: AsUser,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
) -> None:
    monkeypatch.setattr(crowded, "_MANY", many)
    of_the_south = as_user(garden.READ, at=places["S"])
    national = as_user(garden.READ, at=places["CM"], national=True)

    assert _labels(platform, of_the_south) == ["s1", "s3", "s0", "s2", "s4"]
    assert _labels(platform, national, places["S"]) == ["s1", "s3", "s0", "s2", "s4"]
    assert _labels(platform, national, places["N"]) == ["n"]
    assert _labels(platform, national) == ["n", "s1", "s3", "s0", "s2", "s4"]


def test_the_order_of_a_list_leads_where_much_lies_and_its_places_where_little_does(
    platform: Platform,
    places: dict[str, UUID],
    as_user: AsUser,
    sent_statements: SentStatements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crowded, "_MANY", 3)
    reader = {name: as_user(garden.READ, at=place) for name, place in places.items()}

    told = {}
    for name in ("S", "N", "S"):
        with sent_statements() as sent:
            _page(platform, reader[name], None, None)
        told[name] = [statement for statement in sent if "garden_tree" in statement]

    asides = {name: "coalesce(garden_tree.kind" in sent[-1] for name, sent in told.items()}
    assert asides == {"S": False, "N": platform.database.is_sqlite}
    assert len(told["S"]) == 1, "that a place is crowded is remembered"


def _labels(platform: Platform, actor: Actor, within: UUID | None = None) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        page = _page(platform, actor, after, within)
        found += [node["label"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def _page(platform: Platform, actor: Actor, after: str | None, within: UUID | None) -> Any:
    variables = {"after": after, "within": None if within is None else str(within)}
    answer = platform.graphql.run(TREES, variables, actor=actor)
    return answer["data"]["trees"]
