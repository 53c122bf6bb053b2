"""POST /graphql: one JSON operation in, one JSON response out; subscriptions stream as server-sent events."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response

from msingi.actor import Actor
from msingi.auth.services.sessions import CookieOrder, cookie_order
from msingi.ending import Ending
from msingi.errors import DomainError, InvalidIdempotencyKey
from msingi.failures import RETRY_AFTER_SECONDS
from msingi.graphql.body import GraphQLRequest, check_media, parse_body
from msingi.graphql.documents import InvalidQuery
from msingi.graphql.engine import Call
from msingi.http.caller import actor_of, language_of, origin_of, uses_cookie
from msingi.http.cookies import obey
from msingi.http.replies import STATUS, json_reply, refusal_reply
from msingi.http.streams import Streams
from msingi.http.threads import Threads
from msingi.work import Work

if TYPE_CHECKING:
    from msingi.platform import Platform

MAX_KEY = 200
_COME_BACK = 503
_SHOWN_AS_STATUS = frozenset({"core.too_busy", "core.database_away", "core.storage_full"})


class GraphQLDoor:
    """The endpoint of one platform."""

    def __init__(self, platform: "Platform", threads: Threads, ending: Ending) -> None:
        self.platform = platform
        self.threads = threads
        self.streams = Streams(platform, ending)

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        body = await request.body()
        try:
            check_media(request.method, request.headers.get("content-type"))
            operation = parse_body(body, most_bytes=self.platform.profile.server.body_limit)
            if await self._is_subscription(operation):
                return await self._stream(request, operation)
            return await self.threads.run(lambda: self._answer(request, operation))
        except DomainError as refusal:
            language = self.platform.texts.choose(request.headers.get("accept-language"))
            return refusal_reply(refusal, self.platform.texts, language)

    def _answer(self, request: Request, operation: GraphQLRequest) -> Response:
        actor = actor_of(self.platform, request)
        orders: list[CookieOrder | None] = []
        witness = (lambda work: orders.append(cookie_order(work))) if uses_cookie(request) else None
        call = self._call(request, operation, actor, witness)
        reply = _reply(self.platform.graphql.answer(call))
        for order in orders:
            if order is not None:
                obey(order, reply, self.platform.clock())
        return reply

    def _call(
        self,
        request: Request,
        operation: GraphQLRequest,
        actor: Actor,
        witness: Callable[[Work], None] | None = None,
    ) -> Call:
        key = request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= MAX_KEY:
            raise InvalidIdempotencyKey(most=MAX_KEY)
        return Call(
            query=operation.query,
            variables=operation.variables,
            actor=actor,
            operation_name=operation.operation_name,
            origin=origin_of(request, "graphql"),
            language=language_of(self.platform, request, actor),
            idempotency_key=key,
            witness=witness,
        )

    async def _is_subscription(self, operation: GraphQLRequest) -> bool:
        """Whether the document subscribes; it is read in a worker thread, and only when it holds the word."""
        return "subscription" in operation.query and await self.threads.run(
            lambda: self._subscribes(operation)
        )

    def _subscribes(self, operation: GraphQLRequest) -> bool:
        try:
            document = self.platform.graphql.documents.get(operation.query)
            return document.operation(operation.operation_name).operation is OperationType.SUBSCRIPTION
        except (DomainError, InvalidQuery):  # the engine answers a broken document, with its errors
            return False

    async def _stream(self, request: Request, operation: GraphQLRequest) -> Response:
        actor = await self.threads.run(lambda: actor_of(self.platform, request))
        call = self._call(request, operation, actor)
        return self.streams.open(call, who=lambda: actor_of(self.platform, request, is_use=False))


def _reply(response: dict[str, Any]) -> Response:
    codes = {error["extensions"]["code"] for error in response.get("errors", ())}
    shown = next(iter(codes & _SHOWN_AS_STATUS), None)
    if "data" not in response or shown:
        status = STATUS[shown] if shown else 400
        headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if status == _COME_BACK else None
        return json_reply(response, status, headers)
    return json_reply(response)
