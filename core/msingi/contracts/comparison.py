"""What changed between the published contracts and the code: breaking changes first, then stale files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from graphql import (
    ConstDirectiveNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    StringValueNode,
    build_schema,
)
from graphql.utilities import BreakingChangeType
from graphql.utilities.find_schema_changes import find_schema_changes

FULL = "full.graphql"


def compare_contracts(
    files: Mapping[str, str], folder: Path, *, ground: str = "", remedy: str = "msingi schema export"
) -> list[str]:
    """What is wrong with the exported files, as lines for people; empty when they are up to date.

    ``ground`` is the schema that those of the files add to, ``remedy`` the command that writes them.
    """
    exported = _read(folder)
    return [*_breaking(exported, files, ground), *_stale(exported, files, folder, remedy)]


def breaking_changes(before: str, after: str) -> list[str]:
    """Changes from one schema definition to another that may break a caller, permissions included."""
    old, new = build_schema(before), build_schema(after)
    broken = [
        change.description
        for change in find_schema_changes(old, new)
        if isinstance(change.type, BreakingChangeType)
    ]
    return [*broken, *_changed_permissions(old, new)]


def _breaking(exported: Mapping[str, str], files: Mapping[str, str], ground: str) -> Iterator[str]:
    """Those of the full schema, then those that only a country's profile has."""
    told: set[str] = set()
    changed = (name for name in exported if name.endswith(".graphql") and exported[name] != files.get(name))
    for name in sorted(changed, key=_full_first):
        for change in _changes(exported[name], files[name], ground) if name in files else ():
            if change not in told:
                told.add(change)
                yield f"breaking change in {name}: {change}"


def _changes(before: str, after: str, ground: str) -> list[str]:
    """Breaking changes; what was exported may no longer fit what it adds to."""
    try:
        return breaking_changes(ground + before, ground + after)
    except (GraphQLError, TypeError) as error:
        return [f"what was exported does not fit the required modules any more: {error}"]


def _full_first(name: str) -> tuple[bool, str]:
    return (name != FULL, name)


def _stale(exported: Mapping[str, str], files: Mapping[str, str], folder: Path, remedy: str) -> Iterator[str]:
    for name in sorted(files.keys() | exported.keys()):
        if name not in files:
            yield f"{folder / name} describes nothing that exists; run `{remedy}`."
        elif name not in exported:
            yield f"{folder / name} is missing; run `{remedy}`."
        elif exported[name] != files[name]:
            yield f"{folder / name} is stale; run `{remedy}`."


def _read(folder: Path) -> dict[str, str]:
    paths = [*folder.glob("*.graphql"), *folder.glob("*.schema.json"), *folder.glob("events/*.json")]
    paths += folder.glob("permissions.md")
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def _changed_permissions(old: GraphQLSchema, new: GraphQLSchema) -> list[str]:
    before, after = _permissions(old), _permissions(new)
    return [
        f"{field} needs the permission {after[field]}; it was {before[field]}."
        for field in sorted(before.keys() & after.keys())
        if before[field] != after[field]
    ]


def _permissions(schema: GraphQLSchema) -> dict[str, str]:
    return {
        f"{kind.name}.{name}": permission
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if (permission := _permission(field)) is not None
    }


def _permission(field: GraphQLField) -> str | None:
    directives: tuple[ConstDirectiveNode, ...] = (field.ast_node and field.ast_node.directives) or ()
    for directive in directives:
        if directive.name.value == "allow":
            values = [argument.value for argument in directive.arguments or ()]
            return next((value.value for value in values if isinstance(value, StringValueNode)), None)
    return None
