"""Key rotation: values that an older key sealed are sealed again while the system runs (attack 98)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, bindparam, func, select, type_coerce, update

from msingi.keyring import Keyring
from msingi.platform import models_of
from msingi.types import SealedText
from msingi.work import Work

BATCH = 500
"""Values sealed again in one statement."""


def reseal(work: Work) -> dict[str, int]:
    """Seal every value of an older key with the newest one; returns how many by ``table.column``.

    When nothing is left, the older key may leave ``security.keys``. The rows keep their version: nothing that
    anybody can read has changed.
    """
    connection, keyring = work.session.connection(), work.keyring
    counts = {
        f"{table.name}.{column.name}": _reseal(connection, keyring, table, column)
        for table, column in _sealed(work)
    }
    return {name: count for name, count in counts.items() if count}


def _sealed(work: Work) -> Iterator[tuple[Table, Column[Any]]]:
    for plugin in work.platform.plugins:
        for model in models_of(plugin):
            table: Any = model.__table__
            yield from ((table, column) for column in table.columns if isinstance(column.type, SealedText))


def _reseal(connection: Connection, keyring: Keyring, table: Table, column: Column[Any]) -> int:
    raw = type_coerce(column, LargeBinary)
    old = select(table.c.id, raw.label("sealed")).where(
        func.substr(raw, 1, len(keyring.newest)) != keyring.newest
    )
    read = raw == bindparam("sealed", type_=LargeBinary())  # what somebody wrote meanwhile is sealed already
    write = (
        update(table).where(table.c.id == bindparam("row"), read).values({column.name: bindparam("again")})
    )
    done = 0
    while rows := connection.execute(old.limit(BATCH)).all():
        connection.execute(
            write,
            [{"row": row.id, "sealed": row.sealed, "again": keyring.open(row.sealed)} for row in rows],
        )
        done += len(rows)
    return done
