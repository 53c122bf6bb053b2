"""Connections of a server: dead ones are replaced before anybody works with them, live ones keep their plans."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from msingi import pooled
from msingi.db import Database
from msingi.errors import DatabaseAway
from msingi.failures import as_refusal
from msingi.testing import MakePlatform
from msingi.transact import transact

_NOTICE = text("SELECT id, body FROM notice WHERE id = :id")


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


@pytest.mark.rule("F3")
def test_a_second_dead_connection_after_the_first_is_a_database_that_is_away(
    database: Database, other: Connection
) -> None:
    def end(pid: int) -> None:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    def end_newborn(raw: Any, _record: object) -> None:
        end(raw.info.backend_pid)

    end(_pid(database))
    event.listen(database.read, "connect", end_newborn)
    with pytest.raises(DBAPIError) as failure:
        _pid(database)
    event.remove(database.read, "connect", end_newborn)

    assert type(as_refusal(failure.value)) is DatabaseAway


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


@pytest.mark.rule("F3")
@pytest.mark.parametrize("kind", ["lone", "read", "write"])
def test_a_connection_that_ends_in_the_middle_of_its_work_is_a_refusal(
    database: Database, other: Connection, kind: str
) -> None:
    def work_while_it_ends() -> None:
        with getattr(database, kind).connect() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError) as failure:
        work_while_it_ends()

    assert type(as_refusal(failure.value)) is DatabaseAway


def _change_a_column_below_plans(database: Database, kind: str) -> Engine:
    """Let three connections of a kind prepare a statement on a column, then change the column's type."""
    engine: Engine = getattr(database, kind)
    with database.lone.connect() as connection:
        connection.execute(text("CREATE TABLE notice (id int, body varchar(10))"))
    held = [engine.connect() for _ in range(3)]
    for connection in held * 8:
        connection.execute(_NOTICE, {"id": 1})
        connection.commit()
    for connection in held:
        connection.close()
    with database.lone.connect() as connection:
        connection.execute(text("ALTER TABLE notice ALTER COLUMN body TYPE text"))
    return engine


def _refusals(engine: Engine, times: int) -> list[str]:
    told: list[str] = []
    for _ in range(times):
        try:
            with engine.connect() as connection:
                connection.execute(_NOTICE, {"id": 1}).all()
        except DBAPIError as error:
            told.append(type(as_refusal(error)).__name__)
    return told


@pytest.mark.parametrize("kind", ["lone", "read", "write"])
def test_a_migration_below_prepared_statements_costs_one_refusal(database: Database, kind: str) -> None:
    engine = _change_a_column_below_plans(database, kind)

    assert _refusals(engine, 9) == ["DatabaseAway"]


@pytest.mark.parametrize("kind", ["lone", "read", "write"])
def test_work_that_may_be_repeated_outlives_a_migration(database: Database, kind: str) -> None:
    engine = _change_a_column_below_plans(database, kind)

    def ask() -> int:
        with engine.begin() as connection:
            return len(connection.execute(_NOTICE, {"id": 1}).all())

    assert transact(ask) == 0


def test_another_thing_that_the_server_does_not_support_keeps_the_connection(database: Database) -> None:
    first = _pid(database)

    with pytest.raises(DBAPIError) as refused, database.lone.connect() as connection:
        connection.execute(text("SELECT DISTINCT 1 FOR UPDATE"))

    assert (refused.value.orig.sqlstate, as_refusal(refused.value)) == ("0A000", None)  # type: ignore[union-attr]
    assert _pid(database) == first
