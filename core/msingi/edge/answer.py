"""Answers a refusal at the edge: JSON in the form of a GraphQL response, in the language of the reader."""

from collections.abc import Callable, Mapping

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from msingi.edge.refusals import status_of
from msingi.errors import DomainError

Say = Callable[[DomainError, str | None], str]
"""Puts a refusal into words for an Accept-Language header."""


def say_plainly(refusal: DomainError, accept_language: str | None) -> str:  # noqa: ARG001 - a Say without catalogues
    """Return the English text."""
    return str(refusal)


async def answer_refusal(scope: Scope, receive: Receive, send: Send, refusal: DomainError, say: Say) -> None:
    """Send the refusal; a WebSocket is closed before it is accepted."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})
        return
    message = say(refusal, Headers(scope=scope).get("accept-language"))
    extensions = {"code": refusal.code, "params": refusal.plain()}
    body = orjson.dumps({"errors": [{"message": message, "extensions": extensions}]}, default=str)
    response = Response(body, status_of(refusal), _headers_for(refusal), media_type="application/json")
    await response(scope, receive, send)


def _headers_for(refusal: DomainError) -> Mapping[str, str]:
    status = status_of(refusal)
    headers = {"vary": "accept-language"}
    if status in {429, 503}:
        headers["retry-after"] = str(refusal.params.get("seconds", 5))
    if status == 405:  # noqa: PLR2004 - the status that must name the methods allowed
        headers["allow"] = "POST"
    if status in {408, 413}:
        headers["connection"] = "close"
    return headers
