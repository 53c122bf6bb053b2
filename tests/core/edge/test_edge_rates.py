"""Callers that come too fast or too many wait, and memory stays flat."""

import asyncio

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.edge.in_flight import InFlight
from msingi.edge.rates import RateLimit, TokenBuckets, network_of


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ok")(scope, receive, send)


async def get(app: ASGIApp, path: str = "/", *, client: str = "41.202.1.1") -> httpx.Response:
    transport = httpx.ASGITransport(app=app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as browser:
        return await browser.get(path)


@pytest.mark.rule("attack 44")
def test_a_burst_passes_and_the_next_request_waits_for_a_token() -> None:
    clock = Clock()
    app = RateLimit(answer, buckets=TokenBuckets(per_second=0.5, burst=3, clock=clock))

    statuses = [asyncio.run(get(app)).status_code for _ in range(4)]
    refused = asyncio.run(get(app))
    clock.now = 2.0
    later = [asyncio.run(get(app)).status_code for _ in range(2)]

    assert statuses == [200, 200, 200, 429]
    assert refused.headers["retry-after"] == "2"
    assert refused.json()["errors"][0]["extensions"] == {"code": "request.too_many", "params": {"seconds": 2}}
    assert later == [200, 429]


@pytest.mark.rule("attack 44")
def test_one_caller_does_not_use_up_the_tokens_of_another() -> None:
    app = RateLimit(answer, buckets=TokenBuckets(per_second=1, burst=1, clock=Clock()))

    statuses = [
        asyncio.run(get(app, client=address)).status_code for address in ("41.0.0.1", "41.0.0.1", "41.0.0.2")
    ]

    assert statuses == [200, 429, 200]


def test_the_bucket_may_belong_to_a_user() -> None:
    app = RateLimit(
        answer,
        buckets=TokenBuckets(per_second=1, burst=1, clock=Clock()),
        caller=lambda scope: str(scope["path"]),
    )

    statuses = [asyncio.run(get(app, path)).status_code for path in ("/amina", "/amina", "/brahim")]

    assert statuses == [200, 429, 200]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5)), max_size=60))
def test_nobody_gets_more_than_the_burst_and_the_refill(requests: list[tuple[str, float]]) -> None:
    clock = Clock()
    buckets = TokenBuckets(per_second=2, burst=4, clock=clock)
    granted = {"a": 0, "b": 0, "c": 0}

    for key, pause in requests:
        clock.now += pause
        granted[key] += buckets.take(key) == 0.0
        assert granted[key] <= 4 + 2 * clock.now + 1e-6


@pytest.mark.rule("attack 8", "attack 110")
def test_a_flood_of_addresses_keeps_memory_flat() -> None:
    buckets = TokenBuckets(per_second=1, burst=1, most_keys=1_000, clock=Clock())

    for number in range(20_000):
        buckets.take(str(number))

    assert len(buckets) == 1_000


@pytest.mark.parametrize(
    ("client", "network"),
    [
        (("41.202.1.1", 5), "41.202.1.1"),
        (("2001:db8:1:2:aaaa::1", 5), "2001:db8:1:2::"),
        (("2001:db8:1:2:bbbb::9", 5), "2001:db8:1:2::"),
        (("::ffff:41.202.1.1", 5), "41.202.1.1"),
        (("testclient", 5), "testclient"),
        (None, ""),
    ],
)
def test_one_subscriber_has_one_bucket(client: tuple[str, int] | None, network: str) -> None:
    assert network_of({"client": client}) == network


class Slow:
    """Answers when it is released; /health answers at once."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.running = 0
        self.most_running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/health":
            self.running += 1
            self.most_running = max(self.most_running, self.running)
            await self.release.wait()
            self.running -= 1
        await answer(scope, receive, send)


@pytest.mark.rule("F38")
def test_requests_beyond_slots_and_queue_are_told_to_come_back() -> None:
    async def go() -> tuple[list[int], httpx.Response, httpx.Response, int]:
        slow = Slow()
        app = InFlight(slow, most=2, queue=3, wait_seconds=60, retry_seconds=7, exempt=("/health",))
        held = [asyncio.create_task(get(app)) for _ in range(5)]
        await asyncio.sleep(0.05)
        refused, healthy = await get(app), await get(app, "/health")
        slow.release.set()
        return (
            [response.status_code for response in await asyncio.gather(*held)],
            refused,
            healthy,
            slow.most_running,
        )

    statuses, refused, healthy, most_running = asyncio.run(go())

    assert statuses == [200] * 5
    assert most_running == 2
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "7"
    assert refused.json()["errors"][0]["extensions"] == {"code": "core.too_busy", "params": {"seconds": 7}}
    assert healthy.status_code == 200


@pytest.mark.rule("F38")
def test_waiting_too_long_is_a_503_and_the_slot_comes_back() -> None:
    async def go() -> tuple[int, int, int]:
        slow = Slow()
        app = InFlight(slow, most=1, wait_seconds=0.02)
        held = asyncio.create_task(get(app))
        await asyncio.sleep(0.01)
        waited = await get(app)
        slow.release.set()
        return waited.status_code, (await held).status_code, (await get(app)).status_code

    assert asyncio.run(go()) == (503, 200, 200)


@pytest.mark.rule("F38")
def test_a_failing_request_gives_its_slot_back() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    async def go() -> int:
        app = InFlight(fail, most=1, queue=0, wait_seconds=0.01)
        failures = 0
        for _ in range(3):
            try:
                await get(app)
            except RuntimeError:
                failures += 1
        return failures

    assert asyncio.run(go()) == 3


@pytest.mark.rule("attack 53", "attack 110")
def test_a_stream_of_events_does_not_keep_its_slot() -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/stream":
            headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await asyncio.Event().wait()
        await answer(scope, receive, send)

    async def go() -> list[int]:
        app = InFlight(stream, most=1, queue=0, wait_seconds=0.01)
        held = [asyncio.create_task(get(app, "/stream")) for _ in range(3)]
        await asyncio.sleep(0.05)
        statuses = [(await get(app)).status_code for _ in range(2)]
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        return [*statuses, (await get(app)).status_code]

    assert asyncio.run(go()) == [200, 200, 200]
