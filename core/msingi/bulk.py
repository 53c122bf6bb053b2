"""Large volumes: thousands of rows written or changed at once, by the fastest way that each engine has."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache, partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, cast

from sqlalchemy import Column, Connection, Dialect, MetaData, Table, Update, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from msingi.db import Model, Scoped, Versioned, WorkSession
from msingi.errors import NotFound, StaleVersion
from msingi.ids import new_ids
from msingi.lengths import refuse_overlong_columns
from msingi.scoping import scope_criterion
from msingi.statement_count import note_statement
from msingi.types import SealedText

if TYPE_CHECKING:
    from msingi.work import Work

Rows = Sequence[Sequence[Any]]
"""Rows of values in the order of their columns."""
Cells = Mapping[str, Sequence[Any]]
"""The same values by column."""
_Writer: TypeAlias = Callable[[Iterable[Any]], Iterator[Any]]
_WAYS = 1_024
_NOTHING: Final = object()
_FEW = 100
"""Up to so many rows PostgreSQL changes one after the other as fast as from a temporary table; SQLite always does."""


class Recording(StrEnum):
    """Who writes the audit lines of a bulk change of an audited model."""

    PER_ROW = "per_row"
    """The core: one line for each row, with the names of its fields."""
    BY_CALLER = "by_caller"
    """The caller: lines about the business objects, with ``work.platform.trail.changed_many``."""


class _Way(NamedTuple):
    """How rows of some columns come into a table of one engine."""

    insert: str
    copy: str
    types: Sequence[str]
    writers: "Sequence[_Writer]"
    """How the type of each column writes its values."""


class _WayOver(NamedTuple):
    """How rows of one engine are changed by key."""

    update: str
    writers: "Sequence[tuple[str, _Writer]]"
    """The columns in the order of the statement's parameters, and how the type of each writes its values."""


class NotRecorded(Exception):
    """A bulk change of an audited model does not say who records it: an error of the calling code."""


def write_rows(
    work: "Work",
    model: type[Model],
    columns: Sequence[str],
    rows: Rows,
    *,
    recording: Recording | None = None,
) -> None:
    """Insert many rows: COPY on PostgreSQL, one prepared statement on SQLite and for one row, in the transaction of the work.

    ``columns`` are attribute names; those left out get the default that the model states in Python, ``id``
    among them. ``recording`` is required for audited models.

    Raises:
        NotFound: a row belongs to a place outside the scope.
        InvalidInput: a text is longer than its column.
        NotRecorded: the model is audited and ``recording`` is missing.

    """
    write_cells(work, model, _by_column(columns, rows) if rows else {}, recording=recording)


def write_cells(
    work: "Work", model: type[Model], cells: Cells, *, recording: Recording | None = None
) -> None:
    """Insert many rows as ``write_rows`` does, given column by column: for volumes that are made that way."""
    _require_recording(model, recording)
    count = len(next(iter(cells.values()), ()))
    if not count:
        return
    cells = _with_defaults(model, cells, count)
    refuse_overlong_columns(model, cells)
    if issubclass(model, Scoped):
        work.check_places(set(cells["jurisdiction_id"]) - {None})
    work.session.flush()
    insert_cells(work.session.connection(), _table(model), _named_as_stored(model, cells))
    if recording is Recording.PER_ROW:
        _record(work, "insert", model, cells)


