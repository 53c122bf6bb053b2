"""Caps the parts of a Range header (attack 66)."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import RangeRefused


class RangeCap:
    """Refuses a request for more than `most` ranges of bytes."""

    def __init__(self, app: ASGIApp, *, most: int = 4, say: Say = say_plainly) -> None:
        self._app = app
        self._most = most
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection with few ranges."""
        if scope["type"] == "http":
            commas = sum(value.count(",") for value in Headers(scope=scope).getlist("range"))
            if commas >= self._most:
                await answer_refusal(scope, receive, send, RangeRefused(most=self._most), self._say)
                return
        await self._app(scope, receive, send)
