"""Drills F38 and F42: exhausted connections and threads, and a plugin that raises, sleeps and never ends."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import garden
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.faults import hostile
from tests.faults.served import COUNT, PLANT, gardener, tree

from msingi.edge import configure_logs
from msingi.http import create_app
from msingi.kernel.models import JobRecord, JobState
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import MakePlatform

HEADERS = {"x-msingi-request": "1", "accept-language": "en"}
MODULES = "{ __typename }"


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    server, jobs = {"threads": 2, "requests_per_minute": 6000}, {"embedded_workers": 0}
    return make_platform(garden.plugin, hostile.plugin, server=server, jobs=jobs)


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient]:
    with TestClient(create_app(platform), base_url="http://localhost", headers=HEADERS) as served:
        yield served


def _ask(client: TestClient, query: str) -> Any:
    return client.post("/graphql", json={"query": query})


@pytest.mark.rule("F38")
def test_an_exhausted_pool_asks_to_come_back_and_recovers(
    make_platform: MakePlatform, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = make_platform(garden.plugin, hostile.plugin, jobs={"embedded_workers": 0})
    with (
        TestClient(create_app(platform), base_url="http://localhost", headers=HEADERS) as client,
        ExitStack() as held,
    ):
        for _ in range(5):
            held.enter_context(platform.database.read.connect())
        monkeypatch.setattr(platform.database.read.pool, "_timeout", 0.2)
        busy = [_ask(client, "{ one }"), client.get("/api/hostile/one")]
        alive = client.get("/health/live")
        held.close()
        free = _ask(client, "{ one }")

    assert [reply.status_code for reply in busy] == [503, 503], f"engine {engine_name}"
    assert [reply.headers["retry-after"] for reply in busy] == ["5", "5"]
    assert {reply.json()["errors"][0]["extensions"]["code"] for reply in busy} == {"core.too_busy"}
    assert alive.status_code == 200
    assert free.json()["data"] == {"one": 1}


@pytest.mark.rule("F38", "F42")
def test_a_sleeping_plugin_holds_its_own_thread_only_and_all_of_them_give_a_503(
    client: TestClient, engine_name: str
) -> None:
    hostile.alarm.clear()
    with ThreadPoolExecutor(3) as callers:
        first = callers.submit(_ask, client, "{ nap }")
        assert hostile.asleep.acquire(timeout=60)
        beside = _ask(client, MODULES)
        second = callers.submit(_ask, client, "{ nap }")
        assert hostile.asleep.acquire(timeout=60)
        beyond = _ask(client, MODULES)
        alive = client.get("/health/live")
        hostile.alarm.set()
        woken = [first.result(60), second.result(60)]
        later = _ask(client, MODULES)

    assert (beside.status_code, later.status_code, alive.status_code) == (200, 200, 200), (
        f"engine {engine_name}"
    )
    assert (beyond.status_code, beyond.headers["retry-after"]) == (503, "5")
    assert [reply.json()["data"] for reply in woken] == [{"nap": "awake"}] * 2


@pytest.mark.rule("F42", "attack 97")
def test_a_raising_plugin_is_named_in_the_log_and_harms_nobody(
    platform: Platform, client: TestClient, engine_name: str
) -> None:
    log = io.StringIO()
    configure_logs(stream=log)
    with platform.work() as work:
        place = add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]
    actor = gardener(place)
    platform.graphql.run(PLANT, tree("baobab", place), actor=actor)

    field = platform.graphql.run("{ trees { nodes { label curse } } }", actor=actor)
    whole = platform.graphql.run(PLANT, tree("cursed", place), actor=actor)
    route = client.get("/api/hostile/curse")
    with platform.work() as work:
        work.enqueue("hostile.curse_at_night")
    platform.jobs.run_pending()
    count = platform.graphql.run(COUNT, actor=actor)

    assert field["data"] == {"trees": {"nodes": [{"label": "baobab", "curse": None}]}}, (
        f"engine {engine_name}"
    )
    assert whole["data"] is None
    assert count["data"]["trees"]["totalCount"] == 1
    assert route.status_code == 500
    assert _parked(platform) == ["hostile.curse_at_night"]
    assert _ask(client, MODULES).status_code == 200
    for name in ("curse", "curse_planting", "curse_by_rest", "curse_at_night"):
        assert name in log.getvalue()
    assert "Awa" not in f"{field}{whole}{route.text}{log.getvalue()}"


def _parked(platform: Platform) -> list[str]:
    with platform.work(writes=False) as work:
        return list(work.session.scalars(select(JobRecord.name).where(JobRecord.state == JobState.PARKED)))
