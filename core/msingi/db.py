"""Engine rules and base models: what every table and every session of the platform has in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, NoReturn, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import (
    CompoundSelect,
    Connection,
    Dialect,
    Engine,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    Row,
    Select,
    SelectBase,
    Table,
    TextClause,
    TextualSelect,
    UpdateBase,
    Uuid,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.orm import (
    DeclarativeBase,
    FromStatement,
    Mapped,
    ORMExecuteState,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.sql.selectable import SelectStatementGrouping
from sqlalchemy.sql.visitors import iterate

from msingi.actor import NOWHERE, Scope
from msingi.address import read_address
from msingi.ids import new_id, read_id
from msingi.keyring import Keyring
from msingi.pooled import keep_plans, replace_dead_connections
from msingi.private_file import keep_private
from msingi.scoping import SCOPE_ROOTS, below_roots, subtree_of
from msingi.session_end import EndedAtTheEdge
from msingi.statement_limit import limit_statements
from msingi.table_statistics import RENEWED_SECONDS
from msingi.turns import take_turn, wait_by_itself
from msingi.types import UtcDateTime, attach_keyring

_LOST_LINE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A line to the server that carries nothing any more is given up within a minute; an address may say otherwise."""
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITE = "msingi_write"
LONE = "msingi_lone"
LIMITED = "msingi_limited"
"""Execution option of a statement that holds the criterion of the scope itself."""
CHECKED = "msingi_checked"
"""Execution option of an insert whose places were checked against the scope."""
_Entity = TypeVar("_Entity")
_STATES = Enum(
    StrEnum, native_enum=False, length=32, values_callable=lambda states: [s.value for s in states]
)


class Model(DeclarativeBase):
    """The base of every table; its primary key is a UUIDv7 made in Python.

    ``__audited__ = False`` leaves a table out of the audit trail: only for tables that are themselves a log,
    a queue or an index that can be rebuilt. ``__append_only__ = True`` lets the database itself refuse to change
    or delete rows.
    """

    __abstract__ = True
    __audited__: ClassVar[bool] = True
    __append_only__: ClassVar[bool] = False
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), StrEnum: _STATES}

    id: Mapped[UUID] = mapped_column(
        primary_key=True, default=new_id, sort_order=-10, doc="Identifier (UUIDv7)."
    )


