"""Paths through a GraphQL schema: from every root field to every type, with the rights that each step needs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
    is_required_argument,
    is_required_input_field,
)

from msingi.graphql.roots import Allow
from msingi.platform import Platform
from msingi.plugin import PUBLIC, SIGNED_IN, Exposure

MOST_HOPS = 4
MOST_TOGETHER = 30
"""Paths in one document, which stays within the limits of the door."""
_OPEN = {PUBLIC.name, SIGNED_IN.name}
_TEXTS = {
    "LocalDate": "2026-03-01",
    "DateTime": "2026-03-01T09:00:00Z",
    "Money": "1500 XAF",
    "Boolean": False,
    "Decimal": "1.5",
}


@dataclass(frozen=True)
class Path:
    """One way to a type: field names from the root, and the permissions asked for on the way."""

    kind: str
    root: str
    fields: tuple[str, ...]
    type_: GraphQLObjectType
    permissions: frozenset[str]
    hops: int


@dataclass(frozen=True)
class Bunch:
    """Paths of one root field that one document can ask for together."""

    paths: tuple[Path, ...]

    @property
    def root(self) -> str:
        """The root field of all of them."""
        return self.paths[0].root

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions asked for on one of the paths or on several."""
        return frozenset().union(*(path.permissions for path in self.paths))

    def query(self, arguments: Mapping[str, "Given"]) -> str:
        """The document that selects every plain field at the end of each path."""
        ends = {path.fields: f"__typename {' '.join(leaves_of(path.type_))}" for path in self.paths}
        return _document(self.paths[0].kind, self.root, arguments, _merged(ends))


@dataclass(frozen=True)
class Given:
    """A value for an argument, with the GraphQL type that its variable has."""

    type: str
    value: Any


@dataclass(frozen=True)
class IdSlot:
    """A place in the arguments of a root field where an id is given."""

    kind: str
    root: str
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """The dotted name of the argument."""
        return ".".join(self.steps)

    def __str__(self) -> str:
        return f"{self.kind} {self.root}({self.name})"


class Schema:
    """What one platform publishes, read as a graph."""

    def __init__(self, platform: Platform) -> None:
        self.core: GraphQLSchema = platform.graphql.core
        self.exposed: dict[str, Exposure] = {
            exposure.name: exposure
            for plugin in platform.plugins
            for exposure in plugin.contributions.exposures
        }

    def roots(self, kind: str) -> dict[str, GraphQLField]:
        """The root fields of queries or mutations."""
        root = self.core.query_type if kind == "query" else self.core.mutation_type
        return dict(root.fields) if root else {}

    def paths(self, kind: str) -> Iterator[Path]:
        """Every way of at most four hops to an object type; the steps inside a page are no hops."""
        for name, root in self.roots(kind).items():
            type_ = get_named_type(root.type)
            if is_object_type(type_):
                rights = self._rights(root, type_)
                yield from self._walk(Path(kind, name, (), type_, rights, 1))

    def bunches(self, kind: str, key: Callable[[Path], object] = lambda _: None) -> Iterator[Bunch]:
        """All paths in few documents: those of one root field, and of one value of ``key``, are asked together."""
        found: dict[object, list[Path]] = {}
        for path in self.paths(kind):
            found.setdefault((path.root, key(path)), []).append(path)
        for paths in found.values():
            yield from (
                Bunch(tuple(paths[n : n + MOST_TOGETHER])) for n in range(0, len(paths), MOST_TOGETHER)
            )

    def _walk(self, path: Path) -> Iterator[Path]:
        page = "nodes" in path.type_.fields
        if not page:
            yield path
        if path.hops == MOST_HOPS and not page:
            return
        for name, step in path.type_.fields.items():
            target = get_named_type(step.type)
            if not is_object_type(target) or name in {"edges", "pageInfo"} or _needs_arguments(step):
                continue
            rights = path.permissions | self._rights(step, target)
            hops = path.hops + (not page)
            yield from self._walk(Path(path.kind, path.root, (*path.fields, name), target, rights, hops))

    def _rights(self, step: GraphQLField, target: GraphQLObjectType) -> frozenset[str]:
        exposure = self.exposed.get(target.name)
        asked = allow_of(step) | ({exposure.allow.name} if exposure else set())
        return frozenset(asked - _OPEN)

    def arguments(self, kind: str, root: str, ids: Mapping[str, str], missing: str) -> dict[str, Given]:
        """Values for the required arguments of a root field; an id comes from ``ids`` by its dotted name."""
        found: dict[str, Given] = {}
        for name, argument in self.roots(kind)[root].args.items():
            wanted = any(step == name or step.startswith(f"{name}.") for step in ids)
            if is_required_argument(argument) or wanted:
                found[name] = Given(
                    str(argument.type).rstrip("!") + "!", _value(argument.type, name, ids, missing)
                )
        return found

    def document(self, kind: str, root: str, arguments: Mapping[str, "Given"]) -> str:
        """The document that selects the plain fields of a root field's answer, two levels deep."""
        type_ = get_named_type(self.roots(kind)[root].type)
        return _document(kind, root, arguments, _selection(type_, 2) if is_object_type(type_) else "")

    def id_slots(self, kind: str) -> Iterator[IdSlot]:
        """Every argument, also inside input objects, that takes an id; filters of lists are not among them."""
        for root in self.roots(kind):
            yield from self.id_slots_of(kind, root)

    def id_slots_of(self, kind: str, root: str) -> Iterator[IdSlot]:
        """Those of one root field."""
        for argument, definition in self.roots(kind)[root].args.items():
            if argument not in {"where", "orderBy", "after"}:
                yield from (IdSlot(kind, root, steps) for steps in _id_steps(definition, (argument,)))


