"""The contracts of one plugin, also of one from elsewhere: what it adds to the modules that it requires."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    DefinitionNode,
    DocumentNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    TypeDefinitionNode,
    parse,
    print_ast,
)

from msingi.contracts.exports import as_json, event_schemas, permissions_listed, schema_text
from msingi.discovery import Discovery, discover
from msingi.errors import ConfigurationError
from msingi.module_order import CORE_PLUGINS, required
from msingi.platform import Platform, installed_plugins
from msingi.plugin import Plugin
from msingi.trial import small_profile


@dataclass(frozen=True, slots=True)
class PluginContracts:
    """The files of one plugin, and the schema that its own one adds to."""

    files: Mapping[str, str]
    ground: str


def plugin_contracts(name: str, plugins: Iterable[Plugin[Any]] | None = None) -> PluginContracts:
    """What one plugin publishes, beside the modules that it requires; ``plugins`` replaces those that are installed.

    Raises:
        ConfigurationError: there is no plugin of this name, it cannot be loaded, or one that it requires is missing.

    """
    found = discover() if plugins is None else Discovery(tuple(plugins))
    found.refuse_unloadable({name})
    installed = installed_plugins(found.plugins)
    own = sorted(installed.keys() - set(CORE_PLUGINS))
    if name not in own:
        raise ConfigurationError(
            "There is no plugin “{name}” here. Installed plugins: {known}.", name=name, known=", ".join(own)
        )
    beside = required(name, installed) - set(CORE_PLUGINS)
    others = [plugin for plugin in installed.values() if plugin.name != name]
    ground = schema_text(Platform(small_profile(modules=sorted(beside)), plugins=others))
    whole = Platform(small_profile(modules=sorted({*beside, name})), plugins=installed.values())
    return PluginContracts(_files(whole, installed[name], ground), ground)


def refuse_folder_of_others(name: str, folder: Path) -> None:
    """Refuse to write one plugin's contracts over those of others: its events and permissions would replace theirs.

    Raises:
        ConfigurationError: the folder holds the schema of something else.

    """
    if any(path.stem != name for path in folder.glob("*.graphql")):
        raise ConfigurationError(
            "The folder {folder} holds the contracts of others. Name one of its own with --folder.",
            folder=str(folder),
        )


def _files(platform: Platform, plugin: Plugin[Any], ground: str) -> Mapping[str, str]:
    prefix = f"{plugin.name}."
    permissions = {name: each for name, each in platform.permissions.items() if name.startswith(prefix)}
    events = {name: schema for name, schema in event_schemas(platform).items() if name.startswith(prefix)}
    return {
        f"{plugin.name}.graphql": added_schema(ground, schema_text(platform)),
        f"{plugin.name}.schema.json": as_json(plugin.settings_class.model_json_schema()),
        **{f"events/{name}.json": as_json(schema) for name, schema in events.items()},
        "permissions.md": permissions_listed(permissions),
    }


def added_schema(ground: str, whole: str) -> str:
    """The definitions of a schema that another one lacks; what grew is written as ``extend type``."""
    known = {_name(definition): definition for definition in parse(ground).definitions}
    added = [part for each in parse(whole).definitions for part in _added(each, known.get(_name(each)))]
    return print_ast(DocumentNode(definitions=tuple(added))) + "\n"


def _added(definition: DefinitionNode, before: DefinitionNode | None) -> Iterator[DefinitionNode]:
    if before is None:
        yield definition
    elif isinstance(definition, ObjectTypeDefinitionNode) and isinstance(before, ObjectTypeDefinitionNode):
        known = {field.name.value for field in before.fields or ()}
        fields = tuple(field for field in definition.fields or () if field.name.value not in known)
        if fields:
            yield ObjectTypeExtensionNode(name=definition.name, fields=fields)


def _name(definition: DefinitionNode) -> str:
    return definition.name.value if isinstance(definition, TypeDefinitionNode) else definition.kind
