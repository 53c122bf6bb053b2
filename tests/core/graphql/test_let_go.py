"""What an operation read is let go with its answer: nothing waits for the collector of cycles."""

import gc
import weakref
from collections.abc import Iterator, Sequence
from uuid import UUID

import garden
import pytest
from sqlalchemy import Select, select

from msingi import Plugin, Work
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform

arboretum = Plugin("arboretum", requires=["garden"])
STROLL = arboretum.permission("stroll", "Walk through the arboretum")
seen: list[weakref.ref[Work]] = []


@arboretum.connection(garden.Tree, allow=STROLL, order=("label",))
def strolled_trees(work: Work) -> Select[garden.Tree]:
    """Trees that a visitor passes."""
    seen.append(weakref.ref(work))
    return select(garden.Tree)


@arboretum.extend(garden.Tree, allow=STROLL)
def twins(parents: Sequence[garden.Tree], work: Work) -> dict[UUID, list[garden.Tree]]:
    """The tree itself, as if there were two."""
    seen.append(weakref.ref(work))
    found = work.session.scalars(select(garden.Tree).where(garden.Tree.id.in_([one.id for one in parents])))
    return {tree.id: [tree] for tree in found}


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin, arboretum)


@pytest.fixture
def resting_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("resting_collector")
def test_a_list_with_batches_leaves_nothing_behind(platform: Platform, as_user: AsUser) -> None:
    with platform.work() as work:
        place = add_places(work, [NewPlace(code="country", name="Country")])["country"]
        for label in ("acacia", "baobab"):
            work.add(garden.Tree(label=label, kind=garden.Kind.PALM, jurisdiction_id=place, treasure="gold"))
    del work
    seen.clear()

    answer = platform.graphql.run(
        "{ strolledTrees { nodes { label twins { label } } } }",
        actor=as_user(STROLL, garden.READ, national=True),
    )

    assert answer["data"]["strolledTrees"]["nodes"] == [
        {"label": label, "twins": [{"label": label}]} for label in ("acacia", "baobab")
    ]
    assert [alive() for alive in seen] == [None, None]


@pytest.mark.usefixtures("resting_collector")
def test_a_work_that_is_over_leaves_nothing_behind(platform: Platform) -> None:
    with platform.work() as work:
        work.session.scalars(select(garden.Tree)).all()
    alive = weakref.ref(work)
    del work

    assert alive() is None
