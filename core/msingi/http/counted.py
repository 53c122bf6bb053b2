"""Tells in a header of each answer how many statements it took: for measurements, off unless the settings ask for it."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.statement_count import begin_count

HEADER: Final = "x-msingi-statements"


class CountedApp:
    """Adds the count to what an application answers; its database is watched already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; its worker threads inherit the count that begins here."""
        count = begin_count()

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append(HEADER, str(count.statements))
            await send(message)

        await self._app(scope, receive, telling)
