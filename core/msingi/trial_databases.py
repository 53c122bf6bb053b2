"""The databases of tests: migrated once per set of plugins, then copied or emptied and handed out again."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.engine import URL

from msingi.ids import new_id
from msingi.trial_connections import RestingConnections

_WATCH = """
    CREATE SCHEMA msingi_trial;
    CREATE SEQUENCE msingi_trial.changes;
    CREATE FUNCTION msingi_trial.note() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM nextval('msingi_trial.changes'); END
    $$;
    CREATE EVENT TRIGGER msingi_trial_changes ON ddl_command_end EXECUTE FUNCTION msingi_trial.note();
"""
_CHANGED = "SELECT is_called FROM msingi_trial.changes"
_OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
    AND backend_type = 'client backend'
"""
_EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN
            SELECT oid::regclass FROM pg_class
            WHERE relkind = 'r' AND oid >= 16384 AND pg_relation_size(oid) > 0 AND NOT relname = ANY({kept})
        LOOP
            EXECUTE 'DELETE FROM ' || name;
        END LOOP;
        PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
            WHERE seqrelid <> 'msingi_trial.changes'::regclass;
    END $$
"""
_FILLED = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= 16384 AND pg_relation_size(oid) > 0
    ORDER BY relname
"""
Key = tuple[str, ...]


class Stock(Protocol):
    """Databases of one engine, by the key of the tables that they hold."""

    def empty(self, folder: Path) -> str:
        """The URL of a database without a table."""

    def take(self, key: Key, folder: Path) -> str | None:
        """The URL of a database with these tables and no test's rows, if one was kept."""

    def keep(self, key: Key, url: URL) -> None:
        """Remember a database that was just migrated, to hand out its like."""

    def serve(self, engine: Engine) -> None:
        """Let connections that the platforms before this one have left serve its engine."""

    def part(self, engine: Engine) -> None:
        """Keep the connections of an engine that nobody uses any more."""

    def close(self) -> None:
        """Give everything back."""


class FileStock:
    """SQLite: one file per set of tables, copied for each test."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="msingi-test-"))
        self._files: dict[Key, Path] = {}

    def empty(self, folder: Path) -> str:
        """The URL of a file that does not exist yet."""
        return f"sqlite:///{folder / 'test.db'}"

    def take(self, key: Key, folder: Path) -> str | None:
        """The URL of a copy."""
        if key not in self._files:
            return None
        shutil.copyfile(self._files[key], folder / "test.db")
        return self.empty(folder)

    def keep(self, key: Key, url: URL) -> None:
        """Copy the file; nobody is connected to it."""
        copy = self._folder / f"{len(self._files)}.db"
        shutil.copyfile(str(url.database), copy)
        self._files[key] = copy

    def serve(self, engine: Engine) -> None:
        """Nothing: a file is opened anew."""

    def part(self, engine: Engine) -> None:
        """Nothing: a file is closed."""

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Kept:
    working: str
    template: str
    filled: tuple[str, ...]
    rows: str


class ServerStock:
    """PostgreSQL: one working database per set of tables, emptied for each test.

    A test that changed the tables themselves costs the next one a new copy of the template. One connection stays open,
    to the database that was emptied last: a new one would read the whole catalogue before each test.
    """

    def __init__(self, server: Callable[[], URL]) -> None:
        self._server = server
        self._kept: dict[Key, _Kept] = {}
        self._made: set[str] = set()
        self._single: str | None = None
        self._standing: psycopg.Connection[Any] | None = None
        self._resting = RestingConnections()
        self.serve, self.part = self._resting.serve, self._resting.take_back

    def empty(self, folder: Path) -> str:  # noqa: ARG002 - the server keeps its files itself
        """The URL of a new database; the one before it goes."""
        if self._single is not None:
            self._drop(self._single)
        self._single = self._create()
        return self._url(self._single)

    def take(self, key: Key, folder: Path) -> str | None:  # noqa: ARG002
        """The URL of the working database, empty again, or of a new copy."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        try:
            is_empty = self._emptied(kept)
        except psycopg.OperationalError:  # a test ended every connection, or the server
            is_empty = False
        if not is_empty:
            self._drop(kept.working)
            self._create(kept.working, template=kept.template)
        return self._url(kept.working)

    def keep(self, key: Key, url: URL) -> None:
        """Keep the database and a template of it; nobody is connected to it."""
        working = str(url.database)
        with self._connected(working) as connection:
            if _is_superuser(connection):
                connection.execute(_WATCH)
            filled = tuple(name for (name,) in connection.execute(_FILLED))
            rows = _rows_of(connection, filled)
        self._kept[key] = _Kept(working, self._create(template=working), filled, rows)
        self._single = None if self._single == working else self._single

    def close(self) -> None:
        """Drop every database."""
        self._leave()
        self._resting.close()
        for name in list(self._made):
            self._drop(name)

    def _emptied(self, kept: _Kept) -> bool:
        connection = self._connection_to(kept.working)
        connection.execute(_OTHERS_OUT, (self._resting.processes(),))
        if not _is_superuser(connection) or _was_changed(connection, kept):
            return False
        connection.execute(sql.SQL(_EMPTY).format(kept=sql.Literal(list(kept.filled))))
        return True

    def _connection_to(self, name: str) -> psycopg.Connection[Any]:
        """The connection that stands, when it leads there; another one takes its place otherwise."""
        standing = self._standing
        if standing is None or standing.closed or standing.info.dbname != name:
            self._leave()
            standing = self._standing = psycopg.connect(self._address(name), autocommit=True)
        return standing

    def _leave(self) -> None:
        if self._standing is not None:
            self._standing.close()
            self._standing = None

    def _create(self, name: str | None = None, *, template: str = "template1") -> str:
        chosen = name or f"t{new_id().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self._connected() as connection:
            connection.execute(statement.format(sql.Identifier(chosen), sql.Identifier(template)))
        self._made.add(chosen)
        return chosen

    def _drop(self, name: str) -> None:
        self._leave()
        with self._connected() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        self._made.discard(name)

    def _url(self, name: str) -> str:
        return self._server().set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def _connected(self, name: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._address(name), autocommit=True) as connection:
            yield connection

    def _address(self, name: str | None) -> str:
        url = self._server().set(drivername="postgresql")
        target = url if name is None else url.set(database=name)
        return target.render_as_string(hide_password=False)


def _is_superuser(connection: psycopg.Connection[Any]) -> bool:
    """Whether tables can be emptied past their triggers, and changes of them be watched."""
    return connection.info.parameter_status("is_superuser") == "on"


def _was_changed(connection: psycopg.Connection[Any], kept: _Kept) -> bool:
    """Whether a test changed the tables, or the rows that the migrations themselves wrote."""
    (changed,) = connection.execute(_CHANGED).fetchone() or (True,)
    return changed or _rows_of(connection, kept.filled) != kept.rows


def _rows_of(connection: psycopg.Connection[Any], tables: tuple[str, ...]) -> str:
    every = (sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)) for table in tables)
    return repr(connection.execute(sql.SQL(" UNION ALL ").join(every)).fetchall()) if tables else ""
