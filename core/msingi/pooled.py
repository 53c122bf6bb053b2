"""Connections of a pool to a server: a dead one is replaced, not given out (F3), a live one keeps its plans."""

import select
from contextlib import suppress
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Engine, ExceptionContext, event
from sqlalchemy.exc import InvalidatePoolError

RESTED_SECONDS: Final = 30.0
"""A connection that rested longer is asked, for something on the way may have forgotten it without a word."""
_OPEN: Final = 2
"""libpq's PQTRANS_INTRANS: a transaction is open and has not failed."""
_NOT_SUPPORTED: Final = "0A000"
_REPLANNING: Final = "RevalidateCachedQuery"
"""Where the server looks at a plan again: its message is in the server's language, this name is not."""
_SINCE: Final = "msingi_rests_since"


def replace_dead_connections(engine: Engine) -> None:
    """Look at each connection that leaves the pool: a round trip only when its socket has news, or it rested long.

    A server that ends a connection says so on the socket; to ask every connection every time would cost each
    request a message there and back. One that was just made is not looked at: when it, too, has ended already,
    its first statement says that the database is away.
    """

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info[_SINCE] = monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: object) -> None:
        if _SINCE not in record.info:
            return
        rested = monotonic() - record.info[_SINCE]
        if (rested > RESTED_SECONDS or _has_news(connection)) and not _answers(engine, connection):
            raise InvalidatePoolError


def keep_plans(engine: Engine, write: str) -> None:
    """End transactions that only read without the driver's rollback, which discards every prepared statement.

    The driver fears for statements on tables that the transaction had changed; connections with the option
    ``write`` are left to it. What a reading transaction may have written is undone all the same. A plan that a
    migration has made stale ends every connection of the pool, for each may hold one: the next ones plan anew.
    """
    dbapi: Any = engine.dialect.dbapi

    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        if connection.invalidated:
            return
        raw: Any = connection.connection.driver_connection
        if not connection.get_execution_options().get(write, False) and raw.info.transaction_status == _OPEN:
            with suppress(dbapi.Error):  # the driver's own rollback follows, and says what is wrong
                raw.pgconn.exec_(b"ROLLBACK")

    @event.listens_for(engine, "handle_error")
    def forget(failure: ExceptionContext) -> None:
        if is_stale_plan(failure.original_exception):
            failure.is_disconnect = True
            failure.invalidate_pool_on_disconnect = True


def is_stale_plan(error: BaseException | None) -> bool:
    """Whether the server refused a prepared statement because its columns changed since: nothing of it was done."""
    return (
        getattr(error, "sqlstate", None) == _NOT_SUPPORTED
        and getattr(getattr(error, "diag", None), "source_function", None) == _REPLANNING
    )


def _has_news(connection: Any) -> bool:
    """Whether the server said something that nobody asked for; a closed connection counts as news."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    dbapi: Any = engine.dialect.dbapi
    try:
        return bool(engine.dialect.do_ping(connection))
    except dbapi.Error:
        return False
