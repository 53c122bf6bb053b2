"""The body of a request is capped while it is read."""

import asyncio
from collections.abc import AsyncIterator

import httpx2 as httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from msingi.edge.body_cap import BodyCap

CAP = 100
UPLOAD_CAP = 1_000


class Application:
    """Reads the whole body and answers its length; counts what it was given."""

    def __init__(self) -> None:
        self.started = 0
        self.pieces: list[int] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started += 1
        more = True
        while more:
            message = await receive()
            self.pieces.append(len(message.get("body", b"")))
            more = message.get("more_body", False)
        await PlainTextResponse(str(sum(self.pieces)))(scope, receive, send)


async def pieces(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


def post(application: Application, path: str, content: bytes | AsyncIterator[bytes]) -> httpx.Response:
    async def go() -> httpx.Response:
        app = BodyCap(application, most_bytes=CAP, streamed={"/upload/": UPLOAD_CAP})
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://here"
        ) as client:
            return await client.post(path, content=content)

    return asyncio.run(go())


@pytest.mark.parametrize("length", [0, 1, CAP])
def test_a_body_up_to_the_cap_arrives_in_one_piece(length: int) -> None:
    application = Application()

    response = post(application, "/graphql", pieces(length, 1))

    assert response.text == str(length)
    assert application.pieces == [length]


@pytest.mark.parametrize("content", [b"x" * (CAP + 1), b"x" * 10_000_000])
@pytest.mark.rule("attack 14", "attack 65")
def test_a_declared_length_above_the_cap_is_refused_unread(content: bytes) -> None:
    application = Application()

    response = post(application, "/graphql", content)

    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"] == {
        "code": "request.too_large",
        "params": {"most": CAP},
    }
    assert application.started == 0


@pytest.mark.rule("attack 65")
def test_an_undeclared_body_is_cut_at_the_cap() -> None:
    application = Application()
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 30

    response = post(application, "/graphql", endless())

    assert response.status_code == 413
    assert taken == 4
    assert application.started == 0


@pytest.mark.rule("attack 65")
def test_an_upload_is_passed_on_piece_by_piece_to_its_own_cap() -> None:
    fits, overflows = Application(), Application()

    assert post(fits, "/upload/ticket", pieces(10, 100)).text == "1000"
    assert fits.pieces[:10] == [100] * 10
    assert post(overflows, "/upload/ticket", pieces(11, 100)).status_code == 413
    assert overflows.pieces == [100] * 10


async def _drive(app: BodyCap, receive: Receive) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http", "method": "POST", "path": "/graphql", "headers": []}, receive, send)
    return sent


@pytest.mark.rule("attack 65")
def test_a_sender_that_falls_silent_is_refused_and_holds_no_worker() -> None:
    application = Application()
    first: list[Message] = [{"type": "http.request", "body": b"x", "more_body": True}]

    async def receive() -> Message:
        return first.pop() if first else await asyncio.Future()

    sent = asyncio.run(_drive(BodyCap(application, most_seconds=0.01), receive))

    assert sent[0]["status"] == 408
    assert application.started == 0


def test_waiting_for_the_end_of_the_connection_has_no_deadline() -> None:
    told: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        told.append((await receive())["type"])
        told.append((await receive())["type"])

    messages: list[Message] = [{"type": "http.request", "body": b"x", "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await asyncio.sleep(0.05)
        return {"type": "http.disconnect"}

    asyncio.run(_drive(BodyCap(application, most_seconds=0.01), receive))

    assert told == ["http.request", "http.disconnect"]


def test_a_client_that_leaves_is_told_to_the_application() -> None:
    told: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        told.append((await receive())["type"])

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    asyncio.run(_drive(BodyCap(application), receive))

    assert told == ["http.disconnect"]
