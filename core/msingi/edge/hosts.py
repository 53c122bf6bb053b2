"""Answers only for the host names of this installation (attack 58)."""

import re
from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import UnknownHost

_HOST: Final = re.compile(r"([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([0-9]{1,5}))?")


class TrustedHosts:
    """Refuses a request whose Host is missing, repeated or not exactly one of `hosts` (a port may follow)."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], say: Say = say_plainly) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection for a host name of ours."""
        if scope["type"] in {"http", "websocket"} and not self._is_ours(Headers(scope=scope).getlist("host")):
            await answer_refusal(scope, receive, send, UnknownHost(), self._say)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, given: list[str]) -> bool:
        if len(given) != 1:
            return False
        match = _HOST.fullmatch(given[0].lower())
        return match is not None and match[1] in self._hosts
