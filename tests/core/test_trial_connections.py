"""Connections that tests hand on: the next platform finds them as if they were new, or gets others."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from msingi.db import connect_database
from msingi.keyring import Keyring, generate_key
from msingi.trial_connections import RestingConnections

Open = Callable[..., Engine]


@pytest.fixture
def resting(engine_name: str) -> Iterator[RestingConnections]:
    if engine_name != "postgresql":
        pytest.skip("a file is opened anew")
    connections = RestingConnections()
    yield connections
    connections.close()


@pytest.fixture
def opened(resting: RestingConnections, database_url: str) -> Iterator[Open]:
    with ExitStack() as closing:

        def open_(*, statement_seconds: int = 60) -> Engine:
            keyring = Keyring.from_text([generate_key()], generate_key())
            database = connect_database(database_url, keyring, statement_seconds=statement_seconds)
            resting.serve(database.read)
            closing.callback(database.dispose)
            return database.read

        yield open_


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads take turns after every few instructions."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def _asked(engine: Engine, question: str = "SELECT pg_backend_pid()") -> object:
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar_one()


def test_a_connection_that_one_left_serves_the_next(resting: RestingConnections, opened: Open) -> None:
    first, second = opened(), opened()
    process = _asked(first)

    resting.take_back(first)

    assert resting.processes() == [process]
    assert _asked(second) == process
    assert resting.processes() == []


def test_nothing_of_the_one_before_is_left_on_it(resting: RestingConnections, opened: Open) -> None:
    first, second = opened(), opened()
    with first.connect() as connection:
        connection.execute(text("SET statement_timeout = '7s'"))
        connection.execute(text("SELECT pg_advisory_lock(7)"))
        connection.execute(text("CREATE TEMPORARY TABLE left_behind (id integer)"))
        connection.commit()

    resting.take_back(first)

    assert _asked(second, "SELECT current_setting('statement_timeout')") == "1min"
    assert _asked(second, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
    assert _asked(second, "SELECT to_regclass('left_behind')") is None


def test_who_wants_other_options_gets_another_one(resting: RestingConnections, opened: Open) -> None:
    first, second = opened(), opened(statement_seconds=5)
    process = _asked(first)

    resting.take_back(first)

    assert _asked(second) != process
    assert _asked(second, "SELECT current_setting('statement_timeout')") == "5s"


def test_one_that_the_server_ended_is_not_given(resting: RestingConnections, opened: Open) -> None:
    first, second = opened(), opened(statement_seconds=5)
    process = _asked(first)
    resting.take_back(first)

    _asked(second, f"SELECT pg_terminate_backend({process}, 5000)")

    assert _asked(opened()) != process
    assert resting.processes() == []


def test_threads_that_ask_at_once_get_different_ones(
    resting: RestingConnections, opened: Open, switching: None
) -> None:
    together = Barrier(8, timeout=20)

    def ask(engine: Engine) -> int:
        together.wait()
        with engine.connect() as connection:
            together.wait()
            return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())

    with ThreadPoolExecutor(8) as callers:
        for _ in range(20):
            engine = opened()
            processes = list(callers.map(ask, [engine] * 8))
            resting.take_back(engine)
            assert sorted(processes) == sorted(resting.processes())


def test_the_newest_twelve_are_kept(resting: RestingConnections, opened: Open) -> None:
    with ExitStack() as held:
        engines = [opened(statement_seconds=5 + number) for number in range(14)]
        processes = [
            held.enter_context(one.connect()).scalar(text("SELECT pg_backend_pid()")) for one in engines
        ]

    for engine in engines:
        resting.take_back(engine)

    assert resting.processes() == processes[2:]
