"""What SQLite knows of its tables: a planner that knows nothing reads and sorts whole regions."""

from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.table_statistics import learn_statistics, unindexed
from msingi.testing import MakePlatform
from msingi.work import Work

MANY = 1_100


def test_the_planner_learns_of_long_tables_only(make_platform: MakePlatform, engine_name: str) -> None:
    platform = make_platform()
    with platform.work() as work:
        add_places(work, _places(MANY))

    _learn(platform)

    with platform.work(writes=False) as work:
        connection = work.session.connection()
        if engine_name == "sqlite":
            told = connection.execute(text("SELECT DISTINCT tbl FROM sqlite_stat1")).scalars()
            assert {"rbac_jurisdiction", "rbac_closure"} <= set(told)
            assert connection.scalar(text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'rbac_role'")) == 0


def test_a_database_of_short_tables_keeps_no_statistics(
    make_platform: MakePlatform, engine_name: str
) -> None:
    platform = make_platform()

    _learn(platform)

    if engine_name == "sqlite":
        with platform.work(writes=False) as work:
            kept = text("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
            assert work.session.connection().scalar(kept) == 0


@pytest.mark.parametrize("table", ['a"b', "plain"])
def test_a_table_of_any_name_is_learnt_and_forgotten_when_it_became_short(table: str) -> None:
    name = table.replace('"', '""')
    with create_engine("sqlite://").begin() as connection:
        connection.exec_driver_sql(f'CREATE TABLE "{name}" (number INTEGER PRIMARY KEY, state TEXT)')
        connection.exec_driver_sql(f'CREATE INDEX by_state ON "{name}" (state)')
        connection.exec_driver_sql(
            f'INSERT INTO "{name}" VALUES (?, ?)', [(n, "queued") for n in range(MANY)]
        )
        learn_statistics(connection)
        learnt = connection.exec_driver_sql("SELECT DISTINCT tbl FROM sqlite_stat1").scalars().all()
        connection.exec_driver_sql(f'DELETE FROM "{name}" WHERE number > 10')
        learn_statistics(connection)
        left = connection.exec_driver_sql("SELECT tbl FROM sqlite_stat1").scalars().all()

    assert (learnt, left) == ([table], [])


def test_no_index_serves_a_condition_that_nearly_every_row_meets(make_platform: MakePlatform) -> None:
    platform = make_platform()
    with platform.work() as work:
        add_places(work, _places(3))
        indexed = select(Jurisdiction.code).where(Jurisdiction.code == "P1")
        plain = select(Jurisdiction.code).where(unindexed(Jurisdiction.code) == "P1")

        with work.everywhere():
            assert work.session.scalars(plain).all() == work.session.scalars(indexed).all() == ["P1"]
        if platform.database.is_sqlite:
            assert "SEARCH" in _plan(work, indexed)
            assert "SEARCH" not in _plan(work, plain)


def _places(amount: int) -> list[NewPlace]:
    return [
        NewPlace("CM", "Cameroun"),
        *(NewPlace(f"P{number}", f"Place {number}", "CM") for number in range(1, amount)),
    ]


def _learn(platform: Platform) -> None:
    with platform.work() as work:
        job_id = work.enqueue("core.learn_amounts")
    assert platform.jobs.run_one(job_id)


def _plan(work: Work, statement: Any) -> str:
    connection = work.session.connection()
    written = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    return " ".join(str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {written}")))
