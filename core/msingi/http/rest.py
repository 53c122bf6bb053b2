"""REST doors of plugins: files and PDF below /api/<plugin>, with the same permissions, scope and audit as GraphQL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from msingi.actor import Actor
from msingi.errors import DomainError
from msingi.failures import refusing
from msingi.http.caller import actor_of, language_of, origin_of
from msingi.http.replies import json_reply, refusal_reply
from msingi.http.threads import Threads
from msingi.plugin import Route
from msingi.transact import transact

if TYPE_CHECKING:
    from msingi.platform import Platform

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FILENAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class RestRequest:
    """What a REST function receives beside the work."""

    path: Mapping[str, Any]
    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileReply:
    """A file to download: always an attachment of a fixed type, never shown inside the page (attack 73)."""

    content: bytes
    media_type: str
    filename: str
    """Plain ASCII: letters, digits, dots and dashes; it becomes part of a header."""

    def __post_init__(self) -> None:
        if not _FILENAME.fullmatch(self.filename):
            raise ValueError("a file name holds letters, digits, dots and dashes only")


def rest_routes(platform: "Platform", threads: Threads) -> list[StarletteRoute]:
    """The routes of every enabled plugin."""
    return [
        StarletteRoute(
            f"/api/{plugin.name}{route.path}", _endpoint(platform, threads, route), methods=[route.method]
        )
        for plugin in platform.plugins
        for route in plugin.contributions.routes
    ]


def upload_caps(platform: "Platform") -> dict[str, int]:
    """The caps of uploads by the beginning of their paths."""
    return {
        f"/api/{plugin.name}{route.path.partition('{')[0]}": route.most_bytes
        for plugin in platform.plugins
        for route in plugin.contributions.routes
        if route.most_bytes is not None
    }


def _endpoint(platform: "Platform", threads: Threads, route: Route) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        body = await request.body()
        given = RestRequest(request.path_params, dict(request.query_params), body, dict(request.headers))
        try:
            return await threads.run(lambda: _answer(platform, route, request, given))
        except DomainError as refusal:
            language = platform.texts.choose(request.headers.get("accept-language"))
            return refusal_reply(refusal, platform.texts, language)

    return answer


def _answer(platform: "Platform", route: Route, request: Request, given: RestRequest) -> Response:
    """The reply, or the refusal in the language of the account unless the request names one."""
    actor = actor_of(platform, request)
    language = language_of(platform, request, actor)
    try:
        return refusing(lambda: transact(lambda: _perform(platform, route, request, given, actor, language)))
    except DomainError as refusal:
        return refusal_reply(refusal, platform.texts, language)


def _perform(
    platform: "Platform", route: Route, request: Request, given: RestRequest, actor: Actor, language: str
) -> Response:
    writes = route.method != "GET"
    with (
        platform.work(actor, writes=writes, origin=origin_of(request, "rest"), language=language) as work,
        work.allowed(route.allow),
    ):
        result = route.function(work, given)
        platform.trail.opened(work, route.allow, f"api{route.path}", _ids(given.path))
    return _reply(result)


def _ids(path: Mapping[str, Any]) -> list[UUID]:
    """The ids in the path of a request."""
    return [UUID(str(value)) for value in path.values() if _ID.fullmatch(str(value))]


def _reply(result: object) -> Response:
    if not isinstance(result, FileReply):
        return json_reply(result)
    headers = {
        "content-disposition": f'attachment; filename="{result.filename}"',
        "cache-control": "no-store",
    }
    return Response(result.content, media_type=result.media_type, headers=headers)
