"""Uninstall: what a plugin that is switched off still holds in the database, and its removal on purpose."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, inspect, select

from msingi.errors import ConfigurationError
from msingi.migrate import downgrade, lift_limit, revision_of
from msingi.module_order import required
from msingi.platform import load_parts, models_of
from msingi.plugin import Plugin

if TYPE_CHECKING:
    from msingi.platform import Platform


@dataclass(frozen=True, slots=True)
class Holding:
    """What goes with a plugin: its tables and all their rows."""

    plugin: Plugin[Any]
    tables: int
    rows: int


def holding_of(platform: "Platform", name: str) -> Holding:
    """What a plugin holds in this database that may be removed.

    Raises:
        ConfigurationError: it is not installed, cannot be loaded, is switched on, holds nothing, or another one that
            requires it still holds tables.

    """
    plugin = _removable(platform, name)
    load_parts(plugin, ("models",))
    with platform.database.read.connect() as connection:
        lift_limit(connection)
        present = set(inspect(connection).get_table_names())
        tables = [model.__table__ for model in models_of(plugin) if model.__tablename__ in present]
        rows = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    return Holding(plugin, len(tables), rows)


def uninstall(platform: "Platform", holding: Holding) -> None:
    """Remove the tables; the audit trail is told before, and keeps its lines about them."""
    counts = {"tables": holding.tables, "rows": holding.rows}
    with platform.work() as work:
        work.audit("core.uninstall", entity=holding.plugin.name, details=counts)
    downgrade(platform, holding.plugin)


def _removable(platform: "Platform", name: str) -> Plugin[Any]:
    for one in platform.unloadable:
        if one.name == name:
            raise one.refusal() from one.error
    plugin = platform.installed.get(name)
    if plugin is None:
        raise ConfigurationError(
            "No plugin is called “{name}”. Installed: {names}.",
            name=name,
            names=", ".join(sorted(platform.installed)),
        )
    if plugin in platform.plugins:
        raise ConfigurationError(
            "“{name}” is switched on: its tables are in use. Take it out of `modules` and restart first.",
            name=name,
        )
    _refuse_without(platform, plugin)
    return plugin


def _refuse_without(platform: "Platform", plugin: Plugin[Any]) -> None:
    """Refuse when there is nothing to remove, or when tables of another plugin may refer to what there is."""
    if revision_of(platform, plugin) is None:
        raise ConfigurationError("“{name}” has no tables in this database.", name=plugin.name)
    above = [
        other.name
        for other in platform.installed.values()
        if plugin.name in required(other.name, platform.installed)
        and revision_of(platform, other) is not None
    ]
    if above:
        raise ConfigurationError(
            "“{name}” is required by plugins that still have tables here. Uninstall these first: {names}.",
            name=plugin.name,
            names=", ".join(sorted(above)),
        )
