"""Plans: one compiled selection set, completed column by column for all its parents at once."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID

from graphql import FieldNode, GraphQLField, Undefined
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import is_awaitable

from msingi.graphql.batch import Answer, Failure
from msingi.graphql.leaves import Completed
from msingi.graphql.pages import RowPage
from msingi.graphql.readers import MISSING, Unread, read_columns

Details: TypeAlias = list[FieldDetails]
Doubts: TypeAlias = dict[int, dict[str, Any]]
"""Per parent in doubt, the response keys that the stock executor has to complete, and the values already read."""

MANY: Final = 64
"""From this number of rows on, generating the code that builds them pays off."""


class Completer(Protocol):
    """Completes the values of one field for all parents."""

    def complete(self, values: Sequence[Any]) -> Completed:
        """Return the completed values and the positions left in doubt."""
        ...


@dataclass(slots=True, eq=False)
class Batch:
    """The answers to one batch field in one selection; aliases with equal arguments share them.

    ``nodes`` are those of all the aliases: what any of them selects is read for all.
    """

    field: GraphQLField
    arguments: Mapping[str, Any]
    ask: Callable[["Batch", Sequence[Any]], Mapping[Any, Any]]
    nodes: list[FieldNode] = dataclasses.field(default_factory=list)
    answers: dict[Any, Any] = dataclasses.field(default_factory=dict)

    def values(self, parents: Sequence[Any]) -> Sequence[Any]:
        """Return the answer for each parent, asking once for those not yet known."""
        ids = read_columns(parents, ("id",))[0]
        if not self.answers and set(map(type, ids)) == {UUID}:
            self._learn(dict(zip(ids, parents, strict=True)))
            return [self.answers.get(key, MISSING) for key in ids]
        keys = [key if _can_be_key(key) else MISSING for key in ids]
        unknown = {key: parent for key, parent in zip(keys, parents, strict=True) if key not in self.answers}
        unknown.pop(MISSING, None)
        if unknown:
            self._learn(unknown)
        return [self.answers.get(key, MISSING) for key in keys]

    def known(self, parent: Any) -> Answer | None:
        """Return the answer for the parent, if it has been asked."""
        key = read_columns((parent,), ("id",))[0][0]
        return Answer(self.answers[key]) if _can_be_key(key) and key in self.answers else None

    def _learn(self, unknown: dict[Any, Any]) -> None:
        try:
            self.answers.update(self.ask(self, list(unknown.values())))
        except Exception as error:  # noqa: BLE001 - the edge of plugin code: each parent reports it at its own path
            self.answers.update(dict.fromkeys(unknown, Failure(error, error.__traceback__)))


@dataclass(frozen=True, slots=True)
class Column:
    """One response key that the plan completes: from an attribute, a batch, or a constant."""

    key: str
    completer: Completer
    attribute: str | None = None
    batch: Batch | None = None
    constant: Any = None


@dataclass(frozen=True, slots=True)
class Walk:
    """The way to batch fields at or below a response key."""

    key: str
    attribute: str | None
    batch: Batch | None
    child: "Selection | None"

    def follow(self, parents: Sequence[Any]) -> Sequence[Any] | None:
        """Ask the batch fields on the way; return the values, when they were attributes."""
        values = (
            read_columns(parents, (self.attribute or "",))[0]
            if self.batch is None
            else self.batch.values(parents)
        )
        children = [] if self.child is None else list(_objects_in(values))
        if self.child is not None and children:
            self.child.prefetch(children)
        return values if self.batch is None else None


@dataclass(frozen=True, slots=True)
class Selection:
    """A compiled selection set of one object type; `rest` is what only the stock executor can do."""

    grouped: dict[str, Details]
    columns: tuple[Column, ...]
    rest: frozenset[str]
    walks: tuple[Walk, ...]

    @property
    def is_useful(self) -> bool:
        """Tell whether the plan does anything that the stock executor would not do as well."""
        return bool(self.columns or self.walks)

    def complete(self, parents: Sequence[Any]) -> tuple[list[dict[str, Any]], Doubts]:
        """Return one response dictionary per parent; keys in `rest` or in doubt hold no value yet."""
        doubts: Doubts = {}
        if not self.grouped:
            return [{} for _ in parents], doubts
        done = {column.key: _settle(column, values, doubts) for column, values in self._read(parents)}
        absent = (MISSING,) * len(parents)
        return _zip_rows(tuple(self.grouped), [done.get(key, absent) for key in self.grouped]), doubts

    def remaining(self, doubtful: Iterable[str]) -> dict[str, Details]:
        """Return the fields left to the stock executor, in the order of the selection."""
        left = self.rest.union(doubtful)
        return {key: details for key, details in self.grouped.items() if key in left}

    def prefetch(self, parents: Sequence[Any]) -> None:
        """Ask the batch fields below, level by level, before the stock executor walks down parent by parent."""
        for walk in self.walks:
            walk.follow(parents)

    def prefetch_rest(self, parents: Sequence[Any]) -> dict[str, Sequence[Any]]:
        """Prefetch below the fields left to the stock executor; return the attributes read on the way."""
        followed = {walk.key: walk.follow(parents) for walk in self.walks if walk.key in self.rest}
        return {key: values for key, values in followed.items() if values is not None}

    def _read(self, parents: Sequence[Any]) -> Iterable[tuple[Column, Sequence[Any]]]:
        names = tuple({column.attribute: None for column in self.columns if column.attribute is not None})
        read = dict(zip(names, read_columns(parents, names), strict=True))
        for column in self.columns:
            if column.attribute is not None:
                yield column, read[column.attribute]
            elif column.batch is not None:
                yield column, _revealed(column.batch.values(parents))
            else:
                yield column, (column.constant,) * len(parents)


@dataclass(frozen=True, slots=True)
class Constant:
    """Completes values that need no completion."""

    def complete(self, values: Sequence[Any]) -> Completed:
        """Return the values as they are."""
        return values, ()


@dataclass(frozen=True, slots=True)
class ObjectColumn:
    """Completes a column of objects that one pure selection describes."""

    selection: Selection
    nullable: bool

    def complete(self, values: Sequence[Any]) -> Completed:
        """Return the dictionaries; an object with any field in doubt is in doubt as a whole."""
        present, unfit = sift(values, nullable=self.nullable)
        if len(present) == len(values):
            return self._complete_present(values)
        parents = [values[index] for index in present]
        rows, doubts = self._complete_present(parents)
        completed: list[Any] = [None] * len(values)
        for index, row in zip(present, rows, strict=True):
            completed[index] = row
        return completed, [*unfit, *(present[index] for index in doubts)]

    def _complete_present(self, parents: Sequence[Any]) -> tuple[Sequence[Any], Iterable[int]]:
        """Complete each object once, however often it stands in the column: all its places share the answer."""
        if isinstance(parents, RowPage):
            return self.selection.complete(parents)
        distinct = {id(parent): parent for parent in parents}
        if 2 * len(distinct) > len(parents):
            return self.selection.complete(parents)
        rows, doubts = self.selection.complete(list(distinct.values()))
        known = dict(zip(distinct, rows, strict=True))
        doubtful = {place for index, place in enumerate(distinct) if index in doubts}
        in_doubt = [index for index, parent in enumerate(parents) if id(parent) in doubtful]
        return [known[id(parent)] for parent in parents], in_doubt


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Completes a column of lists by completing all their items together."""

    items: Completer
    nullable: bool

    def complete(self, values: Sequence[Any]) -> Completed:
        """Return the completed lists; a list with any item in doubt is in doubt as a whole."""
        unfit = [index for index, value in enumerate(values) if not self._is_fit(value)]
        lists = [value if is_plain_list(value) else () for value in values]
        flat, doubts = self.items.complete(_flatten(lists))
        owners = [index for index, value in enumerate(lists) for _ in range(len(value))] if doubts else []
        following = iter(flat)
        completed = [
            None if value is None else [next(following) for _ in range(len(items))]
            for value, items in zip(values, lists, strict=True)
        ]
        return completed, {*unfit, *(owners[index] for index in doubts)}

    def _is_fit(self, value: Any) -> bool:
        return self.nullable if value is None else is_plain_list(value)


