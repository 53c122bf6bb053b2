"""Schemas, settings, events and permissions of what this distribution ships; no database is touched."""

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from msingi.contracts.markdown import table
from msingi.discovery import GROUP
from msingi.platform import Platform
from msingi.plugin import Permission, Plugin
from msingi.profile_files import profile_names
from msingi.profiles import Profile, load_profile

DISTRIBUTION = "msingi"
"""Contracts speak of the modules of this distribution only, whatever else is installed beside it."""
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PERMISSIONS = "# Permissions\n\nA role is a set of these. Reads under a sensitive one leave a line in the audit trail.\n\n"


def contracts() -> Mapping[str, str]:
    """Every published file, by its path below the ``schema`` folder."""
    full = full_platform()
    return {
        "full.graphql": schema_text(full),
        **{f"{name}.graphql": schema_text(profile_platform(name)) for name in profile_names()},
        "settings.schema.json": as_json(settings_schema(full)),
        **{f"{name}.schema.json": as_json(schema) for name, schema in document_schemas(full).items()},
        **{f"events/{name}.json": as_json(schema) for name, schema in event_schemas(full).items()},
        "permissions.md": permissions_page(full),
    }


def write_contracts(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the files below ``folder``, remove event schemas that exist no more, return the paths written."""
    for stale in (folder / "events").glob("*.json"):
        if f"events/{stale.name}" not in files:
            stale.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def full_platform() -> Platform:
    """A platform with every shipped module."""
    plugins = shipped_plugins()
    modules = sorted(plugin.name for plugin in plugins if not plugin.glue)
    first = next(iter(profile_names()))
    return Platform(load_profile(first, overrides={"modules": modules}, environment={}), plugins=plugins)


def profile_platform(name: str) -> Platform:
    """The platform of one shipped country profile, as its files say, whatever the environment says."""
    return Platform(load_profile(name, environment={}), plugins=shipped_plugins())


def shipped_plugins() -> list[Plugin[Any]]:
    """The modules of this distribution."""
    return [entry.load() for entry in entry_points(group=GROUP) if _distribution(entry) == DISTRIBUTION]


def schema_text(platform: Platform) -> str:
    """The schema definition of a platform, with the permission of each field."""
    return platform.graphql.schema.as_str().rstrip() + "\n"


def settings_schema(platform: Platform) -> dict[str, Any]:
    """The JSON Schema of a country profile with the settings of every module."""
    settings = {plugin.name: plugin.settings_class for plugin in platform.plugins}
    wanted: list[type[BaseModel]] = [Profile, *dict.fromkeys(settings.values())]
    references, definitions = models_json_schema([(model, "validation") for model in wanted])
    shared: dict[str, Any] = definitions["$defs"]
    profile = shared.pop(references[Profile, "validation"]["$ref"].rpartition("/")[2])
    profile["properties"]["plugins"] = {
        "type": "object",
        "description": profile["properties"]["plugins"]["description"],
        "properties": {name: references[model, "validation"] for name, model in sorted(settings.items())},
        "additionalProperties": False,
    }
    return {
        "$schema": _DRAFT,
        **profile,
        "$defs": dict(sorted(shared.items())),
    }


def event_schemas(platform: Platform) -> dict[str, dict[str, Any]]:
    """The JSON Schema of each event, by ``plugin.Event``."""
    return {
        f"{plugin.name}.{event.__name__}": event.model_json_schema()
        for plugin in platform.plugins
        for event in plugin.contributions.events
    }


def document_schemas(platform: Platform) -> dict[str, dict[str, Any]]:
    """The JSON Schema of each file that a module lets people write, by its name."""
    return {
        name: {"$schema": _DRAFT, **_model(home).model_json_schema()}
        for plugin in platform.plugins
        for name, home in sorted(plugin.contributions.documents.items())
    }


def as_json(value: object) -> str:
    """A contract as JSON, as it is published."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def permissions_page(platform: Platform, say: Callable[[str], str] = str) -> str:
    """Every permission with the sentence that an administrator reads, in the words of ``say``."""
    return permissions_listed(platform.permissions, say)


def permissions_listed(permissions: Mapping[str, Permission], say: Callable[[str], str] = str) -> str:
    """These permissions by name, as a page."""
    rows = [
        (f"`{name}`", say(permission.description), say("yes") if permission.sensitive else "")
        for name, permission in sorted(permissions.items())
    ]
    titles = [say(title) for title in ("Permission", "What it allows", "Sensitive")]
    return say(_PERMISSIONS) + table(titles, rows)


def _model(home: str) -> type[BaseModel]:
    module, _, name = home.partition(":")
    model: type[BaseModel] = getattr(import_module(module), name)
    return model


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else ""
