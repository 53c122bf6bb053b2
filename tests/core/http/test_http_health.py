"""Health is asked when nothing else answers: it waits for no operation."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from starlette.testclient import TestClient
from tests.core.http.conftest import HEADERS

from msingi import PUBLIC, Plugin, Work
from msingi.http import create_app
from msingi.testing import MakePlatform

plugin = Plugin("slumber")
begun, awake = Event(), Event()


@plugin.query(allow=PUBLIC)
def slept(work: Work) -> bool:
    """Sleep until woken."""
    begun.set()
    return awake.wait(60)


@pytest.mark.rule("F38")
def test_health_answers_while_every_thread_is_at_work(make_platform: MakePlatform) -> None:
    begun.clear()
    awake.clear()
    app = create_app(make_platform(plugin, server={"threads": 1}))

    with TestClient(app, base_url="http://localhost") as client, ThreadPoolExecutor(1) as beside:
        sleeper = beside.submit(client.post, "/graphql", json={"query": "{ slept }"}, headers=HEADERS)
        begun.wait(60)
        ready = client.get("/health/ready", headers=HEADERS)
        still_asleep = not sleeper.done()
        awake.set()
        answer = sleeper.result(60).json()

    assert (ready.status_code, still_asleep) == (200, True)
    assert answer["data"] == {"slept": True}
