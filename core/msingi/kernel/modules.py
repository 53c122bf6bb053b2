"""What the platform says about its modules."""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from msingi.i18n import FALLBACK, Texts

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


def describe_modules(platform: "Platform", language: str = FALLBACK) -> list[ModuleInfo]:
    """Every installed module, the enabled ones first in their order of start, with its title in a language."""
    enabled = [plugin.name for plugin in platform.plugins]
    idle = sorted(set(platform.installed) - set(enabled))
    others = _texts_of_others(platform, idle)
    return [
        _describe(
            platform.installed[name],
            enabled=texts is platform.texts,
            say=partial(texts.get, language=language),
        )
        for names, texts in ((enabled, platform.texts), (idle, others))
        for name in names
    ]


def _texts_of_others(platform: "Platform", idle: Iterable[str]) -> Texts:
    """The texts of modules that are not enabled, which the platform does not need otherwise; read once."""
    from msingi.platform import folder_of

    folders = tuple(folder_of(platform.installed[name]) / "locale" for name in idle)
    return _read(folders, tuple(platform.profile.languages))


@lru_cache(maxsize=4)
def _read(folders: tuple[Path, ...], languages: tuple[str, ...]) -> Texts:
    return Texts(folders, languages)


def _describe(plugin: "Plugin[Any]", *, enabled: bool, say: Callable[[str], str]) -> ModuleInfo:
    from importlib import import_module

    from msingi.platform import package_of

    module = import_module(package_of(plugin) or plugin.module)
    said = (getdoc(module) or plugin.name).partition("\n")[0]
    return ModuleInfo(
        name=plugin.name,
        title=f"{say(said.partition(';')[0].rstrip('.'))}.",
        enabled=enabled,
        requires=list(plugin.requires),
        version=_version(plugin),
    )


def _version(plugin: "Plugin[Any]") -> str:
    """The version of the distribution whose entry point names the plugin; of the platform for its own."""
    from importlib.metadata import entry_points, version

    from msingi.discovery import GROUP
    from msingi.module_order import CORE_PLUGINS

    if plugin.name in CORE_PLUGINS:
        return version("msingi")
    carriers = [entry.dist for entry in entry_points(group=GROUP) if entry.module == plugin.module]
    return carriers[0].version if carriers and carriers[0] else ""
