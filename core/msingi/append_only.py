"""Tables that the database itself never lets anybody change: rows are added, and that is all (IN-1)."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, inspect, text

from msingi.db import Model

FUNCTION: Final = "msingi_append_only"
_REFUSAL: Final = "rows of this table are never changed"
_EVENTS: Final = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
_KNOWN: Final = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"),
}


def protect(connection: Connection, models: Iterable[type[Model]]) -> None:
    """Give the tables of models with ``__append_only__`` triggers that refuse UPDATE and DELETE; safe to repeat.

    They are restored after every migration, because SQLite changes a table by copying it.
    """
    engine = connection.dialect.name
    guarded = [model for model in models if model.__append_only__]
    wanted = {
        f"tr_{model.__tablename__}_{event}": (model.__tablename__, event)
        for model in guarded
        for event in _EVENTS[engine]
    }
    missing = wanted.keys() - set(connection.scalars(_KNOWN[engine])) if wanted else set()
    if missing and engine == "postgresql":
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    tables = set(inspect(connection).get_table_names()) if missing else set()
    for name in sorted(missing):
        table, event = wanted[name]
        if table in tables:  # a model may be newer than the migration that makes its table
            connection.exec_driver_sql(_trigger(engine, name, table, event))


def _trigger(engine: str, name: str, table: str, event: str) -> str:
    if engine == "sqlite":
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    each = "STATEMENT" if event == "truncate" else "ROW"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {FUNCTION}()"
