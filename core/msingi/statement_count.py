"""The statements that a request sends to its database: counted for measurements where the settings ask for it, kept in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Count:
    """Statements so far, bulk copies among them; what begins and ends transactions is left out."""

    statements: int = 0
    kept: list[str] | None = None
    """Their texts, where somebody wants to read them."""


_COUNT: ContextVar[Count | None] = ContextVar("msingi_statements", default=None)
_BEGIN: Final = "BEGIN"
_COPY: Final = "COPY"


def begin_count() -> Count:
    """A new count for this context and the threads that inherit it."""
    count = Count()
    _COUNT.set(count)
    return count


@contextmanager
def kept_statements() -> Iterator[list[str]]:
    """The texts of the statements of a block, of this context and of the threads that inherit it."""
    kept: list[str] = []
    before = _COUNT.set(Count(kept=kept))
    try:
        yield kept
    finally:
        _COUNT.reset(before)


def note_statement(text: str = _COPY) -> None:
    """Count one statement, where anybody counts."""
    count = _COUNT.get()
    if count is None:
        return
    count.statements += 1
    if count.kept is not None:
        count.kept.append(text)


def watch_statements(engine: Engine) -> None:
    """Count what goes through this engine and those that share its pool."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(*values: Any) -> None:
    text = str(values[2])
    if not text.startswith(_BEGIN):
        note_statement(text)
