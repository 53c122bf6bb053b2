"""A foreign page cannot act in the name of a signed-in person (attacks 33, 34, 52)."""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.cors import check_origins
from msingi.edge.refusals import EdgeRefusal, ForeignOrigin, MissingHeader, MissingOrigin

PROOF_HEADER: Final = "x-msingi-request"
"""Any value: a form or a plain fetch of another site cannot send the header without a preflight."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CsrfGuard:
    """Checks every request that may change something, and every WebSocket handshake.

    An Origin must be our own or one of `origins`. A request with a bearer token needs no more; any other needs the
    header `X-Msingi-Request`, and with a cookie also the Origin. `exempt` holds path beginnings of signed callbacks.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Collection[str] = (),
        exempt: Collection[str] = (),
        say: Say = say_plainly,
    ) -> None:
        self._app = app
        self._origins = check_origins(origins)
        self._exempt = tuple(exempt)
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection unless a foreign page may have caused it."""
        refusal = self._refusal(scope)
        if refusal is not None:
            await answer_refusal(scope, receive, send, refusal, self._say)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> EdgeRefusal | None:
        if scope["type"] == "websocket":
            return self._foreign(scope, Headers(scope=scope))
        if scope["type"] != "http" or scope["method"] in _SAFE or scope["path"].startswith(self._exempt):
            return None
        headers = Headers(scope=scope)
        foreign = self._foreign(scope, headers)
        if foreign is not None or headers.get("authorization", "").lower().startswith("bearer "):
            return foreign
        if not headers.get(PROOF_HEADER):
            return MissingHeader(name=PROOF_HEADER)
        return MissingOrigin() if "cookie" in headers and "origin" not in headers else None

    def _foreign(self, scope: Scope, headers: Headers) -> EdgeRefusal | None:
        origin = headers.get("origin")
        if origin is None:
            is_cross = headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}
            return ForeignOrigin() if is_cross else None
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        own = f"{scheme}://{headers.get('host', '').lower()}"
        return None if origin == own or origin in self._origins else ForeignOrigin()
