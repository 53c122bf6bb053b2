"""Catches what nobody caught: a reference for the caller, the place in the code for the log (attack 97)."""

import traceback
from pathlib import PurePath

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import Unexpected
from msingi.edge.request_id import request_id_of

logger = structlog.get_logger("msingi.edge")


class LastResort:
    """Turns an exception into a 500 that says a reference and nothing else.

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
        except Exception as error:
            if scope["type"] != "http":
                raise
            reference = request_id_of(scope)
            logger.error(  # noqa: TRY400 - the message of the exception may quote data of patients
                "request.unexpected", reference=reference, error=error_kinds(error), at=places(error)
            )
            if started:
                raise BrokenAnswer from None
            await answer_refusal(scope, receive, send, Unexpected(reference=reference), self._say)


class BrokenAnswer(Exception):
    """An answer failed half-way; the server closes the connection, so that the client sees it is incomplete."""


def error_kinds(error: BaseException) -> str:
    """Return the types of an exception and its causes, without their messages."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 10:  # noqa: PLR2004 - a chain this long says nothing new
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return " < ".join(kinds)


def places(error: BaseException) -> list[str]:
    """Return the innermost twenty places of a traceback as `file:line function`."""
    frames = traceback.extract_tb(error.__traceback__)[-20:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
