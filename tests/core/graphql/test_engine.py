"""The GraphQL door: assembled types, scope, transactions, idempotency, versions, pages and errors."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import garden
import pytest
from sqlalchemy import func, select

from msingi.actor import ANONYMOUS, Actor
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.testing import AsUser, MakePlatform

PLANT = "mutation($input: TreeInput!) { plantTree(input: $input) { id label version owner { name } } }"
LIST = """query($first: Int!, $after: String) { trees(first: $first, after: $after, orderBy: [KIND_DESC, LABEL_ASC]) {
  nodes { label } edges { cursor } pageInfo { hasNextPage endCursor } totalCount } }"""
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(garden.plugin)


@pytest.fixture
def places(platform: Platform) -> dict[str, UUID]:
    found = {name: new_id() for name in ("country", "north", "south")}
    pairs = [(name, name) for name in found] + [("country", "north"), ("country", "south")]
    with platform.work() as work:
        work.insert_rows(
            Jurisdiction,
            [
                {
                    "id": place,
                    "code": name,
                    "name": name,
                    "names": {},
                    "level": int(name != "country"),
                    "kind": "admin",
                    "parent_id": None if name == "country" else found["country"],
                    "version": 1,
                }
                for name, place in found.items()
            ],
        )
        work.insert_rows(
            JurisdictionClosure,
            [
                {"ancestor_id": found[above], "descendant_id": found[below], "depth": int(above != below)}
                for above, below in pairs
            ],
        )
    return found


@pytest.fixture
def gardener(as_user: AsUser, places: dict[str, UUID]) -> Actor:
    return as_user(garden.READ, garden.PLANT, at=places["north"])


def _tree(places: dict[str, UUID], label: str, **fields: Any) -> dict[str, Any]:
    return {"input": {"label": label, "kind": "MANGO", "jurisdictionId": str(places["north"]), **fields}}


def _codes(response: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in response.get("errors", [])]


def _count(platform: Platform, model: Any) -> int:
    with platform.work(writes=False) as work:
        return work.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_mutation_writes_and_answers(run: Run, gardener: Actor, places: dict[str, UUID]) -> None:
    response = run(PLANT, _tree(places, "baobab"), actor=gardener)

    assert response["data"]["plantTree"]["label"] == "baobab"
    assert response["data"]["plantTree"]["version"] == 1
    assert "errors" not in response


@pytest.mark.rule("attack 15")
def test_another_place_sees_nothing_and_learns_nothing(
    run: Run, as_user: AsUser, gardener: Actor, places: dict[str, UUID]
) -> None:
    planted = run(PLANT, _tree(places, "baobab"), actor=gardener)["data"]["plantTree"]["id"]
    stranger = as_user(garden.READ, at=places["south"])

    known = run("query($id: UUID!) { tree(id: $id) { label } }", {"id": planted}, actor=stranger)
    unknown = run("query($id: UUID!) { tree(id: $id) { label } }", {"id": str(new_id())}, actor=stranger)
    listed = run(LIST, {"first": 5}, actor=stranger)["data"]["trees"]

    assert known == unknown == {"data": {"tree": None}, "extensions": known["extensions"]}
    assert listed["nodes"] == []
    assert listed["totalCount"] == 0


def test_a_denied_mutation_changes_nothing(
    run: Run, platform: Platform, as_user: AsUser, places: dict[str, UUID]
) -> None:
    reader = as_user(garden.READ, at=places["north"])

    refused = [run(PLANT, _tree(places, "baobab"), actor=actor) for actor in (reader, ANONYMOUS)]

    assert [_codes(response) for response in refused] == [["core.forbidden"], ["core.not_authenticated"]]
    assert _count(platform, garden.Tree) == 0
    assert _count(platform, garden.Note) == 0


def test_a_write_outside_the_scope_is_refused(
    run: Run, platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    response = run(PLANT, _tree(places, "baobab", jurisdictionId=str(places["south"])), actor=gardener)

    assert _codes(response) == ["core.not_found"]
    assert _count(platform, garden.Tree) == 0


def test_one_failed_root_undoes_the_whole_document(
    run: Run, platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    twice = "mutation($input: TreeInput!) { a: plantTree(input: $input) { id } b: plantTree(input: $input) { id } }"

    response = run(twice, _tree(places, "baobab"), actor=gardener)

    assert _codes(response) == ["garden.overgrown"]
    assert response["data"] is None
    assert _count(platform, garden.Tree) == 0


def test_wrong_input_names_every_field_in_french(run: Run, gardener: Actor, places: dict[str, UUID]) -> None:
    response = run(PLANT, _tree(places, "b"), actor=gardener)

    (error,) = response["errors"]
    assert error["extensions"]["code"] == "core.invalid_input"
    assert error["extensions"]["params"]["fields"][0]["path"] == "input.label"
    assert "au moins 2 caractères" in error["message"]


@pytest.mark.rule("attack 22")
@pytest.mark.parametrize("field", ["status", "version", "id", "createdAt", "isSuperuser"])
def test_fields_that_the_input_does_not_know_are_refused(
    run: Run, gardener: Actor, places: dict[str, UUID], field: str
) -> None:
    response = run(PLANT, _tree(places, "baobab", **{field: "1"}), actor=gardener)

    assert response["data"] is None
    assert _codes(response) == ["graphql.invalid_variable"]


def test_pages_follow_the_keyset_to_the_end(run: Run, gardener: Actor, places: dict[str, UUID]) -> None:
    for label, kind in (("c1", "MANGO"), ("a1", "PALM"), ("b1", "MANGO"), ("d1", "PALM"), ("e1", "MANGO")):
        run(PLANT, _tree(places, label, kind=kind), actor=gardener)

    seen: list[str] = []
    after = None
    while True:
        page = run(LIST, {"first": 2, "after": after}, actor=gardener)["data"]["trees"]
        seen += [node["label"] for node in page["nodes"]]
        assert page["totalCount"] == 5
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == ["a1", "d1", "b1", "c1", "e1"]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "W1siLWtpbmQiXSxbIm1hbmdvIl1d", "é", "' OR 1=1"])
def test_a_foreign_cursor_is_refused(run: Run, gardener: Actor, cursor: str) -> None:
    assert _codes(run(LIST, {"first": 2, "after": cursor}, actor=gardener)) == ["graphql.invalid_cursor"]


@pytest.mark.rule("attack 7")
@pytest.mark.parametrize("first", [0, -1, 201, 1_000_000])
def test_page_sizes_out_of_range_are_refused(run: Run, gardener: Actor, first: int) -> None:
    assert _codes(run(LIST, {"first": first}, actor=gardener)) == ["graphql.invalid_page_size"]


def test_filters_and_order_come_from_declared_columns(
    run: Run, gardener: Actor, places: dict[str, UUID]
) -> None:
    for label in ("Mango one", "mango two", "100%_sure"):
        run(PLANT, _tree(places, label), actor=gardener)
    query = "query($where: TreesFilter) { trees(where: $where, orderBy: [LABEL_ASC]) { nodes { label } } }"

    def labels(where: dict[str, Any]) -> set[str]:
        nodes = run(query, {"where": where}, actor=gardener)["data"]["trees"]["nodes"]
        return {node["label"] for node in nodes}

    assert labels({"label": {"startsWith": "MANGO"}}) == {"Mango one", "mango two"}
    assert labels({"label": {"startsWith": "100%_"}}) == {"100%_sure"}
    assert labels({"label": {"startsWith": "%"}}) == set()
    assert labels({"label": {"in": ["mango two"]}, "kind": {"eq": "MANGO"}}) == {"mango two"}
    assert labels({"within": str(places["south"])}) == set()
    assert len(labels({"within": str(places["country"])})) == 3


@pytest.mark.rule("attack 18")
def test_a_guarded_field_stays_empty_also_in_the_answer_of_a_mutation(
    run: Run, platform: Platform, as_user: AsUser, gardener: Actor, places: dict[str, UUID]
) -> None:
    planted = run(PLANT, _tree(places, "baobab"), actor=gardener)["data"]["plantTree"]
    with platform.work() as work:
        work.get(garden.Tree, UUID(planted["id"])).treasure = "gold"
    relabel = (
        'mutation($id: UUID!) { relabelTree(id: $id, label: "new", expectedVersion: 2) { label treasure } }'
    )
    reads_secrets = as_user(garden.READ, garden.SECRET, at=places["north"])

    changed = run(relabel, {"id": planted["id"]}, actor=gardener)
    read = run("query($id: UUID!) { tree(id: $id) { treasure } }", {"id": planted["id"]}, actor=reads_secrets)

    assert changed["data"]["relabelTree"] == {"label": "new", "treasure": None}
    assert read["data"]["tree"]["treasure"] == "gold"


def test_a_stale_version_is_refused_with_the_current_one(
    run: Run, gardener: Actor, places: dict[str, UUID]
) -> None:
    planted = run(PLANT, _tree(places, "baobab"), actor=gardener)["data"]["plantTree"]
    relabel = 'mutation($id: UUID!) { relabelTree(id: $id, label: "new", expectedVersion: 1) { version } }'

    first = run(relabel, {"id": planted["id"]}, actor=gardener)
    second = run(relabel, {"id": planted["id"]}, actor=gardener)

    assert first["data"]["relabelTree"]["version"] == 2
    assert second["errors"][0]["extensions"] == {
        "code": "core.stale_version",
        "params": {"current": 2, "expected": 1},
    }


@pytest.mark.rule("IN-3", "F19")
def test_the_same_key_gives_the_same_answer_once(
    run: Run, platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    answers = [
        platform.graphql.run(PLANT, _tree(places, "baobab"), actor=gardener, idempotency_key="k1")
        for _ in range(3)
    ]
    other = platform.graphql.run(PLANT, _tree(places, "acacia"), actor=gardener, idempotency_key="k1")

    assert answers[0] == answers[1] == answers[2]
    assert _codes(other) == ["core.idempotency_conflict"]
    assert _count(platform, garden.Tree) == 1


@pytest.mark.rule("IN-3")
def test_a_repeat_beside_the_first_call_gets_its_answer_and_no_refusal_for_what_it_did(
    run: Run, platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    planted = [run(PLANT, _tree(places, f"tree{number}"), actor=gardener) for number in range(6)]
    relabel = 'mutation($id: UUID!) { relabelTree(id: $id, label: "new", expectedVersion: 1) { version } }'

    def repeated(tree: str) -> list[Any]:
        together = Barrier(2)

        def call(_: int) -> Any:
            together.wait(60)
            return platform.graphql.run(relabel, {"id": tree}, actor=gardener, idempotency_key=tree)

        with ThreadPoolExecutor(2) as callers:
            return list(callers.map(call, range(2)))

    for tree in (one["data"]["plantTree"]["id"] for one in planted):
        first, second = repeated(tree)
        assert first["data"] == second["data"] == {"relabelTree": {"version": 2}}


@pytest.mark.rule("IN-3")
def test_a_number_beyond_64_bits_beside_a_key_is_a_number_like_others(
    platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    variables = {**_tree(places, "baobab"), "unused": 2**64}

    first = platform.graphql.run(PLANT, variables, actor=gardener, idempotency_key="k1")
    again = platform.graphql.run(PLANT, variables, actor=gardener, idempotency_key="k1")
    other = platform.graphql.run(
        PLANT, variables | {"unused": -(2**64)}, actor=gardener, idempotency_key="k1"
    )

    assert first["data"]["plantTree"]["label"] == "baobab"
    assert again == first
    assert _codes(other) == ["core.idempotency_conflict"]


@pytest.mark.rule("attack 99")
def test_a_remembered_answer_is_sealed(platform: Platform, gardener: Actor, places: dict[str, UUID]) -> None:
    platform.graphql.run(PLANT, _tree(places, "baobab"), actor=gardener, idempotency_key="k1")

    with platform.database.read.connect() as connection:
        stored = connection.exec_driver_sql("SELECT response FROM core_idempotency").scalar_one()

    assert b"baobab" not in bytes(stored)


def test_money_is_exact_in_lists_and_below_other_records(
    run: Run, platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    with platform.work() as work:
        owner = work.add(garden.Owner(name="Awa"))
    for label, worth in (("aa", "1500 XAF"), ("bb", "9007199254740993.01 TZS"), ("cc", None)):
        run(PLANT, _tree(places, label, worth=worth, ownerId=str(owner.id)), actor=gardener)

    answer = run(
        "{ trees { nodes { worth } edges { node { worth } } } owners { nodes { treesOwned { worth } } } }",
        actor=gardener,
    )

    amounts = [{"worth": "1500 XAF"}, {"worth": "9007199254740993.01 TZS"}, {"worth": None}]
    assert answer["data"]["trees"]["nodes"] == amounts
    assert [edge["node"] for edge in answer["data"]["trees"]["edges"]] == amounts
    assert answer["data"]["owners"]["nodes"] == [{"treesOwned": amounts}]


def test_a_reference_to_nothing_is_told(run: Run, gardener: Actor, places: dict[str, UUID]) -> None:
    response = run(PLANT, _tree(places, "baobab", ownerId=str(new_id())), actor=gardener)

    assert _codes(response) == ["core.broken_reference"]


@pytest.mark.rule("F40")
def test_a_lost_race_for_a_unique_value_meets_the_refusal(run: Run, gardener: Actor) -> None:
    starting_line = Barrier(4)

    def welcome(_number: int) -> list[str]:
        starting_line.wait(10)
        return _codes(run('mutation { welcomeOwner(name: "Awa") { name } }', actor=gardener))

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(welcome, range(4)))

    assert answers == [[], ["garden.overgrown"], ["garden.overgrown"], ["garden.overgrown"]]


@pytest.mark.rule("attack 97")
def test_a_defect_is_masked_behind_a_reference_and_blanks_its_field_only(
    run: Run, gardener: Actor, places: dict[str, UUID]
) -> None:
    run(PLANT, _tree(places, "baobab"), actor=gardener)

    response = run("{ trees { nodes { label shade(hour: 0) } } }", actor=gardener)

    (error,) = response["errors"]
    assert response["data"]["trees"]["nodes"] == [{"label": "baobab", "shade": None}]
    assert error["extensions"]["code"] == "core.internal"
    assert "ZeroDivision" not in str(response)


def test_extensions_answer_for_the_whole_page_at_once(
    run: Run, gardener: Actor, places: dict[str, UUID]
) -> None:
    for label in ("aa", "bbb"):
        run(PLANT, _tree(places, label), actor=gardener)

    nodes = run("{ trees { nodes { label shade tall: shade(hour: 20) } } }", actor=gardener)["data"]["trees"][
        "nodes"
    ]

    assert nodes == [{"label": "aa", "shade": 24, "tall": 40}, {"label": "bbb", "shade": 36, "tall": 60}]


def test_events_run_now_and_after_the_commit(
    run: Run, platform: Platform, gardener: Actor, places: dict[str, UUID]
) -> None:
    run(PLANT, _tree(places, "baobab"), actor=gardener)
    platform.jobs.run_pending()

    with platform.work(writes=False) as work:
        notes = set(work.session.scalars(select(garden.Note.text)))
    assert notes == {"hello baobab", "watered baobab"}


@pytest.mark.rule("attack 10")
def test_introspection_is_for_signed_in_callers_outside_demonstrations(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    platform = make_platform(garden.plugin, demo=False)

    anonymous = platform.graphql.run("{ __schema { types { name } } }", actor=ANONYMOUS)
    developer = platform.graphql.run("{ __schema { types { name } } }", actor=as_user())

    assert "data" not in anonymous
    assert {"name": "Tree"} in developer["data"]["__schema"]["types"]