def change_rows(
    work: "Work",
    model: type[Model],
    keys: Sequence[str],
    columns: Sequence[str],
    rows: Rows,
    *,
    recording: Recording | None = None,
    locked: bool = False,
) -> int:
    """Update many rows by key, each with values of its own; returns how many there were.

    Each row holds the values of ``keys``, then those of ``columns``. The version of a ``Versioned`` model rises
    by one; naming ``version`` among the keys refuses rows that were changed meanwhile. Deadlocks are the
    caller's to avoid or repeat: rows are locked in no particular order. ``locked`` says that this work has read and
    locked the rows inside its scope, which is then not asked again.

    Raises:
        NotFound: not every row exists inside the scope; nothing of the work may be saved then.
        StaleVersion: the same, where the version is a key.
        InvalidInput: a text is longer than its column.
        NotRecorded: the model is audited and ``recording`` is missing.
        ValueError: two rows bear the same key.

    """
    _require_recording(model, recording)
    if not rows:
        return 0
    cells = _by_column((*keys, *columns), rows)
    if len(set(zip(*(cells[key] for key in keys), strict=True))) != len(rows):
        raise ValueError("two rows bear the same key")
    refuse_overlong_columns(model, cells)
    if "jurisdiction_id" in columns:
        work.check_places(set(cells["jurisdiction_id"]))
    work.session.flush()
    in_scope = locked or work.session.scope.everywhere
    if _update(work.session, model, keys, cells, in_scope=in_scope) != len(rows):
        raise (
            StaleVersion(current="?", expected="?") if "version" in keys else NotFound(type=model.__name__)
        )
    _expire(work.session, model)
    if recording is Recording.PER_ROW:
        _record(work, "update", model, cells)
    return len(rows)


def insert_cells(connection: Connection, table: Table, cells: Cells) -> None:
    """Insert rows given column by column under their stored names; values pass through the columns' types."""
    way = _way_into(connection.dialect, table, tuple(cells))
    bound = (write(values) for write, values in zip(way.writers, cells.values(), strict=True))
    rows = zip(*bound, strict=True)
    if len(next(iter(cells.values()))) == 1:
        connection.exec_driver_sql(way.insert, next(rows))
    elif connection.dialect.name == "sqlite":
        connection.exec_driver_sql(way.insert, list(rows))
    else:
        _copy(connection, way.copy, way.types, rows)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> _Writer:
    """How a type writes the values of a column; sealed texts never twice alike, however often they come."""
    write = kind.dialect_impl(dialect).bind_processor(dialect)
    if write is None:
        return iter
    return partial(map, write) if isinstance(kind, SealedText) else partial(_each_written, write)


