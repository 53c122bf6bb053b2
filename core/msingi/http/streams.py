"""Subscriptions over server-sent events: few, bounded, and read no faster than the client takes them (attack 53)."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from graphql import ExecutionResult
from graphql.execution import subscribe
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from msingi.ending import Ending
from msingi.errors import DomainError
from msingi.graphql.answers import describe_refusal, format_errors
from msingi.graphql.engine import Call
from msingi.graphql.executor import MsingiExecutionContext
from msingi.http.threads import Threads
from msingi.jobs.follow import Follower, JobReading, job_progress

if TYPE_CHECKING:
    from msingi.actor import Actor
    from msingi.platform import Platform

MOST_STREAMS = 200
MOST_PER_ACTOR = 5
THREADS = 2
"""Looks at the database at once; one that stands still holds up no request."""


class TooManyStreams(DomainError):
    """Too many subscriptions are open, for this user or in all."""

    code = "core.too_many_streams"
    template = "Too many subscriptions are open. Close one first."


class Watch:
    """What a subscription may look at, as the context of its resolvers."""

    def __init__(self, platform: "Platform", follower: Follower) -> None:
        self._platform = platform
        self._follower = follower

    def job(self, job_id: UUID) -> AsyncIterator[JobReading]:
        """Readings of a job's progress until it ends, or the session or the right of who follows it."""
        return job_progress(self._platform, job_id, follower=self._follower)


class Streams:
    """The open subscriptions of one process."""

    def __init__(self, platform: "Platform", ending: Ending) -> None:
        self._platform = platform
        self._ending = ending
        self._threads = Threads(THREADS)
        self._open: dict[UUID | None, int] = {}

    def open(self, call: Call, *, who: "Callable[[], Actor]") -> "EventStream":
        """The response that carries a subscription; its place is free again when the response ends.

        ``who`` authenticates again at each look.

        Raises:
            TooManyStreams: the cap is reached.

        """
        actor = call.actor.id
        if self._open.get(actor, 0) >= MOST_PER_ACTOR or sum(self._open.values()) >= MOST_STREAMS:
            raise TooManyStreams
        self._open[actor] = self._open.get(actor, 0) + 1
        follower = Follower(who, self._threads.run, lambda: self._ending.is_told)
        return EventStream(self._results(call, follower), ended=partial(self._close, actor))

    async def _results(self, call: Call, follower: Follower) -> AsyncIterator[dict[str, Any]]:
        engine = self._platform.graphql
        document = engine.documents.get(call.query)
        try:
            source = await subscribe(  # type: ignore[misc]
                engine.core,
                document.document,
                context_value=Watch(self._platform, follower),
                variable_values=dict(call.variables),
                operation_name=call.operation_name,
                executor_class=MsingiExecutionContext,
                operation_extensions={},
            )
            if isinstance(source, ExecutionResult):
                yield self._shown(source, call)
                return
            async for result in source:
                yield self._shown(result, call)
        except DomainError as refusal:
            yield {"errors": [describe_refusal(refusal, self._platform.texts, self._language(call))]}

    def _shown(self, result: ExecutionResult, call: Call) -> dict[str, Any]:
        errors = format_errors(result.errors or (), self._platform.texts, self._language(call))
        return {"data": result.data, **({"errors": errors} if errors else {})}

    def _language(self, call: Call) -> str:
        return call.language or self._platform.profile.languages[0]

    def _close(self, actor: UUID | None) -> None:
        left = self._open.get(actor, 1) - 1
        if left:
            self._open[actor] = left
        else:
            self._open.pop(actor, None)


class EventStream(StreamingResponse):
    """Results as server-sent events; ``ended`` is called also when the client left before the first one."""

    def __init__(self, results: AsyncIterator[dict[str, Any]], *, ended: Callable[[], None]) -> None:
        super().__init__(
            _events(results), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until there are no more or the client leaves."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()


async def _events(results: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    async for result in results:
        yield b"event: next\ndata: " + orjson.dumps(result) + b"\n\n"
    yield b"event: complete\ndata:\n\n"
