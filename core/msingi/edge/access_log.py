"""One structured line per request, without personal data and without anything that the client can write (attack 96)."""

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = structlog.get_logger("msingi.access")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class AccessLog:
    """Logs method, door, status, bytes and milliseconds.

    The door is the first segment of the path when it is one of `doors`, else `other`: identifiers further down, the
    query string, the address and the browser of a person stay out of the log (attacks 95, 99).
    """

    def __init__(self, app: ASGIApp, *, doors: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection and log it, also when it fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        seen = {"status": 500, "bytes": 0}

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_and_count)
        finally:
            took = round((perf_counter() - began) * 1000, 1)
            logger.info("request", method=_method(scope), door=self._door(scope), milliseconds=took, **seen)

    def _door(self, scope: Scope) -> str:
        first = str(scope["path"]).lstrip("/").split("/", 1)[0]
        return first if first in self._doors else "other"


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"
