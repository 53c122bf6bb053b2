"""What the trail keeps of a value: plain, short, the same after every database (attack 95)."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import orjson

TEXT_LIMIT = 500
DOCUMENT_LIMIT = 2000
_WIDEST_INTEGER = 2**53


def plain(value: object) -> Any:
    """A JSON value without floats, so that no engine writes it differently.

    Text is cut at 500 characters; a document longer than 2,000 is replaced by null.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return clean(value, TEXT_LIMIT)
    if isinstance(value, int) and -_WIDEST_INTEGER <= value <= _WIDEST_INTEGER:
        return value
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _short_document(value)
    return clean(value.hex() if isinstance(value, bytes) else str(value), TEXT_LIMIT)


def clean(text: str, limit: int) -> str:
    """Text that every engine stores: no NUL, no lone surrogate, cut with an ellipsis at the limit."""
    if "\x00" in text or not text.isprintable():
        text = text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _short_document(value: object) -> Any:
    document = _nested(value)
    return document if len(orjson.dumps(document)) <= DOCUMENT_LIMIT else None


def _nested(value: object) -> Any:
    if isinstance(value, Mapping):
        return {clean(str(key), TEXT_LIMIT): _nested(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_nested(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [_nested(item) for item in value]
    return plain(value)
