"""Hooks: the questions of all plugins and their answers, put together with messages that name plugin and hook."""

import inspect
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import pluggy

from msingi.errors import ConfigurationError
from msingi.plugin import Plugin


def assemble_hooks(plugins: Iterable[Plugin[Any]]) -> Any:
    """The caller of every hook, by name as attributes; the plugins answer in this order.

    Raises:
        ConfigurationError: a hook is asked by two plugins, an answer bears no hook's name or wants what none gives.

    """
    ordered = tuple(plugins)
    manager = pluggy.PluginManager("msingi")
    _add_questions(manager, ordered)
    for plugin in ordered:
        answers = ModuleType(plugin.name)
        for function in plugin.contributions.answers:
            _refuse_unfit(manager, plugin, function)
            vars(answers)[function.__name__] = function
        manager.register(answers, name=plugin.name)
    return manager.hook


def _add_questions(manager: pluggy.PluginManager, plugins: Iterable[Plugin[Any]]) -> None:
    owners: dict[str, str] = {}
    for plugin in plugins:
        for specification in plugin.contributions.hookspecs:
            names = [name for name in dir(specification) if manager.parse_hookspec_opts(specification, name)]
            _refuse_taken(names, owners, plugin)
            owners |= dict.fromkeys(names, plugin.name)
            if names:
                manager.add_hookspecs(specification)


def _refuse_taken(names: Iterable[str], owners: dict[str, str], plugin: Plugin[Any]) -> None:
    for name in names:
        if name in owners:
            raise ConfigurationError(
                "hooks: “{first}” and “{second}” both ask “{hook}”. Rename one: answers are found by the name.",
                first=owners[name],
                second=plugin.name,
                hook=name,
            )


def _refuse_unfit(manager: pluggy.PluginManager, plugin: Plugin[Any], function: Callable[..., Any]) -> None:
    hook = function.__name__
    question = getattr(manager.hook, hook, None)
    if question is None:
        raise ConfigurationError(
            "hooks: “{plugin}” answers “{hook}”, which no enabled plugin asks. Check the name.",
            plugin=plugin.name,
            hook=hook,
        )
    given = (*question.spec.argnames, *question.spec.kwargnames)
    strange = [name for name in _wanted(function) if name not in given]
    if strange:
        raise ConfigurationError(
            "hooks: the answer of “{plugin}” to “{hook}” wants {strange}; the question gives only: {given}.",
            plugin=plugin.name,
            hook=hook,
            strange=", ".join(strange),
            given=", ".join(given) or "-",
        )


def _wanted(function: Callable[..., Any]) -> list[str]:
    """The parameters without a default."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.default is one.empty]
