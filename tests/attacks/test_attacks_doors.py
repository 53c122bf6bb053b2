"""One matrix role x action x place at every door, and what no door ever says (attacks 21, 58, 97)."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from uuid import UUID

import garden
import pytest
from starlette.testclient import TestClient
from tests.attacks import gates
from tests.attacks.conftest import ROOMY, sign_in
from tests.attacks.tables_filled import World, settle
from tests.core.http.conftest import HEADERS

from msingi.actor import ANONYMOUS, Actor
from msingi.auth.services.authentication import authenticate
from msingi.http import create_app
from msingi.ids import new_id
from msingi.kernel.models import JobRecord
from msingi.platform import Platform
from msingi.testing import MakePlatform

ROLES = {
    "nobody": None,
    "outsider": set[str](),
    "reader": {"gates.read"},
    "writer": {"gates.write"},
    "both": {"gates.read", "gates.write"},
}
TARGETS = ("north", "south", "missing")
READ = "query($id: UUID!) { labelAt(id: $id) }"
WRITE = "mutation($id: UUID!, $label: String!) { putAt(id: $id, label: $label) }"
BODIES = [
    b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"query": 1}', b'{"query": "{"}', b'{"query": null, "variables": []}',
    b'{"query": "{ tree(id: \\"x\\") { id } }"}', b'{"query": "{ trees(first: \\"x\\") { nodes { id } } }"}',
    b'{"query": "query($w: TreesFilter) { trees(where: $w) { totalCount } }", "variables": {"w": {"label": {"eq": "\\u0000"}}}}',
    b'{"username": "a\\u0000", "password": "b"}', b'{"username": [], "password": {}}', b"\x00\xff\xfe", b'{"a":' * 3000,
    b'{"query": "' + b"x" * 200_000 + b'"}',
]  # fmt: skip
HOSTS = ("evil.example", "", "localhost@evil.example", "localhost:80:80", "localhost.evil.example")
NEVER = (
    "Traceback",
    'File "',
    ".py",
    "sqlalchemy",
    "sqlite3",
    "psycopg",
    "SELECT ",
    "INSERT ",
    "/work",
    "site-packages",
    "starlette",
    "uvicorn",
    "strawberry",
    "pydantic",
)


class Doors:
    """The same two actions at each door, as one person; the answer is a code or the value."""

    def __init__(self, platform: Platform, client: TestClient, actor: Actor, token: str | None) -> None:
        self._platform, self._client, self._actor = platform, client, actor
        self._headers = {**HEADERS, **({"authorization": f"Bearer {token}"} if token else {})}

    def ask(self, door: str, action: str, record: UUID, label: str) -> str:
        return {"engine": self._engine, "graphql": self._graphql, "rest": self._rest, "job": self._job}[door](
            action, record, label
        )

    def _engine(self, action: str, record: UUID, label: str) -> str:
        return _said(self._platform.graphql.run(*_operation(action, record, label), actor=self._actor))

    def _graphql(self, action: str, record: UUID, label: str) -> str:
        query, variables = _operation(action, record, label)
        body = {"query": query, "variables": variables}
        return _said(self._client.post("/graphql", json=body, headers=self._headers).json())

    def _rest(self, action: str, record: UUID, label: str) -> str:
        path = f"/api/gates/label/{record}" if action == "read" else f"/api/gates/put/{record}/{label}"
        reply = self._client.request("GET" if action == "read" else "POST", path, headers=self._headers)
        return str(reply.json()) if reply.status_code == 200 else _said(reply.json())

    def _job(self, action: str, record: UUID, label: str) -> str:
        arguments = {"record": record} if action == "read" else {"record": record, "label": label}
        with self._platform.work(self._actor) as work:
            job_id = work.enqueue(
                "gates.label_by_job" if action == "read" else "gates.put_by_job", **arguments
            )
        self._platform.jobs.run_one(job_id)
        with self._platform.work(writes=False) as work:
            job = work.session.get_one(JobRecord, job_id)
            return str(job.error_code or (job.result or {})["answer"])


@pytest.fixture
def house(make_platform: MakePlatform) -> Iterator[tuple[Platform, TestClient, World]]:
    platform = make_platform(
        garden.plugin, gates.plugin, server=ROOMY, jobs={"backend": "embedded", "embedded_workers": 0}
    )
    world = settle(platform)
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        yield platform, client, world


@pytest.mark.rule("attack 15", "attack 21")
def test_every_door_gives_the_same_answer(
    house: tuple[Platform, TestClient, World], record_property: Callable[[str, object], None]
) -> None:
    platform, client, world = house
    with platform.work() as work:
        trees = {
            place: work.add(
                garden.Tree(label=f"old-{place}", kind=garden.Kind.PALM, jurisdiction_id=world.places[place])
            )
            for place in ("north", "south")
        }
        work.session.flush()
        records = {("read", place): tree.id for place, tree in trees.items()}
    records |= {("write", place): world.places[place] for place in ("north", "south")}
    cells, differences, written = 0, [], set()

    for role, rights in ROLES.items():
        token = None if rights is None else sign_in(platform, client, world, role, rights, "north")
        actor = ANONYMOUS if token is None else authenticate(platform, token, "")
        doors = Doors(platform, client, actor, token)
        for action, target in product(("read", "write"), TARGETS):
            for door in ("engine", "graphql", "rest", "job"):
                label = f"new-{role}-{door}"
                answer = doors.ask(door, action, records.get((action, target), new_id()), label)
                expected = _oracle(role, action, target, label)
                written |= {label} if expected == label else set()
                differences += [(role, action, target, door, answer)] if answer != expected else []
                cells += 1

    with platform.work() as work:
        stored = gates.labels(work)
    record_property("cells", cells)
    assert differences == []
    assert stored == {"old-north", "old-south"} | written
    assert cells == 5 * 2 * 3 * 4


@pytest.mark.rule("attack 97", "attack 14")
def test_no_malformed_body_makes_a_door_talk(house: tuple[Platform, TestClient, World]) -> None:
    platform, client, world = house
    token = sign_in(platform, client, world, "reader", {"garden.read", "gates.write"}, "north")
    headers = {**HEADERS, "authorization": f"Bearer {token}", "content-type": "application/json"}
    doors = ("/graphql", "/session", f"/api/gates/put/{new_id()}/x", "/api/gates/put/not-an-id/x", "/none")

    for body, door in product(BODIES, doors):
        reply = client.post(door, content=body, headers=headers)
        said = f"{reply.text} {reply.headers}".lower()
        assert 400 <= reply.status_code < 500 or "errors" in reply.json(), (door, body[:60])
        assert [word for word in NEVER if word.lower() in said] == [], (door, body[:60])
        assert "core.internal" not in said, (door, body[:60])
    assert client.get("/health/live", headers=headers).status_code == 200


@pytest.mark.rule("attack 58")
def test_a_foreign_host_is_no_door(house: tuple[Platform, TestClient, World]) -> None:
    _, client, _ = house

    for host in HOSTS:
        for target in ("/graphql", "http://evil.example/graphql"):
            headers = {**HEADERS, "host": host}
            reply = client.post(target, json={"query": "{ __typename }"}, headers=headers)
            assert reply.status_code in {400, 421}, (host, target)
            assert "evil.example" not in reply.text
            assert "location" not in reply.headers


def _oracle(role: str, action: str, target: str, label: str) -> str:
    """What the answer must be: who is it, may they, and where."""
    if role == "nobody":
        return "core.not_authenticated"
    if role not in {"both", f"{action}r", {"read": "reader", "write": "writer"}[action]}:
        return "core.forbidden"
    if target != "north":
        return "core.not_found"
    return "old-north" if action == "read" else label


def _operation(action: str, record: UUID, label: str) -> tuple[str, dict[str, Any]]:
    return (READ, {"id": str(record)}) if action == "read" else (WRITE, {"id": str(record), "label": label})


def _said(answer: dict[str, Any]) -> str:
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    return str(next(iter(answer["data"].values())))
