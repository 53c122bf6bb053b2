"""Migrations: one Alembic history and one version table per plugin, run in plugin order in one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, MetaData, TypeDecorator, inspect, text
from sqlalchemy.exc import DBAPIError

from msingi.append_only import protect
from msingi.db import NAMING, Model
from msingi.errors import ConfigurationError
from msingi.jobs.schema import ensure_schema
from msingi.kernel.installation import VERSION_TABLE
from msingi.misfit import misfit
from msingi.platform import Platform, folder_of, models_of
from msingi.plugin import Plugin
from msingi.scaffold_revision import TEMPLATE, Revision, revision_text, unfilled_columns
from msingi.statement_limit import UNLIMITED
from msingi.types import Scaled

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from msingi.rbac.roles import RoleDifference

LOCK_NUMBER = 7_201_993_114


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """Where the tables of one plugin stand; ``behind`` counts the revisions still to run."""

    plugin: str
    current: str | None
    head: str | None
    behind: int


@dataclass(frozen=True, slots=True)
class Step:
    """One revision that was (or in a dry run would be) applied."""

    plugin: str
    revision: str
    description: str


def status(platform: Platform) -> list[PluginStatus]:
    """The state of each enabled plugin's tables."""
    with platform.database.read.connect() as connection:
        return [_status_of(plugin, connection) for plugin in platform.plugins]


def pending(platform: Platform) -> list[Step]:
    """The revisions that ``upgrade`` would run, in order."""
    with platform.database.read.connect() as connection:
        return [step for plugin in platform.plugins for step in _steps_of(plugin, connection)]


def role_changes(platform: Platform) -> "list[RoleDifference]":
    """What ``prepare`` would give each role and take from it; nothing before the first migration, when all is new."""
    from msingi.rbac.roles import role_differences

    if any(one.behind for one in status(platform) if one.plugin == "rbac"):
        return []
    with platform.work(writes=False) as work:
        return role_differences(work)


def upgrade(platform: Platform) -> list[Step]:
    """Bring every enabled plugin to its newest revision and return the steps.

    The whole run is one transaction on both engines: after a failure nothing has changed and a rerun works
    (F30). Two workers starting together take turns.

    Raises:
        ConfigurationError: the database was written by a newer release (F33), or a revision does not fit its data.

    """
    with platform.database.write.connect() as connection, connection.begin():
        _take_turn(connection)
        done: list[Step] = []
        for plugin in platform.plugins:
            steps = _steps_of(plugin, connection)
            if steps:
                _run(plugin, connection, steps)
            done.extend(steps)
        protect(connection, (model for plugin in platform.plugins for model in models_of(plugin)))
        ensure_schema(platform, connection)
        return done


def prepare(platform: Platform) -> list[Step]:
    """Migrate, then write down the kind of installation and bring the roles up to date; safe to repeat.

    Raises:
        ConfigurationError: the database is newer than this release, or a demonstration would meet real data.

    """
    from msingi.kernel.installation import mark, refuse_mixing
    from msingi.rbac.roles import sync_roles

    refuse_mixing(platform)
    steps = upgrade(platform)
    mark(platform)
    with platform.work() as work:
        sync_roles(work)
    return steps


def downgrade(platform: Platform, plugin: Plugin[Any]) -> None:
    """Remove the tables of one plugin and their data: the first half of uninstalling it."""
    with platform.database.write.connect() as connection, connection.begin():
        _take_turn(connection)
        with _context(plugin, connection, "base") as context:
            context.run_migrations()


def revision_of(platform: Platform, plugin: Plugin[Any]) -> str | None:
    """The revision at which the tables of a plugin are; None when it has none here."""
    with platform.database.read.connect() as connection:
        return _current(plugin, connection)


def differences(platform: Platform, plugin: Plugin[Any]) -> list[Any]:
    """What the models of a plugin say that its migrated tables do not; empty when they agree."""
    from alembic.autogenerate import compare_metadata

    with platform.database.read.connect() as connection, _context(plugin, connection, "head") as context:
        return list(compare_metadata(context, _tables_of(platform)))


def write_revision(platform: Platform, plugin: Plugin[Any], message: str) -> Revision | None:
    """Write the next revision of a plugin from the difference between models and database.

    Returns what was written, or None when there is nothing to migrate.
    """
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.operations.ops import MigrationScript

    with platform.database.read.connect() as connection, _context(plugin, connection, "head") as context:
        script: MigrationScript = produce_migrations(context, _tables_of(platform))
        if script.upgrade_ops is None or script.downgrade_ops is None or script.upgrade_ops.is_empty():
            return None
        unfilled = unfilled_columns(script.upgrade_ops)
        upgrades, downgrades = (
            _without_remarks(render_python_code(operations, render_item=_render_item, render_as_batch=True))
            for operations in (script.upgrade_ops, script.downgrade_ops)
        )
    directory = scripts_of(plugin)
    head = directory.get_current_head()
    number = f"{int(head) + 1 if head else 1:04d}"
    folder = folder_of(plugin) / "migrations"
    folder.mkdir(exist_ok=True)
    path = folder / f"{number}_{'_'.join(message.lower().split())}.py"
    text_of_file = revision_text(
        message=message, number=number, previous=head, upgrades=upgrades, downgrades=downgrades
    )
    path.write_text(text_of_file, encoding="utf-8")
    return Revision(path, unfilled)


