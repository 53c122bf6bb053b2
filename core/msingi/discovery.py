"""Which plugins are installed: those that entry points announce, and those among them that cannot be loaded."""

import traceback
from collections.abc import Container
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePath
from typing import Any, Final

from msingi.errors import ConfigurationError
from msingi.plugin import Plugin
from msingi.sayings import Saying

GROUP: Final = "msingi.plugins"


@dataclass(frozen=True, slots=True)
class Unloadable:
    """An installed plugin whose code cannot be imported; ``home`` is its package, ``origin`` who brought it."""

    name: str
    home: str
    origin: str
    error: Exception

    def refusal(self) -> ConfigurationError:
        """Why an installation that has switched it on must not start."""
        return ConfigurationError(
            "modules: “{name}” ({origin}) cannot be loaded: {reason}. Correct or update it, or take it out of `modules`.",
            **self._values(),
        )

    def remark(self) -> Saying:
        """What an installation that goes without it is told."""
        return Saying(
            "modules: “{name}” ({origin}) is installed and not switched on; it cannot be loaded: {reason}.",
            self._values(),
        )

    def _values(self) -> dict[str, object]:
        return {"name": self.name, "origin": self.origin, "reason": self._reason()}

    def _reason(self) -> str:
        """Kind, first line and place of the error: the last of the plugin's own lines that was being imported."""
        text = str(self.error).partition("\n")[0]
        said = f"{type(self.error).__name__}: {text}".removesuffix(": ")
        frames = traceback.extract_tb(self.error.__traceback__)
        own = [frame for frame in frames if self.home in PurePath(frame.filename).with_suffix("").parts]
        return f"{said} ({PurePath(own[-1].filename).name}:{own[-1].lineno})" if own else said


@dataclass(frozen=True, slots=True)
class Discovery:
    """The plugins that were found, and those that cannot be loaded."""

    plugins: tuple[Plugin[Any], ...]
    unloadable: tuple[Unloadable, ...] = ()

    def refuse_unloadable(self, needed: Container[str]) -> None:
        """Refuse to go without a plugin that is needed; the others may be as they are.

        Raises:
            ConfigurationError: a plugin of one of these names cannot be loaded; the error of its code is the cause.

        """
        for one in self.unloadable:
            if one.name in needed:
                raise one.refusal() from one.error


def discover() -> Discovery:
    """Import what the installed distributions announce; code that fails costs its own plugin only."""
    loaded = [_load(entry) for entry in entry_points(group=GROUP)]
    return Discovery(
        tuple(one for one in loaded if isinstance(one, Plugin)),
        tuple(one for one in loaded if isinstance(one, Unloadable)),
    )


def unloadable_part(plugin: Plugin[Any], error: Exception) -> Unloadable:
    """The plugin whose further files cannot be imported."""
    carriers = [entry for entry in entry_points(group=GROUP) if entry.module == plugin.module]
    origin = _origin(carriers[0]) if carriers else plugin.module
    return Unloadable(plugin.name, plugin.module.partition(".")[0], origin, error)


def _load(entry: EntryPoint) -> Plugin[Any] | Unloadable:
    try:
        found = entry.load()
        if isinstance(found, Plugin):
            return found
        raise TypeError(f"{entry.value} is not a Plugin")  # noqa: TRY301 - told like every other fault of foreign code
    except Exception as error:  # noqa: BLE001 - the edge to code of others: it may fail in any way
        return Unloadable(entry.name, entry.module.partition(".")[0], _origin(entry), error)


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.module
