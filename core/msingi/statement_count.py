"""How many statements a request sends to its database: counted for measurements, and only where the settings ask for it."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Count:
    """Statements so far, bulk copies among them; what begins and ends transactions is left out."""

    statements: int = 0


_COUNT: ContextVar[Count | None] = ContextVar("msingi_statements", default=None)
_BEGIN: Final = "BEGIN"


def begin_count() -> Count:
    """A new count for this context and the threads that inherit it."""
    count = Count()
    _COUNT.set(count)
    return count


def note_statement() -> None:
    """Count one statement, where anybody counts."""
    count = _COUNT.get()
    if count is not None:
        count.statements += 1


def watch_statements(engine: Engine) -> None:
    """Count what goes through this engine and those that share its pool."""
    event.listen(engine, "before_cursor_execute", _note)


def _note(*values: Any) -> None:
    if not str(values[2]).startswith(_BEGIN):
        note_statement()
