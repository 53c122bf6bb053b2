"""Security headers on every response: pages, assets, errors and refusals alike (attack 101)."""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
"""Own assets only, nothing inline, no framing (attack 36)."""

ALWAYS: Final[Mapping[str, str]] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-permitted-cross-domain-policies": "none",
}
"""Set on every response, over whatever a route says."""

_TELLING: Final = frozenset({b"server", b"x-powered-by"})
_NO_STORE: Final = (b"cache-control", b"no-store")


class SecurityHeaders:
    """Adds the headers when a response starts; `hsts_seconds` 0 leaves HSTS out (a laptop without TLS).

    `replaced` changes single headers, for example the policy of an installation with a map server. Responses are
    not stored by caches unless their route says otherwise.
    """

    def __init__(
        self, app: ASGIApp, *, hsts_seconds: int = 63_072_000, replaced: Mapping[str, str] | None = None
    ) -> None:
        self._app = app
        always = {**ALWAYS, **(replaced or {})}
        if hsts_seconds:
            always["strict-transport-security"] = f"max-age={hsts_seconds}; includeSubDomains"
        self._raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in always.items()]
        self._ours = {name for name, _ in self._raw} | _TELLING

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection with the headers on its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._secured(message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _secured(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in headers if name.lower() not in self._ours]
        stored = () if any(name.lower() == b"cache-control" for name, _ in kept) else (_NO_STORE,)
        return [*kept, *self._raw, *stored]