def leaves_of(type_: GraphQLObjectType) -> list[str]:
    """The plain fields of a type that need no argument."""
    return [
        name
        for name, leaf in type_.fields.items()
        if is_leaf_type(get_named_type(leaf.type)) and not _needs_arguments(leaf)
    ]


def allow_of(step: GraphQLField) -> set[str]:
    """The permission that a field declares in the published schema."""
    definition = step.extensions.get("strawberry-definition")
    directives = getattr(definition, "directives", ()) or ()
    return {directive.permission for directive in directives if isinstance(directive, Allow)}


def _document(kind: str, root: str, arguments: Mapping[str, Given], selection: str) -> str:
    declared = ", ".join(f"${name}: {given.type}" for name, given in arguments.items())
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    head, call = (f"({text})" if text else "" for text in (declared, passed))
    return f"{kind}{head} {{ {root}{call} {selection} }}"


def _merged(ends: Mapping[tuple[str, ...], str]) -> str:
    """One selection that leads to several ends."""
    inner: dict[str, dict[tuple[str, ...], str]] = {}
    for (first, *rest), end in ((fields, end) for fields, end in ends.items() if fields):
        inner.setdefault(first, {})[tuple(rest)] = end
    parts = [ends.get((), ""), *(f"{name} {_merged(below)}" for name, below in inner.items())]
    return f"{{ {' '.join(parts)} }}"


def _selection(type_: GraphQLObjectType, depth: int) -> str:
    inner = [
        f"{name} {_selection(get_named_type(step.type), depth - 1)}"
        for name, step in type_.fields.items()
        if depth > 1 and is_object_type(get_named_type(step.type)) and not _needs_arguments(step)
    ]
    return f"{{ __typename {' '.join((*leaves_of(type_), *inner))} }}"


def _needs_arguments(step: GraphQLField) -> bool:
    return any(is_required_argument(argument) for argument in step.args.values())


def _id_steps(definition: GraphQLArgument | Any, steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    named = get_named_type(definition.type)
    if named.name == "UUID":
        yield steps
    elif isinstance(named, GraphQLInputObjectType) and len(steps) < MOST_HOPS:
        for name, inner in named.fields.items():
            yield from _id_steps(inner, (*steps, name))


def _value(type_: Any, where: str, ids: Mapping[str, str], missing: str) -> Any:
    inner = get_nullable_type(type_)
    if is_list_type(inner):
        return [_value(inner.of_type, where, ids, missing)]
    if isinstance(inner, GraphQLInputObjectType):
        return {
            name: _value(field.type, f"{where}.{name}", ids, missing)
            for name, field in inner.fields.items()
            if is_required_input_field(field) or any(step.startswith(f"{where}.{name}") for step in ids)
        }
    if inner.name == "UUID":
        return ids.get(where, missing)
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return _TEXTS.get(inner.name, 1 if inner.name in {"Int", "Float"} else "zq text")