def _can_be_key(key: Any) -> bool:
    if type(key) is UUID:
        return True
    try:
        hash(key)
    except TypeError:
        return False
    return key is not None and not isinstance(key, Unread)


def is_plain_list(value: Any) -> bool:
    """Tell whether iterating the value is harmless and repeatable."""
    kind = type(value)
    if kind is list or kind is tuple or kind is RowPage:
        return True
    return getattr(kind, "__iter__", None) in (list.__iter__, tuple.__iter__) and not (
        hasattr(kind, "__aiter__") or is_awaitable(value)
    )


def sift(values: Sequence[Any], *, nullable: bool) -> tuple[Sequence[int], list[int]]:
    """Return the positions of the objects, and of the values that cannot stand as an object."""
    if isinstance(values, RowPage):
        return range(len(values)), []
    unsound = {kind for kind in set(map(type, values)) if not _is_sound(kind)}
    if not unsound:
        return range(len(values)), []
    if nullable and unsound == {type(None)}:
        return [index for index, value in enumerate(values) if value is not None], []
    present = [index for index, value in enumerate(values) if _can_stand(value)]
    known = set(present)
    unfit = [
        index for index, value in enumerate(values) if index not in known and not (value is None and nullable)
    ]
    return present, unfit


def _is_sound(kind: type) -> bool:
    return not (
        kind in (type(None), Unread, type(Undefined))
        or issubclass(kind, Exception)
        or hasattr(kind, "__await__")
        or hasattr(kind, "__getattr__")
        or kind.__getattribute__ is not object.__getattribute__
    )


