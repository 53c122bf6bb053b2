"""Limits the requests in progress: a short queue, then 503 with Retry-After (F38)."""

import asyncio
from collections.abc import Collection
from contextlib import ExitStack

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.errors import TooBusy


class InFlight:
    """Lets `most` requests run and `queue` wait for `wait_seconds`; any other is told to come back.

    `exempt` holds path beginnings that always pass: health checks must answer when the pool is exhausted. A stream
    of events gives its slot back when it begins: it lasts long and works little (attack 53).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int = 40,
        queue: int = 200,
        wait_seconds: float = 5.0,
        retry_seconds: int = 5,
        exempt: Collection[str] = (),
        say: Say = say_plainly,
    ) -> None:
        self._app = app
        self._slots = asyncio.Semaphore(most)
        self._queue = queue
        self._waiting = 0
        self._wait_seconds = wait_seconds
        self._retry_seconds = retry_seconds
        self._exempt = tuple(exempt)
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection when a slot is or becomes free."""
        if scope["type"] != "http" or scope["path"].startswith(self._exempt):
            await self._app(scope, receive, send)
            return
        if not await self._enter():
            await answer_refusal(scope, receive, send, TooBusy(seconds=self._retry_seconds), self._say)
            return
        with ExitStack() as slot:
            slot.callback(self._slots.release)

            async def sending(message: Message) -> None:
                if _begins_stream(message):
                    slot.close()
                await send(message)

            await self._app(scope, receive, sending)

    async def _enter(self) -> bool:
        if not self._slots.locked():
            return await self._slots.acquire()
        if self._waiting >= self._queue:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._slots.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True


def _begins_stream(message: Message) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", ())
    )
