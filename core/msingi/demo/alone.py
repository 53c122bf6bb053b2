"""One demonstration at a time on a database: another would take it away from under the first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from msingi.errors import ConfigurationError

if TYPE_CHECKING:
    from msingi.platform import Platform

LOCK_NUMBER: Final = 7_365_002
"""The advisory lock of PostgreSQL that a demonstration holds, one for each database."""


@contextmanager
def alone(platform: "Platform") -> Iterator[None]:
    """Hold the database for one demonstration; the lock ends with the process, however that ends.

    Raises:
        ConfigurationError: another demonstration holds it.

    """
    with _held_file(platform) if platform.database.is_sqlite else _held_database(platform):
        yield


@contextmanager
def _held_file(platform: "Platform") -> Iterator[None]:
    """A file beside the database is locked, for the database itself is taken away and made again."""
    name = str(platform.database.url.database)
    with closing(sqlite3.connect(f"{Path(name)}.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise _refusal() from None
        yield


@contextmanager
def _held_database(platform: "Platform") -> Iterator[None]:
    with platform.database.write.connect() as connection:
        lock = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not lock.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": LOCK_NUMBER}):
            raise _refusal()
        try:
            yield
        finally:
            lock.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": LOCK_NUMBER})


def _refusal() -> ConfigurationError:
    return ConfigurationError(
        "A demonstration is running on this database already. Stop it with Ctrl-C, or name another database with "
        "--database."
    )
