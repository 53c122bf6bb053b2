"""What the HTTP edge refuses, each with its status."""

from typing import ClassVar

from msingi.errors import DomainError, TooBusy
from msingi.graphql.body import BodyTooLarge, MethodNotAllowed, UnsupportedMediaType


class EdgeRefusal(DomainError):
    """A request is turned away before any code of a module runs."""

    status: ClassVar[int] = 400


class UnknownHost(EdgeRefusal):
    """The Host header is missing, repeated, malformed or not one of ours (attack 58)."""

    code = "request.unknown_host"
    template = "This server does not answer for that host name."


class AmbiguousHeader(EdgeRefusal):
    """A header that decides where a request ends or who sends it is repeated or contradicted (attack 58)."""

    code = "request.ambiguous_header"
    template = "The header “{name}” is repeated or contradicts another one."


class HeadersTooLarge(EdgeRefusal):
    """The headers have too many bytes or lines (attack 58)."""

    status = 431
    code = "request.headers_too_large"
    template = "The headers of the request are larger than {most} bytes or too many."


class ForeignOrigin(EdgeRefusal):
    """A browser sends the request from a site that is not ours (attacks 33, 52)."""

    status = 403
    code = "request.foreign_origin"
    template = "This site may not use the service from a browser."


class MissingOrigin(EdgeRefusal):
    """A request with a cookie does not say from which site it comes (attack 33)."""

    status = 403
    code = "request.missing_origin"
    template = "A request with a session cookie must say from which site it comes."


class MissingHeader(EdgeRefusal):
    """A request that changes something lacks the header that no form can send (attacks 33, 34)."""

    status = 403
    code = "request.missing_header"
    template = "The header “{name}” is required."


class TooSlow(EdgeRefusal):
    """The body did not arrive in time (attack 65)."""

    status = 408
    code = "request.too_slow"
    template = "The request did not arrive within {seconds} seconds."


class RangeRefused(EdgeRefusal):
    """Too many ranges of bytes are asked for (attack 66)."""

    status = 416
    code = "request.range_refused"
    template = "At most {most} ranges of bytes may be asked for at once."


class TooMany(EdgeRefusal):
    """One address or user sends requests too fast."""

    status = 429
    code = "request.too_many"
    template = "Too many requests. Try again in {seconds} s."


class Unexpected(EdgeRefusal):
    """A defect of ours; the reference finds it in the log, the answer says nothing else (attack 97)."""

    status = 500
    code = "request.unexpected"
    template = "Something went wrong on our side. Quote the reference {reference} to your support."


_STATUS: dict[type[DomainError], int] = {
    BodyTooLarge: 413,
    MethodNotAllowed: 405,
    UnsupportedMediaType: 415,
    TooBusy: 503,
}


def status_of(refusal: DomainError) -> int:
    """Return the HTTP status of a refusal at the edge; 400 when nothing more exact is known."""
    if isinstance(refusal, EdgeRefusal):
        return refusal.status
    return _STATUS.get(type(refusal), 400)
