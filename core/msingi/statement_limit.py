"""Ends a statement of SQLite that runs too long, as PostgreSQL does by itself (F39)."""

from math import inf
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

UNLIMITED: Final = "msingi_unlimited"
"""Execution option of a connection whose statements may take any time: a migration."""
_END: Final = "msingi_statement_end"
_STEPS: Final = 10_000
"""Steps of SQLite's machine between two looks at the clock: well below a millisecond."""


def limit_statements(engine: Engine, seconds: int) -> None:
    """Interrupt a statement, the reading of its rows included, after this many seconds."""

    @event.listens_for(engine, "connect")
    def watch(connection: Any, record: Any) -> None:
        record.info[_END] = inf
        connection.set_progress_handler(lambda: monotonic() > record.info[_END], _STEPS)

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Connection, *_statement: object) -> None:
        unlimited = connection.get_execution_options().get(UNLIMITED, False)
        connection.connection.info[_END] = inf if unlimited else monotonic() + seconds

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info[_END] = inf
