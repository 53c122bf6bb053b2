"""A lone select runs outside any transaction and leaves the connection as the others expect it."""

from typing import Any

from sqlalchemy import event, text

from msingi.testing import MakePlatform


def test_a_lone_select_begins_no_transaction(make_platform: MakePlatform) -> None:
    database = make_platform().database

    with database.lone.connect() as connection:
        found = connection.execute(text("SELECT 1")).scalar_one()
        raw: Any = connection.connection.driver_connection
        open_transaction = raw.in_transaction if database.is_sqlite else raw.info.transaction_status.value

    assert found == 1
    assert not open_transaction


def test_the_same_connection_begins_again_for_the_next_reader(make_platform: MakePlatform) -> None:
    database = make_platform().database
    with database.lone.connect() as connection:
        connection.execute(text("SELECT 1"))

    with database.read.connect() as connection:
        connection.execute(text("SELECT 1"))
        raw: Any = connection.connection.driver_connection
        open_transaction = raw.in_transaction if database.is_sqlite else raw.info.transaction_status.value

    assert open_transaction


def test_a_lone_select_is_one_message_to_sqlite(make_platform: MakePlatform) -> None:
    database, sent = make_platform().database, []
    event.listen(database.read, "before_cursor_execute", lambda *values: sent.append(values[2]))

    with database.lone.connect() as connection:
        connection.execute(text("SELECT 1"))

    assert sent == ["SELECT 1"]
