"""Catches what nobody caught: a reference for the caller, the place in the code for the log (attack 97)."""

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.defects import tell_defect
from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import Unexpected
from msingi.edge.request_id import request_id_of

logger = structlog.get_logger("msingi.edge")


class LastResort:
    """Turns an exception into a 500 that says a reference and nothing else.

    A caller who hangs up is no defect: there is nobody to answer, and one quiet line in the log.
    The log line holds the types and places of the exception, not its message: messages quote data of patients.
    """

    def __init__(self, app: ASGIApp, *, say: Say = say_plainly) -> None:
        self._app = app
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; answer a defect with its reference."""
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            logger.info("request.abandoned", reference=request_id_of(scope))
        except Exception as error:
            if scope["type"] != "http":
                raise
            reference = request_id_of(scope)
            tell_defect(logger, "request.unexpected", error, reference=reference)
            if started:
                raise BrokenAnswer from None
            await answer_refusal(scope, receive, send, Unexpected(reference=reference), self._say)


class BrokenAnswer(Exception):
    """An answer failed half-way; the server closes the connection, so that the client sees it is incomplete."""
