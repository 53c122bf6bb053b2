"""Which other sites may call from a browser: exact origins by setting, nothing else (attack 35)."""

import re
from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.errors import ConfigurationError

_ORIGIN: Final = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_SENT: Final = ("authorization", "content-type", "idempotency-key", "x-msingi-request", "accept-language")


def check_origins(origins: Collection[str]) -> frozenset[str]:
    """Return the origins when each is exact, in lower case and without path; raises `ConfigurationError`."""
    for origin in origins:
        if _ORIGIN.fullmatch(origin) is None:
            raise ConfigurationError(f"“{origin}” is not an exact origin like https://portal.example.org")
    return frozenset(origins)


class AllowOrigins:
    """Lets these sites read answers with credentials; a request of any other origin gets no allow header at all."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self._app = app
        self._origins = check_origins(origins)
        self._cors = CORSMiddleware(
            app,
            allow_origins=sorted(self._origins),
            allow_methods=("GET", "POST", "PUT", "DELETE"),
            allow_headers=_SENT,
            allow_credentials=True,
            expose_headers=("x-request-id", "retry-after"),
            max_age=600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, with allow headers for an origin of the list."""
        is_listed = scope["type"] == "http" and Headers(scope=scope).get("origin") in self._origins
        app = self._cors if is_listed else self._app
        await app(scope, receive, send)
