"""An extension that answers for other ids than its parents' is a defect, not a field that is always null."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import garden
import pytest

from msingi import Plugin, Work
from msingi.actor import Actor
from msingi.defects import watched_defects
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform

Answers = Callable[[Sequence[garden.Tree]], Mapping[UUID, int | None]]
LIST = "{ trees { nodes { label apples } } }"


@pytest.fixture
def ask(make_platform: MakePlatform, as_user: AsUser) -> Callable[[Answers], dict[str, Any]]:
    """The answer for a list of two trees, of which ``apples`` are told by the function given."""

    def asked(answers: Answers) -> dict[str, Any]:
        orchard = Plugin("orchard", requires=["garden"])

        @orchard.extend(garden.Tree, allow=garden.READ)
        def apples(trees: Sequence[garden.Tree], work: Work) -> Mapping[UUID, int | None]:
            """Apples on this tree."""
            return answers(trees)

        platform = make_platform(garden.plugin, orchard)
        return platform.graphql.run(LIST, actor=_gardener(platform, as_user))

    return asked


def _gardener(platform: Platform, as_user: AsUser) -> Actor:
    with platform.work() as work:
        place = add_places(work, [NewPlace("C", "Country")])["C"]
        for label in ("baobab", "mango"):
            work.add(garden.Tree(label=label, kind=garden.Kind.MANGO, jurisdiction_id=place))
    return as_user(garden.READ, at=place)


def _apples(answer: dict[str, Any]) -> list[int | None]:
    return [node["apples"] for node in answer["data"]["trees"]["nodes"]]


@pytest.mark.parametrize(
    ("answers", "strange"),
    [
        (lambda trees: {new_id(): 3 for _ in trees}, 2),
        (lambda trees: {trees[0].id: 3, new_id(): 4}, 1),
        (lambda trees: {**{tree.id: 3 for tree in trees}, new_id(): 4}, 1),
        (lambda trees: {trees[0].id: None, trees[1].id: 3, new_id(): 4}, 1),
    ],
)
def test_answers_for_other_ids_are_a_defect(
    ask: Callable[[Answers], dict[str, Any]], answers: Answers, strange: int
) -> None:
    with watched_defects() as defects:
        answer = ask(answers)

    assert _apples(answer) == [None, None]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"core.internal"}
    assert f"apples: answers for ids that were not asked ({strange}); key each by" in defects[0].story


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (lambda _trees: {}, [None, None]),
        (lambda trees: {trees[0].id: 3}, [3, None]),
        (lambda trees: {tree.id: None for tree in trees}, [None, None]),
        (lambda trees: {trees[0].id: 0, new_id(): None}, [0, None]),
    ],
)
def test_fewer_answers_and_empty_ones_are_none(
    ask: Callable[[Answers], dict[str, Any]], answers: Answers, told: list[int | None]
) -> None:
    answer = ask(answers)

    assert "errors" not in answer
    assert sorted(_apples(answer), key=str) == told
