"""What a plugin may not contribute: told by plugin and name before anything is assembled from it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msingi.errors import ConfigurationError
from msingi.plugin import Contributions, Event, Plugin
from msingi.sayings import Saying

_NAME: Final = re.compile("[a-z][a-z0-9_]*")
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PLACE: Final = re.compile(r"\{[^}:]*")
"""How a door calls what its caller writes into the path: this tells no two doors apart."""


def refuse_mistakes(plugins: Iterable[Plugin[Any]]) -> None:
    """Stop the start at what would silently hide something else, or mean nothing.

    Raises:
        ConfigurationError: a name that prefixes nothing, a permission without a sentence, a reaction to what is no
            event, a door that nobody can reach, or two permissions, jobs, reactions after the commit, reports,
            answers or doors of one name.

    """
    for plugin in plugins:
        for mistake in _mistakes_of(plugin):
            raise ConfigurationError.of(mistake)


def _mistakes_of(plugin: Plugin[Any]) -> Iterator[Saying]:
    parts, told = plugin.contributions, {"plugin": plugin.name}
    if not _NAME.fullmatch(plugin.name):
        yield Saying("“{plugin}” is no name of a plugin: write small letters, digits and underscores.", told)
    for permission in parts.permissions:
        if not permission.description.strip():
            text = "{plugin}: the permission {name} has no sentence that says what it allows."
            yield Saying(text, told | {"name": permission.name})
    for handler in parts.handlers:
        if not (isinstance(handler.event, type) and issubclass(handler.event, Event)):
            yield Saying("{plugin}: {name} reacts to what is no Event.", told | {"name": handler.name})
    for door in _unreachable(parts):
        text = "{plugin}: nobody can reach the door {name}. Write one of {methods}, and a path that begins with /."
        yield Saying(text, told | {"name": door, "methods": ", ".join(_METHODS)})
    for name in _hiding(parts):
        yield declared_twice(plugin.name, name)


def declared_twice(plugin: str, name: str) -> Saying:
    """What is said of a name that hides another one of its kind."""
    text = "{plugin}: {name} is declared twice: the second would hide the first. Name one of them anew."
    return Saying(text, {"plugin": plugin, "name": name})


def _unreachable(parts: Contributions) -> Iterator[str]:
    for door in parts.routes:
        if door.method not in _METHODS or not door.path.startswith("/"):
            yield f"{door.method} {door.path}"


def _hiding(parts: Contributions) -> Iterator[str]:
    """The names that are declared twice for one kind of thing: what is found by its name is then found once."""
    named = (
        [(permission.name, permission.name) for permission in parts.permissions],
        [(job.name, job.name) for job in parts.jobs],
        [(handler.name, handler.name) for handler in parts.handlers if handler.after],
        [(report.name, report.name) for report in parts.reports],
        [(answer.__name__, answer.__name__) for answer in parts.answers],
        [
            (f"{door.method} {_PLACE.sub('{', door.path)}", f"{door.method} {door.path}")
            for door in parts.routes
        ],
    )
    for declared in named:
        times = Counter(key for key, _ in declared)
        yield from dict.fromkeys(name for key, name in declared if times[key] > 1)
