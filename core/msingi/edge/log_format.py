"""Log lines as JSON, one event per line, with secrets and line breaks taken out (attacks 95, 96)."""

import json
import logging
import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Final, TextIO

import orjson
import structlog

from msingi.failures import error_kinds

MAX_TEXT: Final = 1_000
_SECRET: Final = re.compile(
    r"pass|secret|token|cookie|authori[sz]ation|session_key|api_?key|otp|pin$", re.IGNORECASE
)
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def one_line(text: str) -> str:
    """Return a text with controls, escapes, line ends and direction marks replaced, cut to `MAX_TEXT` characters."""
    if text.isascii() and text.isprintable():
        return text[:MAX_TEXT]
    return _UNSAFE.sub("�", text[:MAX_TEXT])


def scrub(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask values under names of secrets and make every text one line; nested values too."""
    return {one_line(str(key)): _scrubbed(str(key), value) for key, value in event.items()}


def configure_logs(*, stream: TextIO, level: int = logging.INFO) -> None:
    """Send every event to the stream as one line of JSON, in UTC; also the warnings of libraries."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            scrub,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.getLogger().addHandler(_LIBRARIES)


class _Libraries(logging.Handler):
    """Passes on what libraries log the standard way: the first line without the values, which may be personal."""

    def emit(self, record: logging.LogRecord) -> None:
        """Make an event of a line."""
        first, *_ = str(record.msg).splitlines() or [""]
        error = record.exc_info[1] if record.exc_info else None
        told = {} if error is None else {"error": error_kinds(error)}
        structlog.get_logger().log(record.levelno, first, library=record.name, **told)


_LIBRARIES: Final = _Libraries(logging.WARNING)


def _json(event: object, **options: Any) -> str:
    """Write an event in ASCII; what the fast encoder cannot write, or not in ASCII, the careful one does."""
    try:
        text = orjson.dumps(event, default=options.get("default"))
    except TypeError:
        return json.dumps(event, **options)
    return text.decode() if text.isascii() else json.dumps(event, **options)


def _scrubbed(key: str, value: object) -> object:
    if _is_secret(key):
        return "***"
    match value:
        case bool() | int() | float() | None:
            return value
        case dict():
            return {one_line(str(inner)): _scrubbed(str(inner), item) for inner, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_scrubbed("", item) for item in value]
    return one_line(str(value))


@lru_cache(maxsize=1_000)
def _is_secret(key: str) -> bool:
    return _SECRET.search(key) is not None
