"""JSON replies and the HTTP status of each refusal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

from msingi.errors import DomainError
from msingi.failures import RETRY_AFTER_SECONDS

if TYPE_CHECKING:
    from msingi.i18n import Texts

STATUS: Mapping[str, int] = {
    "core.not_authenticated": 401,
    "core.forbidden": 403,
    "core.not_found": 404,
    "core.stale_version": 409,
    "core.idempotency_conflict": 422,
    "core.too_busy": 503,
    "core.database_away": 503,
    "core.storage_full": 507,
    "request.method_not_allowed": 405,
    "request.unsupported_media_type": 415,
    "request.body_too_large": 413,
}


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response that no cache keeps."""
    return Response(
        orjson.dumps(value, default=str),
        status,
        headers={"cache-control": "no-store", **(headers or {})},
        media_type="application/json",
    )


def refusal_reply(refusal: DomainError, texts: "Texts", language: str, status: int | None = None) -> Response:
    """A refusal with code, parameters and text in the reader's language."""
    from msingi.graphql.answers import describe_refusal

    code = status or STATUS.get(refusal.code, 400)
    headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if code in {429, 503} else {}
    body: dict[str, Any] = {"errors": [describe_refusal(refusal, texts, language)]}
    return json_reply(body, code, headers)
