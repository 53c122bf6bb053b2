"""Rights held at different places never add up: what is shown lies where every right on the way is held."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import garden
import pytest
from sqlalchemy import Select, select

from msingi import Plugin, Work
from msingi.actor import Actor, ActorKind, GrantSet
from msingi.audit.models import AuditEntry
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.plugin import Permission
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import MakePlatform

PLANT = "mutation($input: TreeInput!) { plantTree(input: $input) { label treasure } }"
glasshouse = Plugin("glasshouse", requires=["garden"])
VISIT = glasshouse.permission("visit", "Walk through the glasshouse")


@glasshouse.connection(garden.Tree, allow=VISIT, order=("label",))
def visited_trees(work: Work) -> Select[garden.Tree]:
    """Trees that a visitor passes."""
    return select(garden.Tree)


@glasshouse.extend(garden.Tree, allow=VISIT)
def neighbours(parents: Sequence[garden.Tree], work: Work) -> dict[UUID, list[garden.Tree]]:
    """Every tree that the visitor may see from here."""
    found = list(work.session.scalars(select(garden.Tree).order_by(garden.Tree.label)))
    return {tree.id: found for tree in parents}


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin, glasshouse)


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    with platform.work() as work:
        found = add_places(
            work,
            [
                NewPlace(code="country", name="Country"),
                NewPlace(code="north", name="North", parent="country"),
                NewPlace(code="far", name="Far north", parent="north"),
                NewPlace(code="south", name="South", parent="country"),
            ],
        )
        for name in ("north", "far", "south"):
            work.add(
                garden.Tree(
                    label=name, kind=garden.Kind.PALM, jurisdiction_id=found[name], treasure=f"gold of {name}"
                )
            )
    return found


def holder(places: dict[str, UUID], **held: Sequence[Permission]) -> Actor:
    """A user with these permissions at each of the places."""
    by_root = {places[place]: frozenset(right.name for right in rights) for place, rights in held.items()}
    return Actor(ActorKind.USER, id=new_id(), name="mixed", grants=GrantSet(by_root))


def ask(platform: Platform, actor: Actor, query: str, **variables: Any) -> Any:
    return platform.graphql.run(query, variables, actor=actor)


@pytest.mark.rule("attack 18", "attack 22")
def test_a_guarded_field_is_shown_only_where_its_own_right_is_held(
    platform: Platform, places: dict[str, UUID]
) -> None:
    actor = holder(places, country=[garden.READ], north=[garden.SECRET])

    answer = ask(platform, actor, "{ trees { nodes { label treasure } } }")

    assert {tree["label"]: tree["treasure"] for tree in answer["data"]["trees"]["nodes"]} == {
        "north": "gold of north",
        "far": "gold of far",
        "south": None,
    }
    assert "errors" not in answer


@pytest.mark.rule("attack 32", "attack 95")
def test_reading_a_guarded_field_under_a_sensitive_right_leaves_a_line(
    platform: Platform, places: dict[str, UUID]
) -> None:
    actor = holder(places, country=[garden.READ], far=[garden.SECRET])

    ask(platform, actor, "{ trees { nodes { label treasure } } }")
    ask(platform, actor, "{ trees { nodes { label } } }")

    with platform.work() as work:
        far = work.session.scalar(select(garden.Tree.id).where(garden.Tree.label == "far"))
        lines = work.session.scalars(select(AuditEntry).where(AuditEntry.actor_id == actor.id)).all()
    assert [(line.action, line.entity, line.entity_id) for line in lines] == [("read", "garden_tree", far)]
    assert lines[0].changes["permission"] == "garden.read_secret"


@pytest.mark.rule("attack 16", "attack 17")
def test_a_list_under_a_wider_right_shows_only_what_may_be_read(
    platform: Platform, places: dict[str, UUID]
) -> None:
    actor = holder(places, country=[VISIT], north=[garden.READ])

    answer = ask(platform, actor, "{ visitedTrees { nodes { label } totalCount } }")["data"]["visitedTrees"]

    assert answer == {"nodes": [{"label": "far"}, {"label": "north"}], "totalCount": 2}


@pytest.mark.rule("attack 16")
def test_rights_in_separate_places_open_nothing_together(platform: Platform, places: dict[str, UUID]) -> None:
    actor = holder(places, south=[VISIT], north=[garden.READ])

    answer = ask(platform, actor, "{ visitedTrees { nodes { label } totalCount } }")["data"]["visitedTrees"]

    assert answer == {"nodes": [], "totalCount": 0}


@pytest.mark.rule("attack 16")
def test_an_extension_under_a_wider_right_shows_only_what_may_be_read(
    platform: Platform, places: dict[str, UUID]
) -> None:
    actor = holder(places, country=[VISIT], far=[garden.READ])

    answer = ask(platform, actor, "{ trees { nodes { label neighbours { label } } } }")["data"]["trees"]

    assert answer["nodes"] == [{"label": "far", "neighbours": [{"label": "far"}]}]


@pytest.mark.rule("attack 17", "attack 22")
def test_a_mutation_does_not_answer_with_what_may_not_be_read_there(
    platform: Platform, places: dict[str, UUID]
) -> None:
    actor = holder(places, south=[garden.PLANT], north=[garden.READ, garden.PLANT])
    wish = {"kind": "PALM", "label": "sapling"}

    refused = ask(platform, actor, PLANT, input={**wish, "jurisdictionId": str(places["south"])})
    planted = ask(platform, actor, PLANT, input={**wish, "jurisdictionId": str(places["far"])})

    assert refused["data"] is None
    assert refused["errors"][0]["extensions"]["code"] == "core.not_found"
    assert planted["data"]["plantTree"] == {"label": "sapling", "treasure": None}
    with platform.work() as work:
        assert len(work.session.scalars(select(garden.Tree).where(garden.Tree.label == "sapling")).all()) == 1
