"""Security headers on every response: pages, assets, errors and refusals alike (attack 101)."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
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


class SecurityHeaders:
    """Adds the headers when a response starts; `hsts_seconds` 0 leaves HSTS out (a laptop without TLS).

    `replaced` changes single headers, for example the policy of an installation with a map server. Responses are
    not stored by caches unless their route says otherwise.
    """

    def __init__(
        self, app: ASGIApp, *, hsts_seconds: int = 63_072_000, replaced: Mapping[str, str] | None = None
    ) -> None:
        self._app = app
        self._always = {**ALWAYS, **(replaced or {})}
        if hsts_seconds:
            self._always["strict-transport-security"] = f"max-age={hsts_seconds}; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection with the headers on its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._always)
                headers.setdefault("cache-control", "no-store")
                for telling in ("server", "x-powered-by"):
                    del headers[telling]
            await send(message)

        await self._app(scope, receive, send_with_headers)