def _can_stand(value: Any) -> bool:
    if value is None or value is Undefined or isinstance(value, (Unread, Exception)):
        return False
    return not is_awaitable(value)


def _settle(column: Column, values: Sequence[Any], doubts: Doubts) -> Sequence[Any]:
    completed, in_doubt = column.completer.complete(values)
    for index in in_doubt:
        doubts.setdefault(index, {})[column.key] = MISSING if column.attribute is None else values[index]
    return completed


def _revealed(answers: Sequence[Any]) -> Sequence[Any]:
    return [MISSING if isinstance(answer, Failure) else answer for answer in answers]


def _flatten(lists: Sequence[Sequence[Any]]) -> Sequence[Any]:
    filled = [value for value in lists if len(value)]
    if len(filled) == 1:
        return filled[0]
    pages = [value for value in filled if isinstance(value, RowPage)]
    if (
        not pages
        or len(pages) < len(filled)
        or len({(page.columns, tuple(page.made.items())) for page in pages}) > 1
    ):
        return list(chain.from_iterable(filled))
    rows = list(chain.from_iterable(page.rows for page in pages))
    return RowPage(pages[0].columns, rows, pages[0].made)


def _objects_in(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if is_plain_list(value):
            yield from _objects_in(value)
        elif not isinstance(value, Failure) and _can_stand(value):
            yield value


def _zip_rows(keys: tuple[str, ...], columns: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    if len(columns[0]) >= MANY:
        return _row_builder(keys)(columns)
    return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


@lru_cache(maxsize=512)
def _row_builder(keys: tuple[str, ...]) -> Callable[[Sequence[Sequence[Any]]], list[dict[str, Any]]]:
    """Generate a display of dictionaries, twice as fast as zipping; the keys enter it as string literals only."""
    names = [f"v{index}" for index in range(len(keys))]
    pairs = ", ".join(f"{key!r}: {name}" for key, name in zip(keys, names, strict=True))
    source = f"lambda columns: [{{{pairs}}} for {', '.join(names)}, in zip(*columns, strict=True)]"
    builder: Callable[[Sequence[Sequence[Any]]], list[dict[str, Any]]] = eval(source)  # noqa: S307
    return builder