def lift_limit(connection: Connection) -> None:
    """Let the statements of this transaction take as long as they need: tables may be large."""
    connection.execution_options(**{UNLIMITED: True})
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def scripts_of(plugin: Plugin[Any]) -> "ScriptDirectory":
    """The revisions of one plugin."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(TEMPLATE.parent), version_locations=[str(folder_of(plugin) / "migrations")])


def _run(plugin: Plugin[Any], connection: Connection, steps: Sequence[Step]) -> None:
    applied: list[object] = []
    notes = [lambda **step: applied.append(step)]
    with _context(plugin, connection, "head", on_version_apply=notes) as context:
        try:
            context.run_migrations()
        except DBAPIError as error:
            told = misfit(error, plugin=plugin.name, revision=steps[len(applied)].revision)
            if told is None:
                raise
            raise told from error


def _status_of(plugin: Plugin[Any], connection: Connection) -> PluginStatus:
    current = _current(plugin, connection)
    if current is not None and current == _newest(plugin):
        return PluginStatus(plugin.name, current, current, 0)
    return PluginStatus(
        plugin.name,
        current,
        scripts_of(plugin).get_current_head() if _has_migrations(plugin) else None,
        len(_steps_of(plugin, connection)),
    )


def _steps_of(plugin: Plugin[Any], connection: Connection) -> list[Step]:
    if not _has_migrations(plugin):
        return []
    scripts = scripts_of(plugin)
    current = _current(plugin, connection)
    known = {revision.revision for revision in scripts.walk_revisions()}
    if current is not None and current not in known:
        raise ConfigurationError(
            "The tables of “{plugin}” are at revision {revision}, which this release does not know. "
            "Install the newer release again; the data were not touched.",
            plugin=plugin.name,
            revision=current,
        )
    revisions = reversed(list(scripts.iterate_revisions("head", current)))
    return [Step(plugin.name, revision.revision, revision.doc or "") for revision in revisions]


def _tables_of(platform: Platform) -> MetaData:
    """The tables of these plugins alone: those of others are known as well, and theirs may refer to unknown ones."""
    tables = MetaData(naming_convention=NAMING)
    for plugin in platform.plugins:
        for model in models_of(plugin):
            Model.metadata.tables[model.__tablename__].to_metadata(tables)
    return tables


def _has_migrations(plugin: Plugin[Any]) -> bool:
    return any((folder_of(plugin) / "migrations").glob("[0-9]*.py"))


def _newest(plugin: Plugin[Any]) -> str | None:
    """The newest revision by the number of its file: what stands there needs no look into the scripts by Alembic."""
    files = (folder_of(plugin) / "migrations").glob("[0-9]*.py")
    return max((path.name.partition("_")[0] for path in files), default=None)


def _current(plugin: Plugin[Any], connection: Connection) -> str | None:
    table = _version_table(plugin)
    if not inspect(connection).has_table(table):
        return None
    current: str | None = connection.scalar(text(f"SELECT version_num FROM {table}"))  # noqa: S608 - a name of our own
    return current


def _version_table(plugin: Plugin[Any]) -> str:
    return f"{VERSION_TABLE}{plugin.name}"


@contextmanager
def _context(
    plugin: Plugin[Any], connection: Connection, target: str, **more: object
) -> "Iterator[MigrationContext]":
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    scripts = scripts_of(plugin)

    def revisions(current: Any, _context: MigrationContext) -> Sequence[Any]:
        if target == "base":
            return scripts._downgrade_revs("base", current)  # noqa: SLF001 - what Alembic's own commands call
        return scripts._upgrade_revs(target, current)  # noqa: SLF001

    tables = {model.__tablename__ for model in models_of(plugin)}
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": _version_table(plugin),
            "fn": revisions,
            "script": scripts,
            "target_metadata": Model.metadata,
            "compare_type": False,
            "include_name": lambda name, kind, _parents: kind != "table" or name in tables,
            "include_object": lambda _item, name, kind, _reflected, _other: kind != "table" or name in tables,
            "render_as_batch": True,
            **more,
        },
    )
    with Operations.context(context):
        yield context


def _render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    if kind == "type" and type(item).__module__ == "msingi.types":
        return (
            f"msingi.types.{item!r}" if isinstance(item, Scaled) else f"msingi.types.{type(item).__name__}()"
        )
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"  # a migration outlives the plugin's own type
    return False


def _without_remarks(code: str) -> str:
    return "\n".join(line for line in code.splitlines() if not line.strip().startswith("#")).strip()


def _take_turn(connection: Connection) -> None:
    lift_limit(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
