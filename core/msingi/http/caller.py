"""Who calls: the token of a request, its actor, its language and its address."""

from typing import TYPE_CHECKING
from uuid import UUID

from starlette.requests import HTTPConnection

from msingi.actor import ANONYMOUS, Actor
from msingi.edge import request_id_of
from msingi.ids import new_id
from msingi.work import Origin

if TYPE_CHECKING:
    from msingi.platform import Platform

SESSION_COOKIE = "__Host-session"


def token_of(connection: HTTPConnection) -> str | None:
    """The bearer token, or the one in the session cookie."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return connection.cookies.get(SESSION_COOKIE)


def actor_of(platform: "Platform", connection: HTTPConnection, *, is_use: bool = True) -> Actor:
    """The actor behind a request; anonymous without a token. ``is_use`` as of ``authenticate``.

    Raises:
        NotAuthenticated: there is a token, but it is unknown, expired or revoked.

    """
    from msingi.auth.services.authentication import authenticate

    token = token_of(connection)
    if token is None:
        return ANONYMOUS
    return authenticate(platform, token, address_of(connection), is_use=is_use)


def address_of(connection: HTTPConnection) -> str:
    """The caller's network address, after the trusted proxies."""
    return connection.client.host if connection.client else ""


def language_of(platform: "Platform", connection: HTTPConnection, actor: Actor) -> str:
    """The offered language that the caller asked for, then the user's own, then the country's first."""
    wish = platform.texts.wish(connection.headers.get("accept-language"))
    return wish or actor.language or platform.texts.languages[0]


def origin_of(connection: HTTPConnection, door: str) -> Origin:
    """Where the request came from, for the audit trail."""
    return Origin(
        request_id=UUID(request_id_of(connection.scope)) if request_id_of(connection.scope) else new_id(),
        address=address_of(connection),
        door=door,
        basis=connection.headers.get("x-access-basis", "")[:100],
    )


def uses_cookie(connection: HTTPConnection) -> bool:
    """Whether the caller is a browser that signed in by cookie."""
    return "authorization" not in connection.headers and SESSION_COOKIE in connection.cookies
