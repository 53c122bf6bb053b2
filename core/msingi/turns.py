"""Writers of a SQLite file take turns: each looks every few milliseconds whether the one before it is done.

SQLite's own waiting looks ever more seldom, up to ten times a second: the file lies idle meanwhile, and who came last
goes first.
"""

import secrets
import sqlite3
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import Connection

WAIT_SECONDS: Final = 30.0
"""How long a writer waits before it is told that the database is locked."""
_PAUSE: Final = (0.001, 0.004)
"""Seconds between two looks, at random, so that nobody goes first for long."""
AT_ONCE: Final = "msingi_at_once"
"""Execution option of an engine whose writers do not wait: what they write may as well be left out."""
_BEGIN: Final = "BEGIN IMMEDIATE"
_PRIMARY: Final = 0xFF
"""The part of an extended result code that names the kind."""
_random = secrets.SystemRandom()


def wait_by_itself(connection: Any) -> None:
    """Let SQLite wait by itself for what is no turn of a writer: a journal that is read back, a checkpoint."""
    connection.execute(f"PRAGMA busy_timeout={1000 * WAIT_SECONDS:.0f}")


def take_turn(connection: Connection) -> None:
    """Begin a transaction that writes, as soon as nobody else does; with ``AT_ONCE`` now or not at all.

    Raises:
        OperationalError: somebody wrote for longer than ``WAIT_SECONDS``, or the file cannot be written.
        DatabaseError: the file is damaged or no database.

    """
    driver: Any = connection.connection.driver_connection
    patience = 0.0 if connection.get_execution_options().get(AT_ONCE, False) else WAIT_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _begun(driver, patience):
            connection.exec_driver_sql(_BEGIN)  # fails once more, in the form of every refusal
    finally:
        wait_by_itself(driver)


def _begun(driver: Any, patience: float) -> bool:
    end = monotonic() + patience
    while monotonic() < end:
        try:
            driver.execute(_BEGIN)
        except sqlite3.DatabaseError as refused:
            if getattr(refused, "sqlite_errorcode", 0) & _PRIMARY != sqlite3.SQLITE_BUSY:
                return False
            sleep(_random.uniform(*_PAUSE))
        else:
            return True
    return False
