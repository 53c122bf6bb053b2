"""Reads the body of a GraphQL request: strict JSON, one operation, nothing ambiguous (attacks 2, 13, 14)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final, NoReturn, TypeAlias

from msingi.errors import DomainError
from msingi.graphql.limits import MAX_SOURCE
from msingi.graphql.refusals import TooLong

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

MAX_BODY: Final = 1_048_576
"""Bytes; enough for a submission of several hundred claims."""
MAX_NESTING: Final = 32
MAX_NUMBER: Final = 25
"""Characters of a JSON number; larger amounts travel as strings."""

_MEMBERS: Final = frozenset({"query", "operationName", "variables", "extensions"})
_MEDIA_TYPE: Final = re.compile(r'application/json(?:\s*;\s*charset="?utf-?8"?)?\s*', re.IGNORECASE)
_STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")


class MethodNotAllowed(DomainError):
    """A query came by GET or another method than POST (attack 13)."""

    code = "request.method_not_allowed"
    template = "Send the query by POST."


class UnsupportedMediaType(DomainError):
    """The body is a form, text, multipart or nothing declared (attacks 13, 34)."""

    code = "request.unsupported_media_type"
    template = "Send the query as application/json in UTF-8."


class BodyTooLarge(DomainError):
    """The body has more bytes than the cap (attacks 14, 65)."""

    code = "request.too_large"
    template = "The body of the request is larger than {most} bytes."


class InvalidJson(DomainError):
    """The body is not strict JSON in UTF-8."""

    code = "request.invalid_json"
    template = "The body of the request is not valid JSON."


class TooNested(DomainError):
    """The body nests arrays and objects too deeply (attack 14)."""

    code = "request.too_nested"
    template = "The body of the request is nested deeper than {most} levels."


class DuplicateKey(DomainError):
    """One object holds a key twice: two readers would see two different requests (attack 14)."""

    code = "request.duplicate_key"
    template = "The same key appears twice in one object."


class InvalidNumber(DomainError):
    """A number is too long or infinite."""

    code = "request.invalid_number"
    template = "A number is too long or too large. Send amounts as text."


class InvalidText(DomainError):
    """A text holds NUL or half of a surrogate pair (attack 57)."""

    code = "request.invalid_text"
    template = "A text contains a character that is not allowed."


class BatchRefused(DomainError):
    """The body is a list of operations (attack 2)."""

    code = "request.batch_refused"
    template = "Send one operation per request, not a list."


class InvalidMember(DomainError):
    """A member of the request is missing or has the wrong type."""

    code = "request.invalid_member"
    template = "The member “{name}” is missing or has the wrong type."


class UnknownMember(DomainError):
    """The request holds a member that GraphQL over HTTP does not know."""

    code = "request.unknown_member"
    template = (
        "The body holds a member that is not known: only query, operationName, variables and extensions are."
    )


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One operation as the client sent it."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, JsonValue] = field(default_factory=dict)
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)


def check_media(method: str, content_type: str | None) -> None:
    """Accept POST with `application/json` in UTF-8 only.

    Raises `MethodNotAllowed` (405) or `UnsupportedMediaType` (415).
    """
    if method != "POST":
        raise MethodNotAllowed
    if content_type is None or _MEDIA_TYPE.fullmatch(content_type) is None:
        raise UnsupportedMediaType


def parse_body(body: bytes, *, most_bytes: int = MAX_BODY) -> GraphQLRequest:
    """Read one operation; raises a refusal with status 400, or 413 for `BodyTooLarge`."""
    value = read_json(body, most_bytes=most_bytes)
    if isinstance(value, list):
        raise BatchRefused
    return _request(value)


def read_json(body: bytes, *, most_bytes: int = MAX_BODY) -> JsonValue:
    """Read strict JSON: size and nesting are checked before anything is built, keys while it is built."""
    if len(body) > most_bytes:
        raise BodyTooLarge(most=most_bytes)
    _check_nesting(body)
    try:
        value: JsonValue = _DECODER.decode(body.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise InvalidJson from None
    if b"\\u" in body:
        _check_texts(value)
    return value


def _check_nesting(body: bytes) -> None:
    if body.count(b"{") + body.count(b"[") <= MAX_NESTING:
        return
    depth = 0
    for bracket in _STRINGS.sub(b"", body).translate(None, delete=_NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_NESTING:
            raise TooNested(most=MAX_NESTING)


def _check_texts(value: JsonValue) -> None:
    """Refuse what only an escape can smuggle into a text: NUL and lone surrogates."""
    pending = [value]
    while pending:
        match pending.pop():
            case str(text):
                if "\x00" in text or not _is_utf8(text):
                    raise InvalidText
            case list(items):
                pending.extend(items)
            case dict(members):
                pending.extend(members)
                pending.extend(members.values())


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _request(value: JsonValue) -> GraphQLRequest:
    if not isinstance(value, dict):
        raise InvalidMember(name="query")
    if not value.keys() <= _MEMBERS:
        raise UnknownMember
    query = value.get("query")
    if not isinstance(query, str) or not query:
        raise InvalidMember(name="query")
    if len(query) > MAX_SOURCE:
        raise TooLong(most=MAX_SOURCE)
    name = value.get("operationName")
    if name is not None and not isinstance(name, str):
        raise InvalidMember(name="operationName")
    return GraphQLRequest(query, name or None, _object(value, "variables"), _object(value, "extensions"))


def _object(members: dict[str, JsonValue], name: str) -> dict[str, JsonValue]:
    value = members.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidMember(name=name)
    return value


def _members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise DuplicateKey
    return members


def _whole(digits: str) -> int:
    if len(digits) > MAX_NUMBER:
        raise InvalidNumber
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits) if len(digits) <= MAX_NUMBER else float("inf")
    if not isfinite(number):
        raise InvalidNumber
    return number


def _constant(_name: str) -> NoReturn:
    raise InvalidJson


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
)
