"""Browser sign-in: POST /session sets the session cookie, DELETE /session ends it; other clients use `login`."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from msingi.actor import ANONYMOUS
from msingi.auth.services.sessions import CookieOrder
from msingi.errors import DomainError, InvalidInput
from msingi.graphql.body import check_media, read_json
from msingi.http.caller import actor_of, origin_of
from msingi.http.cookies import obey
from msingi.http.replies import json_reply, refusal_reply
from msingi.http.threads import Threads

if TYPE_CHECKING:
    from msingi.platform import Platform


class Credentials(BaseModel):
    """What a person types to sign in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    username: str = Field(max_length=150)
    password: str = Field(max_length=1024)
    code: str | None = Field(default=None, max_length=20)
    new_password: str | None = Field(default=None, max_length=1024, alias="newPassword")


class SessionDoor:
    """The endpoint of one platform."""

    def __init__(self, platform: "Platform", threads: Threads) -> None:
        self.platform = platform
        self.threads = threads

    async def handle(self, request: Request) -> Response:
        """Sign in or out."""
        body = await request.body()
        try:
            if request.method == "DELETE":
                return await self.threads.run(lambda: self._sign_out(request))
            check_media(request.method, request.headers.get("content-type"))
            credentials = _credentials(body)
            return await self.threads.run(lambda: self._sign_in(request, credentials))
        except DomainError as refusal:
            language = self.platform.texts.choose(request.headers.get("accept-language"))
            return refusal_reply(refusal, self.platform.texts, language)

    def _sign_in(self, request: Request, given: Credentials) -> Response:
        from msingi.auth.services.login import login

        with self.platform.work(ANONYMOUS, origin=origin_of(request, "session")) as work:
            result = login(
                work, given.username, given.password, code=given.code, new_password=given.new_password
            )
        reply = json_reply(
            {"expires": result.expires_at.isoformat(), "backupCodes": list(result.backup_codes)}
        )
        obey(CookieOrder(result.token, result.expires_at), reply, self.platform.clock())
        return reply

    def _sign_out(self, request: Request) -> Response:
        from msingi.auth.services.sessions import logout

        actor = actor_of(self.platform, request)
        if actor.session_id is not None:
            with self.platform.work(actor, origin=origin_of(request, "session")) as work:
                logout(work)
        reply = json_reply({"signedOut": True})
        obey(CookieOrder(None, None), reply, self.platform.clock())
        return reply


def _credentials(body: bytes) -> Credentials:
    value: Any = read_json(body)
    try:
        return Credentials.model_validate(value)
    except ValidationError as error:
        problems = [
            {
                "path": ".".join(map(str, problem["loc"])),
                "code": problem["type"],
                "template": "not valid",
                "params": {},
            }
            for problem in error.errors()
        ]
        raise InvalidInput(fields=problems) from None
