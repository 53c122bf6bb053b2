"""A statement that never ends is ended on both engines, and the connection goes on."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from msingi.db import Database, connect_database
from msingi.errors import TooBusy
from msingi.failures import as_refusal
from msingi.platform import Platform
from msingi.statement_limit import UNLIMITED

ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i % 1000 + 1 FROM n) SELECT count(*) FROM n WHERE i < 0"
)
LONG = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT count(*) FROM n"
)


@pytest.fixture
def hurried(platform: Platform, database_url: str) -> Database:
    """The same database, one second for each statement."""
    return connect_database(database_url, platform.keyring, statement_seconds=1)


@pytest.mark.rule("F39")
def test_an_endless_statement_is_ended_and_refused_as_busy(hurried: Database) -> None:
    with hurried.read.connect() as connection, pytest.raises(DBAPIError) as ended:
        connection.execute(ENDLESS)

    assert isinstance(as_refusal(ended.value), TooBusy)
    with hurried.read.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    hurried.dispose()


def test_a_migration_may_take_any_time(platform: Platform, database_url: str) -> None:
    database = connect_database(database_url, platform.keyring, statement_seconds=0)
    if not database.is_sqlite:
        pytest.skip("PostgreSQL reads 0 as no limit; the migration sets it itself")

    with database.write.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(LONG)
    with database.write.connect().execution_options(**{UNLIMITED: True}) as connection:
        assert connection.execute(LONG).scalar_one() == 400_000
    database.dispose()
