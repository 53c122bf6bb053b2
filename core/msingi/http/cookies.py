"""The session cookie: set and removed in one place, locked to this host (attack 51)."""

from datetime import datetime

from starlette.responses import Response

from msingi.auth.services.sessions import CookieOrder
from msingi.http.caller import SESSION_COOKIE


def obey(order: CookieOrder, reply: Response, now: datetime) -> None:
    """Set or remove the session cookie as the operation wants it."""
    if order.token is None or order.expires_at is None:
        reply.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return
    seconds = max(0, int((order.expires_at - now).total_seconds()))
    reply.set_cookie(
        SESSION_COOKIE, order.token, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict"
    )
