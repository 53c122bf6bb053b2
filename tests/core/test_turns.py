"""Writers of one SQLite file wait for each other, each its time, and are told when it takes too long (F38)."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError

from msingi import turns
from msingi.db import Database, connect_database
from msingi.keyring import Keyring, generate_key

WAITS_BY_ITSELF = 30_000
"""Milliseconds for which SQLite waits where no writer takes a turn."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    keyring = Keyring.from_text([generate_key()], generate_key())
    opened = connect_database(f"sqlite:///{tmp_path / 'turns.db'}", keyring)
    with opened.write.begin() as connection:
        connection.execute(text("CREATE TABLE note (number INTEGER)"))
    yield opened
    opened.dispose()


def _count(database: Database) -> int:
    with database.read.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM note")).scalar_one())


def _timeout(database: Database) -> int:
    with database.lone.connect() as connection:
        return int(connection.execute(text("PRAGMA busy_timeout")).scalar_one())


def test_a_writer_waits_until_the_one_before_is_done_and_sees_what_it_wrote(database: Database) -> None:
    begun, asked = Event(), Event()

    def second() -> tuple[bool, int]:
        begun.wait(60)
        asked.set()
        with database.write.begin() as connection:
            return first_is_done.is_set(), connection.execute(text("SELECT count(*) FROM note")).scalar_one()

    first_is_done = Event()
    with ThreadPoolExecutor(1) as callers:
        waiting = callers.submit(second)
        with database.write.begin() as connection:
            connection.execute(text("INSERT INTO note VALUES (1)"))
            begun.set()
            asked.wait(60)
            connection.execute(text("INSERT INTO note VALUES (2)"))
            first_is_done.set()
        found = waiting.result(60)

    assert found == (True, 2)


def test_nothing_is_lost_when_many_write_at_once(database: Database) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            with database.write.begin() as connection:
                taken = connection.execute(text("SELECT count(*) FROM note")).scalar_one()
                connection.execute(text("INSERT INTO note VALUES (:number)"), {"number": taken})

    with ThreadPoolExecutor(6) as writers:
        list(writers.map(write, range(6)))

    with database.read.connect() as connection:
        numbers = connection.execute(text("SELECT number FROM note ORDER BY rowid")).scalars().all()
    assert numbers == list(range(120))


def test_who_waits_too_long_is_told_that_the_database_is_locked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (1)"))
        monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
        started = monotonic()
        with pytest.raises(OperationalError, match="database is locked"), database.write.begin():
            pass
        waited = monotonic() - started
        monkeypatch.undo()

    assert waited >= 0.05
    assert _count(database) == 1


def test_what_waiting_would_not_change_is_told_at_once(database: Database) -> None:
    with database.lone.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        with pytest.raises(OperationalError, match="within a transaction"):
            turns.take_turn(connection)
        connection.exec_driver_sql("ROLLBACK")

    assert _timeout(database) == WAITS_BY_ITSELF


@pytest.mark.rule("F7")
def test_a_damaged_file_is_told_as_every_other_failure_of_the_database(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "turns.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as elsewhere:
        elsewhere.execute("INSERT INTO note VALUES (1)")
        elsewhere.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"x" * 100)

    with pytest.raises(DatabaseError, match="not a database"), database.write.begin():
        pass
