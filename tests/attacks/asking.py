"""What the matrix asks and how it reads the answers: ids for arguments, leaks in an answer, what must be equal."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from tests.attacks.schema_paths import Given, IdSlot, Path, Schema
from tests.attacks.tables_filled import MARKS, World

from msingi.actor import Actor, GrantSet
from msingi.db import Model

Answer = dict[str, Any]
_SAME_AS = {
    "subject": "user",
    "replacedby": "facility",
    "mother": "person",
    "entry": "entry",
    "version": "productversion",
}
_PLACES = {"jurisdictionId", "placeId", "parentId", "within"}


def values(arguments: Mapping[str, Given]) -> dict[str, Any]:
    """The variables of a document."""
    return {name: given.value for name, given in arguments.items()}


def model_for(world: World, schema: Schema, slot: IdSlot) -> type[Model] | None:
    """The model whose id an argument takes: what its root field answers with, or the one that its name names."""
    exposed = schema.exposed.get(str(schema.roots(slot.kind)[slot.root].type).strip("[]!"))
    wanted = slot.steps[-1].removesuffix("s").removesuffix("Id").lower()
    if wanted == "id":
        return _named_by(schema, slot.root) or (exposed.model if exposed else None)
    if exposed and exposed.model.__name__.lower().endswith(wanted):
        return exposed.model
    by_table = {model.__tablename__.partition("_")[2].replace("_", ""): model for model in world.models()}
    return by_table.get(_SAME_AS.get(wanted, wanted))


def _named_by(schema: Schema, root: str) -> type[Model] | None:
    """The exposed model whose name, the longest, stands in the name of a root field."""
    named = [one for one in schema.exposed.values() if one.name.lower() in root.lower()]
    return max(named, key=lambda one: len(one.name)).model if named else None


def ids_for(world: World, schema: Schema, kind: str, root: str, label: str) -> dict[str, str]:
    """An id for each id argument of a root field, from the rows with this label."""
    found: dict[str, str] = {}
    for slot in schema.id_slots_of(kind, root):
        model = model_for(world, schema, slot)
        if slot.steps[-1] in _PLACES and f"{label}_leaf" in world.places:
            found[slot.name] = str(world.places[f"{label}_leaf"])
        elif model is not None and (model.__tablename__, label) in world.rows:
            found[slot.name] = str(world.id_of(model, label))
    return found


def marks_of(region: str, world: World, answer: object) -> list[str]:
    """Where an answer shows something of a region: a text of its rows, or one of its records by its own id."""
    hidden = world.ids(region)
    return [
        where
        for where, value in _leaves(answer, "")
        if isinstance(value, str)
        and (MARKS[region] in value.lower() or (where.endswith(".id") and value in hidden))
    ]


def reached(answer: Answer, path: Path) -> list[Any]:
    """The objects at the end of a path in an answer."""
    found = [(answer.get("data") or {}).get(path.root)]
    for name in path.fields:
        found = [inner.get(name) for outer in found for inner in _flat(outer)]
    return [inner for outer in found for inner in _flat(outer)]


def ends_of(paths: Iterable[Path]) -> set[str]:
    """The dotted names of the ways that do not go through another one of them."""
    ways = {(path.root, *path.fields) for path in paths}
    return {".".join(way) for way in ways if not any(way[:short] in ways for short in range(1, len(way)))}


def comparable(answer: Answer) -> str:
    """An answer as text without the reference of a masked defect and without the price of the question."""
    shown = {key: value for key, value in answer.items() if key != "extensions"}
    return re.sub(r"'reference': '[^']+'|\b[0-9a-f-]{36}\. *", "", str(shown))


def outcome(answer: Answer) -> str:
    """What became of a question: an answer of a mutation that went through differs by its new ids and codes only."""
    return comparable(answer) if answer.get("errors") or None in (answer["data"] or {}).values() else "done"


def holding(
    actor: Actor,
    permissions: frozenset[str],
    *,
    everywhere_from: UUID | None = None,
    beside: Mapping[UUID, frozenset[str]] = MappingProxyType({}),
) -> Actor:
    """The same person with other permissions: at the places held now, or nationally from a root; and some elsewhere."""
    roots = [everywhere_from] if everywhere_from else list(actor.grants.by_root)
    national = frozenset(roots) if everywhere_from else frozenset()
    return replace(actor, grants=GrantSet({**dict.fromkeys(roots, permissions), **beside}, national))


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [inner for one in value for inner in _flat(one)]
    return [] if value is None else [value]


def _leaves(value: object, where: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, where)
    else:
        yield where, value
