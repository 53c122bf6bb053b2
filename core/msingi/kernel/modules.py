"""What the platform says about its modules."""

from inspect import getdoc
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.plugin import Plugin


class ModuleInfo(BaseModel):
    """One installed module or plugin."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name in settings.")
    title: str = Field(description="What it is for.")
    enabled: bool = Field(description="Whether this installation uses it.")
    requires: list[str] = Field(description="Modules that it needs.")
    version: str = Field(description="Version of the package that carries it.")


def describe_modules(platform: "Platform") -> list[ModuleInfo]:
    """Every installed module, the enabled ones first in their order of start."""
    enabled = [plugin.name for plugin in platform.plugins]
    names = [*enabled, *sorted(set(platform.installed) - set(enabled))]
    return [_describe(platform.installed[name], enabled=name in enabled) for name in names]


def _describe(plugin: "Plugin[Any]", *, enabled: bool) -> ModuleInfo:
    from importlib import import_module

    from msingi.platform import package_of

    module = import_module(package_of(plugin) or plugin.module)
    said = (getdoc(module) or plugin.name).partition("\n")[0]
    title = f"{said.partition(';')[0].rstrip('.')}."
    return ModuleInfo(
        name=plugin.name,
        title=title,
        enabled=enabled,
        requires=list(plugin.requires),
        version=_version(plugin),
    )


def _version(plugin: "Plugin[Any]") -> str:
    """The version of the distribution whose entry point names the plugin; of the platform for its own."""
    from importlib.metadata import entry_points, version

    from msingi.platform import CORE_PLUGINS, GROUP

    if plugin.name in CORE_PLUGINS:
        return version("msingi")
    carriers = [entry.dist for entry in entry_points(group=GROUP) if entry.module == plugin.module]
    return carriers[0].version if carriers and carriers[0] else ""