class Versioned:
    """Adds ``version``: an update of a stale copy is refused instead of lost."""

    version: Mapped[int] = mapped_column(
        Integer,
        default=1,
        sort_order=90,
        doc="Rises by one with each change; send it back as expectedVersion.",
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared attribute receives the class
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class Scoped:
    """Rows of one jurisdiction: visible and writable only from a grant on it or above it (X-02)."""

    jurisdiction_id: Mapped[UUID] = mapped_column(
        ForeignKey("rbac_jurisdiction.id"),
        index=True,
        sort_order=-5,
        doc="The jurisdiction this row belongs to.",
    )


class TextUuid(Uuid[UUID]):
    """Ids on an engine without a type for them: read in the form in which we write them."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None]:  # noqa: ARG002
        """Read many ids quickly."""
        return lambda text: None if text is None else read_id(text)


@dataclass(frozen=True, slots=True)
class Database:
    """One database behind three engines on one pool.

    ``read`` begins plainly, ``write`` takes the write lock first, ``lone`` begins nothing: it is for a single
    select, which is consistent by itself and costs no round trips around it.
    """

    url: URL
    read: Engine
    write: Engine
    lone: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the SQLite engine."""
        return self.url.get_backend_name() == "sqlite"

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.read.dispose()


def connect_database(
    url: str,
    keyring: Keyring,
    *,
    pool_size: int = 10,
    pool_timeout: float = 10.0,
    synchronous: str = "FULL",
    statement_seconds: int = 60,
) -> Database:
    """Open a database with the rules of its engine.

    ``synchronous`` is SQLite's durability: FULL survives a power cut, NORMAL may lose the last commits.
    ``statement_seconds`` ends a statement that runs longer (F39).

    Raises:
        ConfigurationError: this is not the address of a database; it is not told, for it may hold a password.

    """
    target = read_address(url)
    arguments: dict[str, Any] = {
        "pool_size": pool_size,
        "pool_timeout": pool_timeout,
        "max_overflow": 0,
        "hide_parameters": True,
        "json_serializer": _write_json,
        "json_deserializer": orjson.loads,
    }
    if target.get_backend_name() == "sqlite":
        shared = {"check_same_thread": False, "timeout": 30.0}
        arguments |= {"connect_args": shared, "pool_recycle": RENEWED_SECONDS}
    else:
        limits = f"-c lock_timeout=15000 -c statement_timeout={statement_seconds * 1000}"
        line = {name: value for name, value in _LOST_LINE.items() if name not in target.query}
        arguments["connect_args"] = {"options": f"-c timezone=UTC {limits}", **line}
    engine = create_engine(target, **arguments)
    if target.get_backend_name() == "sqlite":
        engine.dialect.colspecs = {**engine.dialect.colspecs, Uuid: TextUuid}
        keep_private(engine)
        _apply_sqlite_rules(engine, synchronous)
        limit_statements(engine, statement_seconds)
    else:
        replace_dead_connections(engine)
        keep_plans(engine, WRITE)
    attach_keyring(engine.dialect, keyring)
    lone: dict[str, Any] = (
        {LONE: True} if target.get_backend_name() == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
    )
    return Database(
        target, engine, engine.execution_options(**{WRITE: True}), engine.execution_options(**lone)
    )


def _write_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _apply_sqlite_rules(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        wait_by_itself(connection)
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "cache_size=-16384",
            "mmap_size=268435456",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(WRITE, False):
            take_turn(connection)
        elif not options.get(LONE, False):
            connection.exec_driver_sql("BEGIN")


class UnscopedStatement(Exception):
    """A statement would pass by the row rules: an error of the calling code, not of the user."""


class WorkSession(EndedAtTheEdge):
    """A session whose every statement obeys the current scope, also ``get`` by key (attacks 15, 16)."""

    @property
    def scope(self) -> Scope:
        """The rows that may be touched now."""
        scope: Scope = self.info.get("scope", NOWHERE)
        return scope

    def scope_roots(self) -> dict[str, list[UUID]]:
        """What a statement with the criterion of a scope is given; no roots open no row."""
        return {SCOPE_ROOTS: list(self.scope.roots)}

    def get(  # type: ignore[override]
        self,
        entity: type[_Entity],
        ident: Any,
        *,
        with_for_update: bool = False,
        populate_existing: bool = False,
        **others: Any,
    ) -> _Entity | None:
        """Load by key through the scope: the identity map alone would leak rows loaded under a wider one."""
        if not (isinstance(entity, type) and issubclass(entity, Scoped)):
            return super().get(
                entity,
                ident,
                with_for_update=with_for_update or None,
                populate_existing=populate_existing,
                **others,
            )
        given = {"key": ident[0] if isinstance(ident, tuple) else ident} | self.scope_roots()
        statement = _by_key(
            cast("type[Model]", entity), locked=with_for_update, everywhere=self.scope.everywhere
        )
        options = {"populate_existing": populate_existing, LIMITED: True}
        return self.execute(statement, given, execution_options=options).scalar_one_or_none()

    def rows(
        self,
        statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]],
        given: Mapping[str, Any] | None = None,
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """The rows of a select of columns, past the making of objects; what is pending is written first."""
        self.flush()
        if self.scope.everywhere:
            return self.connection().execute(statement, given).all()
        _refuse_unscoped_read(statement)
        limited = {**(given or {}), **self.scope_roots()}
        return self.connection().execute(statement.options(scope_limit()), limited).all()

    def bulk_save_objects(self, *_objects: object, **_options: object) -> NoReturn:
        """Refused: it passes by the scope and the audit trail."""
        raise UnscopedStatement("use work.add or work.insert_rows")

    def bulk_insert_mappings(self, *_mappings: object, **_options: object) -> NoReturn:
        """Refused: it passes by the scope and the audit trail."""
        raise UnscopedStatement("use work.insert_rows")

    def bulk_update_mappings(self, *_mappings: object, **_options: object) -> NoReturn:
        """Refused: it passes by the scope and the audit trail."""
        raise UnscopedStatement("use update(...).where(...)")


@event.listens_for(WorkSession, "do_orm_execute")
def _add_scope(state: ORMExecuteState) -> None:
    session = state.session
    if state.is_column_load or not isinstance(session, WorkSession) or session.scope.everywhere:
        return
    if state.execution_options.get(LIMITED):
        return
    _refuse_unscoped_read(state.statement)
    if isinstance(state.statement, UpdateBase) and _writes_scoped_rows(state.statement):
        _refuse_unscoped_write(state, state.statement)
    if state.is_select:
        state.statement = state.statement.options(scope_limit())
        state.parameters = {**(state.parameters or {}), **session.scope_roots()}  # type: ignore[dict-item]
    elif not state.is_insert:
        state.statement = state.statement.options(_limit_of(session.scope))


def _refuse_unscoped_read(statement: object) -> None:
    """Refuse text, and tables without their model: nothing would add the criterion of the scope to them."""
    if isinstance(statement, CompoundSelect):
        for part in statement.selects:
            _refuse_unscoped_read(part.element if isinstance(part, SelectStatementGrouping) else part)
    elif isinstance(statement, TextClause | TextualSelect | FromStatement):
        raise UnscopedStatement("ask with select(Model), not with text")
    elif isinstance(statement, SelectBase) and not _is_of_models(statement):
        _refuse_bare_tables(statement)


def _refuse_bare_tables(statement: SelectBase) -> None:
    for part in iterate(statement):
        if isinstance(part, TextClause) or (isinstance(part, Table) and _is_scoped(part.name)):
            raise UnscopedStatement("ask for scoped rows with select(Model), not by their table")


def _is_of_models(statement: SelectBase) -> bool:
    """Whether the mapper compiles a statement, and adds its criteria to every model in it."""
    return statement._propagate_attrs.get("compile_state_plugin") == "orm"  # noqa: SLF001 - as a session asks itself


def _writes_scoped_rows(statement: UpdateBase) -> bool:
    return _is_scoped(getattr(statement.table, "name", ""))


@cache
def _is_scoped(table: str) -> bool:
    """Whether the rows of a table have places; a table and its model come into being together."""
    models: Iterable[type[Model]] = (mapper.class_ for mapper in Model.registry.mappers)
    return any(model.__tablename__ == table and issubclass(model, Scoped) for model in models)


def _refuse_unscoped_write(state: ORMExecuteState, statement: UpdateBase) -> None:
    if state.execution_options.get(CHECKED):
        return
    if state.is_insert:
        raise UnscopedStatement("insert scoped rows with work.add or work.insert_rows")
    if not state.is_orm_statement or isinstance(state.parameters, list):
        raise UnscopedStatement("update and delete scoped rows with update(Model).where(...)")
    if state.is_update and "jurisdiction_id" in _assigned(statement, state.parameters):
        raise UnscopedStatement(
            "move scoped rows one by one, or below work.everywhere() after work.check_places"
        )


def _assigned(statement: Any, parameters: Any) -> set[str]:
    values = statement._values or {}  # noqa: SLF001 - SQLAlchemy offers no public reading
    return {getattr(column, "key", str(column)) for column in values} | set(parameters or ())


@cache
def scope_limit() -> ExecutableOption:
    """The criterion of a scope for every scoped model in a statement, whose roots are given with it; made once."""
    return with_loader_criteria(Scoped, lambda cls: below_roots(cls.jurisdiction_id), include_aliases=True)


def _limit_of(scope: Scope) -> ExecutableOption:
    """The same with the roots in it: what a change is given are its new values, which the audit trail tells."""
    subtree = subtree_of(scope.roots)
    return with_loader_criteria(Scoped, lambda cls: cls.jurisdiction_id.in_(subtree), include_aliases=True)


@cache
def _by_key(entity: type[Any], *, locked: bool, everywhere: bool) -> Select[Any]:
    """A select of one record by its ``key``, inside the scope unless that is everywhere."""
    statement = select(entity).where(entity.id == bindparam("key"))
    if not everywhere:
        statement = statement.where(below_roots(entity.jurisdiction_id))
    return statement.with_for_update() if locked else statement
