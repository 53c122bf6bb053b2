"""The page about settings, written from their published JSON Schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from msingi.cli.speech import Speech
from msingi.contracts.exports import settings_schema
from msingi.contracts.markdown import table
from msingi.platform import Platform

INTRO = """# Settings

A country's profile is one TOML file over `settings/base.toml`. Each setting may also come from the environment
(`{variable}`) or from a secret file (`section__name` in the folder that `{secrets}` names).
An unknown name or a wrong value stops the start and names the path. `settings.schema.json` in `schema/` gives
editors completion.

"""


def settings_page(platform: Platform, say: Speech) -> str:
    """Every setting with its dotted path, form, default and meaning, in the words of ``say``."""
    titles = [say(title) for title in ("Setting", "Form", "Default", "Meaning")]
    rows = [
        (f"`{path}`", _form(field, say), _default(field), say(field["description"]))
        for path, field in settings_of(platform)
    ]
    intro = say(INTRO, variable="MSINGI__SECTION__NAME", secrets="MSINGI_SECRETS_DIR")
    return intro + table(titles, rows)


def settings_of(platform: Platform) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Dotted path and JSON Schema of each single setting."""
    schema = settings_schema(platform)
    return _leaves(schema, schema["$defs"], "")


def _leaves(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, field in schema.get("properties", {}).items():
        found = _resolved(field, definitions)
        if "properties" in found:
            yield from _leaves(found, definitions, f"{prefix}{name}.")
            continue
        yield f"{prefix}{name}", found
        item = _resolved(found.get("items", {}), definitions)
        if "properties" in item:
            yield from _leaves(item, definitions, f"{prefix}{name}[].")


def _resolved(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = field.get("$ref")
    if reference is None:
        return field
    target: Mapping[str, Any] = definitions[reference.rpartition("/")[2]]
    return {**target, **{key: value for key, value in field.items() if key != "$ref"}}


def _form(field: Mapping[str, Any], say: Speech) -> str:
    if "enum" in field:
        return say("one of {values}", values=", ".join(f"`{value}`" for value in field["enum"]))
    if "anyOf" in field:
        return say(" or ").join(_form(part, say) for part in field["anyOf"])
    kind = "secret" if field.get("format") == "password" else str(field.get("type", "value"))
    pattern = f"`{field['pattern']}`" if "pattern" in field else ""
    return " ".join(part for part in (say(kind), _bounds(field, say), pattern) if part)


def _bounds(field: Mapping[str, Any], say: Speech) -> str:
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return say("from {low} to {high}", low=low, high=high)
    if low is not None:
        return say("from {low}", low=low)
    return say("to {high}", high=high) if high is not None else ""


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field or field.get("format") == "password":
        return ""
    return f"`{json.dumps(field['default'], ensure_ascii=False)}`"
