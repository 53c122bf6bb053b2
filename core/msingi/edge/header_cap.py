"""Caps the headers and refuses those that contradict each other (attack 58)."""

from collections import Counter
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import AmbiguousHeader, EdgeRefusal, HeadersTooLarge

_SINGLE: Final = (
    b"authorization",
    b"content-length",
    b"content-type",
    b"host",
    b"idempotency-key",
    b"origin",
    b"transfer-encoding",
    b"x-msingi-request",
)
"""Headers of which two readers could take two different ones."""


class HeaderCap:
    """Refuses headers of more than `most_bytes` or `most_count`, repeated deciding ones, and CL with TE."""

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = 16_384, most_count: int = 64, say: Say = say_plainly
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._most_count = most_count
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection with modest and unambiguous headers."""
        refusal = self._refusal(scope) if scope["type"] in {"http", "websocket"} else None
        if refusal is not None:
            await answer_refusal(scope, receive, send, refusal, self._say)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> EdgeRefusal | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        total = sum(len(name) + len(value) for name, value in headers)
        total += len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        if total > self._most_bytes or len(headers) > self._most_count:
            return HeadersTooLarge(most=self._most_bytes)
        times = Counter(name for name, _ in headers)
        for name in _SINGLE:
            if times[name] > 1:
                return AmbiguousHeader(name=name.decode())
        if times[b"content-length"] and times[b"transfer-encoding"]:
            return AmbiguousHeader(name="content-length")
        return None