def _each_written(write: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
    """Write a value that comes several times in a row once: rows of one claim follow each other, and share one instant."""
    last: Any = _NOTHING
    written: Any = None
    for value in values:
        if value is not last:
            last, written = value, write(value)
        yield written


def _require_recording(model: type[Model], recording: Recording | None) -> None:
    if model.__audited__ and recording is None:
        raise NotRecorded(f"{model.__tablename__} is audited: say who records this change")


def _by_column(columns: Sequence[str], rows: Rows) -> dict[str, Sequence[Any]]:
    return dict(zip(columns, zip(*rows, strict=True), strict=True))


def _with_defaults(model: type[Model], cells: Cells, count: int) -> Cells:
    complete = dict(cells)
    if "id" not in complete:
        complete["id"] = new_ids(count)
    for name, default in _defaults(model):
        if name in complete:
            continue
        if default.is_scalar:
            complete[name] = [default.arg] * count
        elif default.is_callable:
            complete[name] = [default.arg(None) for _ in range(count)]
    return complete


@cache
def _defaults(model: type[Model]) -> tuple[tuple[str, Any], ...]:
    attributes = ((one.key, one.columns[0].default) for one in model.__mapper__.column_attrs)
    return tuple((name, default) for name, default in attributes if default is not None)


def _table(model: type[Model]) -> Table:
    return cast("Table", model.__table__)


def _named_as_stored(model: type[Model], cells: Cells) -> Cells:
    stored = model.__mapper__.column_attrs
    return {stored[name].columns[0].name: values for name, values in cells.items()}


@lru_cache(maxsize=_WAYS)
def _way_into(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Way:
    """Found once for each choice of columns: for few rows it costs more than to write them."""
    quoted = dialect.identifier_preparer
    target = f"{quoted.format_table(table)} ({', '.join(map(quoted.quote, columns))})"
    marks = ", ".join(["?" if dialect.name == "sqlite" else "%s"] * len(columns))
    kinds = [table.c[name].type for name in columns]
    return _Way(
        insert=f"INSERT INTO {target} VALUES ({marks})",  # noqa: S608 - our names
        copy=f"COPY {target} FROM STDIN (FORMAT BINARY)",
        types=[_server_type(kind) for kind in kinds],
        writers=[_writer(kind, dialect) for kind in kinds],
    )


@cache
def _server_type(kind: TypeEngine[Any]) -> str:
    """PostgreSQL's name of a type, without its length."""
    from sqlalchemy.dialects import postgresql

    dialect: Any = postgresql.dialect
    return kind.compile(dialect()).lower().partition("(")[0]


def _copy(
    connection: Connection, statement: str, types: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    import psycopg

    driver: Any = connection.connection.driver_connection
    note_statement()
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(
            statement,
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=driver.closed,
            dialect=connection.dialect,
        ) from error


def _update(
    session: WorkSession, model: type[Model], keys: Sequence[str], cells: Cells, *, in_scope: bool
) -> int:
    connection, table = session.connection(), _table(model)
    stored = _named_as_stored(model, cells)
    matched = [model.__mapper__.column_attrs[key].columns[0].name for key in keys]
    by_row = connection.dialect.name == "sqlite" or len(cells[keys[0]]) <= _FEW
    if (
        by_row and in_scope
    ):  # a limited scope is a list of parameters, which one row after the other cannot carry
        way = _way_over(connection.dialect, model, tuple(matched), tuple(stored))
        bound = (write(stored[name]) for name, write in way.writers)
        return connection.exec_driver_sql(way.update, list(zip(*bound, strict=True))).rowcount
    fresh = _temporary(table, tuple(stored))
    fresh.create(connection, checkfirst=False)
    insert_cells(connection, fresh, stored)
    changed = connection.execute(_statement(session, model, matched, dict(fresh.c))).rowcount
    fresh.drop(connection, checkfirst=False)
    return changed


@cache
def _temporary(table: Table, columns: tuple[str, ...]) -> Table:
    """A table of some columns of another; one object per choice, for SQLAlchemy keeps what it compiled by object.

    It bears the other's name, so that a statement that a connection keeps prepared never meets other types.
    """
    parts = (Column(name, table.c[name].type) for name in columns)
    return Table(f"bulk_{table.name}", MetaData(), *parts, prefixes=["TEMPORARY"])


@lru_cache(maxsize=_WAYS)
def _way_over(
    dialect: Dialect, model: type[Model], matched: tuple[str, ...], columns: tuple[str, ...]
) -> _WayOver:
    """Found once, as ``_way_into`` is: to compile a statement and its parameters costs more than to run it."""
    table, quoted = _table(model), dialect.identifier_preparer
    mark = "?" if dialect.name == "sqlite" else "%s"
    changed = [name for name in columns if name not in matched]
    values = [f"{quoted.quote(name)} = {mark}" for name in changed]
    if issubclass(model, Versioned):
        values.append("version = version + 1")
    keys = " AND ".join(f"{quoted.quote(name)} = {mark}" for name in matched)
    return _WayOver(
        update=f"UPDATE {quoted.format_table(table)} SET {', '.join(values)} WHERE {keys}",  # noqa: S608 - our names
        writers=[(name, _writer(table.c[name].type, dialect)) for name in (*changed, *matched)],
    )


def _statement(
    session: WorkSession, model: type[Model], matched: Sequence[str], new: Mapping[str, Any]
) -> Update:
    """The update of rows that match by key and lie inside the scope; a version rises by one."""
    table = _table(model)
    values = {name: value for name, value in new.items() if name not in matched}
    if issubclass(model, Versioned):
        values["version"] = table.c.version + 1
    statement = update(table).where(*(table.c[name] == new[name] for name in matched)).values(values)
    inside = scope_criterion(table.c.jurisdiction_id, session.scope) if issubclass(model, Scoped) else None
    return statement if inside is None else statement.where(inside)


def _expire(session: WorkSession, model: type[Model]) -> None:
    """Forget the values of loaded objects, which the database knows better now."""
    for record in list(session.identity_map.values()):
        if isinstance(record, model):
            session.expire(record)


def _record(work: "Work", action: str, model: type[Model], cells: Cells) -> None:
    from msingi.audit.trail import Change

    fields = dict.fromkeys(name for name in cells if name != "id")
    places = cells.get("jurisdiction_id", repeat(None))
    changes = [Change(row_id, fields, place) for row_id, place in zip(cells["id"], places, strict=False)]
    work.platform.trail.changed_many(work, action, model.__tablename__, changes)
