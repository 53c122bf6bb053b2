"""Connections of tests to PostgreSQL, handed from one platform to the next: a new one would read the catalogue anew."""

from contextlib import suppress
from threading import Lock
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

_MOST: Final = 12
"""A server takes a hundred connections; the database of the tests of one file wants three."""
_AS_NEW: Final = "RESET ALL; UNLISTEN *; CLOSE ALL; SELECT pg_advisory_unlock_all(); DISCARD TEMP"
"""``DISCARD ALL`` but for the prepared statements, which the driver would still believe in."""


class RestingConnections:
    """The connections of platforms that are closed, the newest last; several threads may ask for one."""

    def __init__(self) -> None:
        self._resting: list[psycopg.Connection[Any]] = []
        self._lock = Lock()

    def serve(self, engine: Engine) -> None:
        """Give the engine a resting connection when it asks for one to the same database with the same options."""
        event.listen(engine, "do_connect", self._given)

    def take_back(self, engine: Engine) -> None:
        """Keep the connections that the pool of this engine holds and nobody uses."""
        for _ in range(engine.pool.checkedin()):  # type: ignore[attr-defined]
            with suppress(psycopg.Error, DBAPIError):
                lent = engine.raw_connection()
                connection: Any = lent.driver_connection
                lent.detach()
                connection.autocommit = True
                connection.execute(_AS_NEW, prepare=False)
                self._resting.append(connection)
        for connection in self._resting[:-_MOST]:
            connection.close()
        del self._resting[:-_MOST]

    def processes(self) -> list[int]:
        """The server's processes behind them."""
        return [connection.info.backend_pid for connection in self._resting]

    def close(self) -> None:
        """Close them all."""
        while self._resting:
            self._resting.pop().close()

    def _given(self, _dialect: Any, _record: Any, _arguments: Any, wanted: dict[str, Any]) -> Any:
        key: tuple[str, str] = (wanted["dbname"], wanted.get("options", ""))
        while (connection := self._taken(key)) is not None:
            if _lives(connection):
                return connection
        return None

    def _taken(self, key: tuple[str, str]) -> psycopg.Connection[Any] | None:
        """The newest one that fits, for one thread alone."""
        with self._lock:
            fitting = [c for c in self._resting if (c.info.dbname, c.info.options) == key]
            if fitting:
                self._resting.remove(fitting[-1])
            return fitting[-1] if fitting else None


def _lives(connection: psycopg.Connection[Any]) -> bool:
    try:
        connection.execute("SELECT", prepare=False)
        connection.autocommit = False
    except psycopg.OperationalError:
        connection.close()
        return False
    return True
