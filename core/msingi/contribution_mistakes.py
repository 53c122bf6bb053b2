"""What a plugin may not contribute: told by plugin and name before anything is assembled from it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msingi.errors import ConfigurationError
from msingi.plugin import Event, Plugin
from msingi.sayings import Saying

_NAME: Final = re.compile("[a-z][a-z0-9_]*")


def refuse_mistakes(plugins: Iterable[Plugin[Any]]) -> None:
    """Stop the start at what would silently hide something else, or mean nothing.

    Raises:
        ConfigurationError: a name that prefixes nothing, a permission without a sentence, a reaction to what is no
            event, or two permissions, jobs or doors of one name.

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
    declared = [
        *(permission.name for permission in parts.permissions),
        *(job.name for job in parts.jobs),
        *(f"{route.method} {route.path}" for route in parts.routes),
    ]
    for name, times in Counter(declared).items():
        if times > 1:
            text = (
                "{plugin}: {name} is declared twice: the second would hide the first. Name one of them anew."
            )
            yield Saying(text, told | {"name": name})
