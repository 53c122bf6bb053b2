"""Gives every request an id of our own, for the answer, the log and the audit trail."""

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.ids import new_id


def request_id_of(scope: Scope) -> str:
    """Return the id that `RequestId` gave; empty outside of it."""
    return str(scope.get("state", {}).get("request_id", ""))


class RequestId:
    """Puts `request_id` into the state of the scope and every log line, and answers it as `X-Request-ID`.

    An id that the client sends is not taken over: it could forge the trail of somebody else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection under a new id."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = str(new_id())
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, send_with_id)
