"""The public face of the platform: everything a plugin author imports, loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msingi.db import Model, Scoped, Versioned
    from msingi.errors import DomainError
    from msingi.http.rest import FileReply, RestRequest
    from msingi.jobs.progress import Progress
    from msingi.money import Money
    from msingi.plugin import PUBLIC, SIGNED_IN, Event, Permission, Plugin, PluginSettings, hookspec
    from msingi.work import Work

_HOMES = {
    "PUBLIC": "plugin",
    "SIGNED_IN": "plugin",
    "DomainError": "errors",
    "Event": "plugin",
    "FileReply": "http.rest",
    "Model": "db",
    "Money": "money",
    "Permission": "plugin",
    "Plugin": "plugin",
    "PluginSettings": "plugin",
    "Progress": "jobs.progress",
    "RestRequest": "http.rest",
    "Scoped": "db",
    "Versioned": "db",
    "Work": "work",
    "hookspec": "plugin",
}

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "DomainError",
    "Event",
    "FileReply",
    "Model",
    "Money",
    "Permission",
    "Plugin",
    "PluginSettings",
    "Progress",
    "RestRequest",
    "Scoped",
    "Versioned",
    "Work",
    "hookspec",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'msingi' has no attribute {name!r}")
    return getattr(import_module(f"msingi.{_HOMES[name]}"), name)
