"""Which of the installed plugins a country file enables, and in which order they start."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, TypeAlias

from msingi.errors import ConfigurationError
from msingi.plugin import Plugin

CORE_PLUGINS: Final = ("core", "rbac", "auth", "audit")
"""Enabled everywhere, and started first."""
Plugins: TypeAlias = Mapping[str, Plugin[Any]]
"""Plugins by name."""


def in_order(installed: Plugins, modules: Sequence[str]) -> tuple[Plugin[Any], ...]:
    """The plugins that these modules enable, each after those that it requires; glue joins where all it joins is there.

    Raises:
        ConfigurationError: modules that are not installed, requirements that are not enabled, or a circle of them.

    """
    return _ordered(_enabled(installed, modules))


def required(name: str, installed: Plugins) -> set[str]:
    """The plugins that a plugin requires, at any depth; those that are not installed end the way."""
    found: set[str] = set()
    asked = [name]
    while asked:
        plugin = installed.get(asked.pop())
        fresh = set(plugin.requires) - found if plugin else set()
        found |= fresh
        asked += fresh
    return found


def _enabled(installed: Plugins, modules: Sequence[str]) -> Plugins:
    unknown = [name for name in modules if name not in installed]
    if unknown:
        known = ", ".join(sorted(set(installed) - set(CORE_PLUGINS))) or "none"
        raise ConfigurationError(
            "modules: not installed: {names}. Installed modules: {known}.",
            names=_quoted(unknown),
            known=known,
        )
    names = {*CORE_PLUGINS, *modules}
    names |= {plugin.name for plugin in installed.values() if plugin.glue and set(plugin.requires) <= names}
    for name in modules:
        _refuse_missing(name, required(name, installed) - names)
    return {name: plugin for name, plugin in installed.items() if name in names}


def _refuse_missing(name: str, missing: set[str]) -> None:
    if len(missing) == 1:
        raise ConfigurationError(
            "modules: “{name}” requires “{requirement}”, which is not enabled. "
            "Add “{requirement}” to modules or remove “{name}”.",
            name=name,
            requirement=next(iter(missing)),
        )
    if missing:
        raise ConfigurationError(
            "modules: “{name}” requires {requirements}, which are not enabled. "
            "Add them to modules or remove “{name}”.",
            name=name,
            requirements=_quoted(sorted(missing)),
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _ordered(enabled: Plugins) -> tuple[Plugin[Any], ...]:
    graph: dict[str, set[str]] = {}
    for plugin in enabled.values():
        implied = set() if plugin.name in CORE_PLUGINS else set(CORE_PLUGINS)
        graph[plugin.name] = set(plugin.requires) | implied
    try:
        return tuple(enabled[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ConfigurationError(
            "modules: these require each other in a circle: {circle}.", circle=" -> ".join(error.args[1])
        ) from None
