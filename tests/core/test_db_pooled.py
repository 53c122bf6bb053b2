"""Connections that died in the pool are replaced before anybody works with them."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

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
