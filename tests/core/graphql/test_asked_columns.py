"""Lists load what is selected and what its fields read, in as few statements as there are tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import garden
import pytest
from sqlalchemy import event

from msingi import Plugin, Work
from msingi.actor import Actor
from msingi.money import Money
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform

LABELS = ["t0", "t1", "t2"]

signs = Plugin("signs", requires=["garden"])


@signs.extend(garden.Tree, allow=garden.READ, reads=("label",))
def shout(parents: Sequence[garden.Tree], work: Work) -> dict[UUID, str]:
    """The label in capitals."""
    return {parent.id: parent.label.upper() for parent in parents}


@signs.extend(garden.Tree, allow=garden.READ)
def sight(parents: Sequence[garden.Tree], work: Work) -> dict[UUID, str]:
    """Whatever can be seen of a tree."""
    return {parent.id: f"{parent.kind} {parent.worth}" for parent in parents}


@signs.extend(garden.Owner, allow=garden.READ, reads=())
def grove(parents: Sequence[garden.Owner], work: Work) -> dict[UUID, list[garden.Tree]]:
    """The trees of an owner."""
    return work.answer_children(garden.Tree.owner_id, parents, order_by=garden.Tree.label)


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin, signs)


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    with platform.work() as work:
        found = add_places(
            work, [NewPlace("C", "Country"), NewPlace("N", "North", "C"), NewPlace("S", "South", "C")]
        )
        owner = work.add(garden.Owner(name="Awa"))
        work.session.flush()
        for number, place in enumerate(("N", "N", "N", "S")):
            tree = {
                "label": f"t{number}",
                "kind": garden.Kind.MANGO,
                "worth": Money.from_minor(number, "XAF"),
            }
            work.add(garden.Tree(jurisdiction_id=found[place], owner_id=owner.id, treasure="gold", **tree))
    return dict(found)


@pytest.fixture
def gardener(as_user: AsUser, places: dict[str, UUID]) -> Actor:
    return as_user(garden.READ, garden.SECRET, at=places["N"])


@contextmanager
def statements(platform: Platform) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*values: Any) -> None:
        if str(values[2]).startswith("SELECT") and " AS crowd" not in str(values[2]):
            seen.append(" ".join(str(values[2]).split()))

    event.listen(platform.database.read, "before_cursor_execute", note)
    yield seen
    event.remove(platform.database.read, "before_cursor_execute", note)


def asked(platform: Platform, actor: Actor, query: str) -> tuple[Any, list[str]]:
    with statements(platform) as seen:
        answer = platform.graphql.run(query, actor=actor)
    assert "errors" not in answer
    return answer["data"], seen


def test_a_page_loads_its_keys_and_what_is_selected(platform: Platform, gardener: Actor) -> None:
    data, (page,) = asked(platform, gardener, "{ trees(orderBy: [LABEL_ASC]) { nodes { kind } } }")

    assert data == {"trees": {"nodes": [{"kind": "MANGO"}] * 3}}
    assert page.split(" FROM ")[0].split()[1:] == [
        "garden_tree.id,",
        "garden_tree.label,",
        "garden_tree.kind",
    ]


@pytest.mark.parametrize(
    "selection",
    [
        "nodes { ...tree } } } fragment tree on Tree { label worth }",
        "nodes { ... on Tree { label } ... { worth } } } }",
        "edges { node { label a: worth @skip(if: false) } } edges { node { worth } } } }",
        "nodes { label } edges { node { worth } } } }",
    ],
)
def test_whatever_way_a_field_is_selected_it_is_there(
    platform: Platform, gardener: Actor, selection: str
) -> None:
    data, (page,) = asked(platform, gardener, f"query {{ trees {{ {selection}")

    assert "0 XAF" in str(data)
    assert "t2" in str(data)
    assert "garden_tree.planted" not in page


def test_a_field_that_names_what_it_reads_is_given_no_more(platform: Platform, gardener: Actor) -> None:
    data, (page,) = asked(platform, gardener, "{ trees(orderBy: [ID_ASC]) { nodes { shout } } }")

    assert [node["shout"] for node in data["trees"]["nodes"]] == ["T0", "T1", "T2"]
    assert page.split(" FROM ")[0].split()[1:] == ["garden_tree.id,", "garden_tree.label"]


def test_a_field_that_does_not_say_what_it_reads_is_given_everything(
    platform: Platform, gardener: Actor
) -> None:
    data, (page,) = asked(platform, gardener, "{ trees(orderBy: [ID_ASC]) { nodes { sight } } }")

    assert [node["sight"] for node in data["trees"]["nodes"]] == [
        f"mango {number} XAF" for number in range(3)
    ]
    assert "garden_tree.version" in page


def test_a_guarded_field_is_read_with_its_place(platform: Platform, gardener: Actor) -> None:
    data, seen = asked(platform, gardener, "{ trees { nodes { treasure } } }")

    assert data["trees"]["nodes"] == [{"treasure": "gold"}] * 3
    assert "garden_tree.jurisdiction_id, garden_tree.treasure FROM" in seen[0].replace(
        "garden_tree.label, ", ""
    )


@pytest.mark.rule("attack 15")
def test_rows_below_a_parent_are_narrow_and_inside_the_scope(platform: Platform, gardener: Actor) -> None:
    data, seen = asked(platform, gardener, "{ owners { nodes { name grove { label owner { name } } } } }")

    (owner,) = data["owners"]["nodes"]
    assert owner["grove"] == [{"label": f"t{number}", "owner": {"name": "Awa"}} for number in range(3)]
    assert "garden_tree.worth_minor" not in seen[1]
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("selection", "owner"),
    [
        (
            "a: grove { label } b: grove { kind } } } }",
            {"a": [{"label": label} for label in LABELS], "b": [{"kind": "MANGO"}] * 3},
        ),
        (
            "b: grove { kind } ...more } } } fragment more on Owner { a: grove { label } grove { id @skip(if: true) } }",
            {"b": [{"kind": "MANGO"}] * 3, "a": [{"label": label} for label in LABELS], "grove": [{}] * 3},
        ),
        (
            "grove { owner { id @skip(if: true) } ... { o: owner { name } } } g: grove { shout } } } }",
            {
                "grove": [{"owner": {}, "o": {"name": "Awa"}}] * 3,
                "g": [{"shout": label.upper()} for label in LABELS],
            },
        ),
        (
            "grove { owner { g: grove { kind } h: grove { label } } } } } }",
            {"grove": [{"owner": {"g": [{"kind": "MANGO"}] * 3, "h": [{"label": x} for x in LABELS]}}] * 3},
        ),
    ],
)
def test_aliases_of_one_field_are_given_what_any_of_them_selects(
    platform: Platform, gardener: Actor, selection: str, owner: dict[str, Any]
) -> None:
    data, _ = asked(platform, gardener, f"query {{ owners {{ nodes {{ {selection}")

    assert data["owners"]["nodes"] == [owner]


def test_aliases_of_one_relation_and_of_the_parts_of_a_page_share_one_statement(
    platform: Platform, gardener: Actor
) -> None:
    whose = "owner { id @skip(if: true) } o: owner { name }"
    data, seen = asked(
        platform,
        gardener,
        f"{{ trees(first: 1) {{ nodes {{ {whose} }} more: nodes {{ label }} edges {{ node {{ kind }} }} }} }}",
    )

    assert data["trees"] == {
        "nodes": [{"owner": {}, "o": {"name": "Awa"}}],
        "more": [{"label": "t0"}],
        "edges": [{"node": {"kind": "MANGO"}}],
    }
    assert len(seen) == 2


@pytest.mark.rule("attack 15")
@pytest.mark.parametrize(
    ("query", "total", "amount"),
    [
        ("{ trees(first: 2) { totalCount nodes { id } } }", 3, 1),
        (
            "{ trees(first: 2) { ... { nodes { id } } ...more } } fragment more on TreesConnection { totalCount }",
            3,
            1,
        ),
        ("{ trees(first: 2) { totalCount } }", 3, 1),
        ('{ trees(where: {label: {eq: "t3"}}) { totalCount nodes { id } } }', 0, 2),
    ],
)
def test_the_total_comes_with_the_page_and_counts_what_the_caller_may_see(
    platform: Platform, gardener: Actor, query: str, total: int, amount: int
) -> None:
    data, seen = asked(platform, gardener, query)

    assert data["trees"]["totalCount"] == total
    assert len(seen) == amount


def test_the_total_counts_the_whole_list_beyond_a_cursor(platform: Platform, gardener: Actor) -> None:
    query = "{{ trees(first: 2, orderBy: [LABEL_ASC]{}) {{ totalCount pageInfo {{ endCursor }} nodes {{ label }} }} }}"
    first, _ = asked(platform, gardener, query.format(""))
    cursor = first["trees"]["pageInfo"]["endCursor"]

    last, _ = asked(platform, gardener, query.format(f', after: "{cursor}"'))
    end = last["trees"]["pageInfo"]["endCursor"]
    beyond, _ = asked(platform, gardener, query.format(f', after: "{end}"'))

    assert [node["label"] for node in last["trees"]["nodes"]] == ["t2"]
    assert [page["trees"]["totalCount"] for page in (first, last, beyond)] == [3, 3, 3]
    assert beyond["trees"]["nodes"] == []
