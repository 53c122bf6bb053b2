"""Names of new plugins and modules: usable as names of packages, tables and commands, and nobody else's."""

import keyword
import re
from importlib.metadata import entry_points, packages_distributions
from importlib.util import find_spec
from typing import Final

from msingi.errors import ConfigurationError

LONGEST_NAME: Final = 20
"""Characters of a name: constraint names, which carry it, must fit into the 63 of PostgreSQL."""
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def refuse_unusable(name: str) -> None:
    """Refuse a name that cannot be one, or that somebody bears.

    Raises:
        ConfigurationError: it is badly written, too long, a word of Python, or taken by the core, a plugin or a package.

    """
    _refuse_unwritable(name)
    _refuse_taken(name)


def _refuse_unwritable(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            "“{name}” cannot be the name of a plugin: use small letters, digits and single underscores, "
            "and begin with a letter.",
            name=name,
        )
    if len(name) > LONGEST_NAME:
        raise ConfigurationError(
            "“{name}” is too long for a plugin: at most {most} characters.", name=name, most=LONGEST_NAME
        )
    if keyword.iskeyword(name):
        raise ConfigurationError(
            "“{name}” is a word of Python. Choose another name, such as “{other}”.",
            name=name,
            other=_other(name),
        )


def _refuse_taken(name: str) -> None:
    from msingi.cli.entry import COMMANDS
    from msingi.discovery import GROUP
    from msingi.module_order import CORE_PLUGINS

    if name in {*CORE_PLUGINS, *COMMANDS} or find_spec(f"msingi.{name}") is not None:
        raise ConfigurationError(
            "The core uses the name “{name}” itself. Choose another one, such as “{other}”.",
            name=name,
            other=_other(name),
        )
    if name in entry_points(group=GROUP).names:
        raise ConfigurationError(
            "A plugin called “{name}” is installed already. Choose another name, such as “{other}”; "
            "to add to that plugin, let yours require it.",
            name=name,
            other=_other(name),
        )
    package = f"msingi_{name}"
    if package in packages_distributions() or find_spec(package) is not None:
        raise ConfigurationError(
            "A package called “{package}” is installed already. Choose another name, such as “{other}”.",
            package=package,
            other=_other(name),
        )


def _other(name: str) -> str:
    return f"my_{name}"[:LONGEST_NAME].rstrip("_")
