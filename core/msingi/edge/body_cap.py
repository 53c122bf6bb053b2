"""Caps the body of a request while it is read, in bytes and in seconds (attacks 14, 65)."""

import asyncio
from collections.abc import Mapping
from typing import Never

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import TooSlow
from msingi.errors import DomainError
from msingi.graphql.body import BodyTooLarge


class BodyCap:
    """Reads the whole body before the application starts, so that a slow sender holds no worker.

    `streamed` maps path beginnings of uploads to caps of their own: their bodies are passed on piece by piece.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most_bytes: int = 1_048_576,
        most_seconds: float = 30.0,
        streamed: Mapping[str, int] | None = None,
        say: Say = say_plainly,
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._streamed = dict(streamed or {})
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection with a capped body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cap = next((most for path, most in self._streamed.items() if scope["path"].startswith(path)), None)
        body = _CappedBody(receive, self._most_bytes if cap is None else cap, self._most_seconds)
        try:
            body.check_declared(Headers(scope=scope).get("content-length", ""))
            if cap is None:
                await body.read_all()
            await self._app(scope, body.receive, send)
        except (BodyTooLarge, TooSlow) as refusal:
            if body.refusal is not refusal:
                raise
            await answer_refusal(scope, receive, send, refusal, self._say)


class _CappedBody:
    """The body of one request."""

    def __init__(self, receive: Receive, most_bytes: int, most_seconds: float) -> None:
        self._receive = receive
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._deadline = asyncio.get_running_loop().time() + most_seconds
        self._length = 0
        self._is_complete = False
        self._read: Message | None = None
        self.refusal: DomainError | None = None

    def check_declared(self, length: str) -> None:
        if length.isascii() and length.isdigit() and int(length[:20]) > self._most_bytes:
            self._refuse(BodyTooLarge(most=self._most_bytes))

    async def read_all(self) -> None:
        pieces = []
        while not self._is_complete:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                self._read = message
                return
            pieces.append(message.get("body", b""))
        self._read = {"type": "http.request", "body": b"".join(pieces), "more_body": False}

    async def receive(self) -> Message:
        """Return the next piece; after the body, whatever the server says, without a deadline."""
        if self._read is not None:
            message, self._read = self._read, None
            return message
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self._refuse(TooSlow(seconds=int(self._most_seconds)))
        self._length += len(message.get("body", b""))
        if self._length > self._most_bytes:
            self._refuse(BodyTooLarge(most=self._most_bytes))
        self._is_complete = not message.get("more_body", False)
        return message

    def _refuse(self, refusal: DomainError) -> Never:
        self.refusal = refusal
        raise refusal
