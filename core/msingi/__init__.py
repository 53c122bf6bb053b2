"""The public face of the platform: everything a plugin author imports."""

from msingi.db import Model, Scoped, Versioned
from msingi.errors import DomainError
from msingi.money import Money
from msingi.plugin import PUBLIC, SIGNED_IN, Event, Permission, Plugin, PluginSettings, hookspec
from msingi.work import Work

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "DomainError",
    "Event",
    "Model",
    "Money",
    "Permission",
    "Plugin",
    "PluginSettings",
    "Scoped",
    "Versioned",
    "Work",
    "hookspec",
]
