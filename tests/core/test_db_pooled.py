"""Connections of a server: dead ones are replaced before anybody works with them, live ones keep their plans."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from msingi import pooled
from msingi.db import Database
from msingi.testing import MakePlatform


@pytest.fixture
def database(make_platform: MakePlatform, engine_name: str) -> Database:
    if engine_name == "sqlite":
        pytest.skip("a file is never away")
    return make_platform().database


@pytest.fixture
def other(database: Database) -> Iterator[Connection]:
    """A connection past the pool's first one."""
    with database.lone.connect() as connection:
        yield connection


def _pid(database: Database) -> int:
    with database.lone.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


@pytest.mark.rule("F3")
def test_connections_that_the_server_ended_are_replaced(database: Database, other: Connection) -> None:
    held = [database.lone.connect() for _ in range(3)]
    pids = [one.execute(text("SELECT pg_backend_pid()")).scalar_one() for one in held]
    for one in held:
        one.close()

    other.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM unnest(:pids) AS pid"), {"pids": pids})
    after = [_pid(database) for _ in range(3)]

    assert not set(after) & set(pids)


def test_only_a_connection_that_rested_long_is_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ping = database.read.dialect.do_ping

    def noted(raw: Any) -> bool:
        asked.append(raw)
        return ping(raw)

    monkeypatch.setattr(database.read.dialect, "do_ping", noted)
    _pid(database)
    _pid(database)
    before = len(asked)

    monkeypatch.setattr(pooled, "RESTED_SECONDS", -1.0)
    _pid(database)

    assert (before, len(asked)) == (0, 1)


def test_plans_outlive_the_transactions_that_only_read(database: Database) -> None:
    for _ in range(8):
        with database.read.connect() as connection:
            connection.execute(text("SELECT 42"))

    with database.lone.connect() as connection:
        named = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()

    assert "SELECT 42" in named


def test_what_a_reading_transaction_wrote_is_undone(database: Database) -> None:
    with database.read.connect() as connection:
        connection.execute(text("CREATE TABLE scratch (id int)"))
        connection.execute(text("INSERT INTO scratch VALUES (1)"))

    with database.lone.connect() as connection:
        found = connection.execute(text("SELECT to_regclass('scratch')")).scalar_one()

    assert found is None


def test_a_failed_reading_transaction_leaves_a_usable_connection(database: Database) -> None:
    first = _pid(database)

    with pytest.raises(DBAPIError), database.read.connect() as connection:
        connection.execute(text("SELECT 1 / 0"))

    assert _pid(database) == first
