"""Leaves: a whole column of scalars or enum values serialised at once, exactly as one by one."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import is_awaitable
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from strawberry.schema.types.base_scalars import isoformat

from msingi.graphql.readers import MISSING, Unread
from msingi.graphql.scalars import write_date, write_decimal, write_uuid
from msingi.money import Money

Completed: TypeAlias = tuple[Sequence[Any], Iterable[int]]
"""The completed values, and the positions in doubt: these are left to the stock executor."""

INERT: Final = frozenset({str, int, float, bool, UUID, Decimal, Money, dt.date, dt.datetime, dt.time})
"""Kinds of values that are neither errors nor awaitable."""

ENCODED_BY: Final[Mapping[Any, set[type]]] = {
    str: {UUID},
    write_uuid: {UUID},
    isoformat: {dt.date},
    write_date: {dt.date},
}
"""Per serialiser, the kind of values of which the JSON encoder makes the same text."""

SERIALISED: Final = frozenset({str, int, float, bool})


class LeafColumn:
    """Completes the values of one leaf field."""

    def __init__(self, leaf: GraphQLLeafType, *, nullable: bool) -> None:
        self._coerce: Callable[[Any], Any] = leaf.coerce_output_value
        self._is_enum = isinstance(leaf, GraphQLEnumType)
        self._nullable = nullable
        self._ready, self._are_legal = READY.get(leaf.name, NEVER_READY) if _is_builtin(leaf) else NEVER_READY

    def complete(self, values: Sequence[Any]) -> Completed:
        """Serialise the values; a value that the stock executor would refuse is in doubt."""
        kinds = set(map(type, values))
        present = values
        if type(None) in kinds:
            if not self._nullable:
                return self._complete_each(values)
            kinds.discard(type(None))
            present = [value for value in values if value is not None]
        texts = self._complete_present(present, kinds)
        if texts is None:
            return self._complete_each(values)
        if texts is present:
            return values, ()
        return (texts if present is values else _with_nulls(values, texts)), ()

    def _complete_present(self, values: Sequence[Any], kinds: set[type]) -> Sequence[Any] | None:
        if kinds <= self._ready and self._are_legal(values):
            return values
        if not all(kind in INERT or issubclass(kind, Enum) for kind in kinds):
            return None
        try:
            texts = self._coerce_all(values, kinds)
        except Exception:  # noqa: BLE001 - a scalar may raise anything; the values are then tried one by one
            return None
        return texts if SERIALISED.issuperset(map(type, texts)) else None

    def _coerce_all(self, values: Sequence[Any], kinds: set[type]) -> Sequence[Any]:
        if kinds == ENCODED_BY.get(self._coerce):
            return _encode_all(values)
        if len(kinds) == 1 and (self._is_enum or self._coerce is write_decimal):
            names = {value: self._coerce(value) for value in set(values)}
            return [names[value] for value in values]
        return list(map(self._coerce, values))

    def _complete_each(self, values: Sequence[Any]) -> Completed:
        completed: list[Any] = []
        doubts: list[int] = []
        for index, value in enumerate(values):
            text = None if value is None and self._nullable else self._coerce_one(value)
            if text is MISSING:
                doubts.append(index)
            completed.append(text)
        return completed, doubts

    def _coerce_one(self, value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, (Unread, Exception)):
            return MISSING
        try:
            text = MISSING if is_awaitable(value) else self._coerce(value)
        except Exception:  # noqa: BLE001 - the stock executor raises it again, at its place
            return MISSING
        return MISSING if text is None or text is Undefined or is_awaitable(text) else text


def _with_nulls(values: Sequence[Any], texts: Iterable[Any]) -> list[Any]:
    following = iter(texts)
    return [None if value is None else next(following) for value in values]


def _encode_all(values: Sequence[Any]) -> list[str]:
    """Return the text of each value; one call of the encoder is six times faster than a call for each."""
    return orjson.dumps(values).decode()[2:-2].split('","')


def _is_builtin(leaf: GraphQLLeafType) -> bool:
    return leaf in (GraphQLString, GraphQLID, GraphQLBoolean, GraphQLInt, GraphQLFloat)


def _always(_values: Sequence[Any]) -> bool:
    return True


def _fit_in_32_bits(values: Sequence[int]) -> bool:
    return not values or (min(values) >= GRAPHQL_MIN_INT and max(values) <= GRAPHQL_MAX_INT)


def _are_finite(values: Sequence[float]) -> bool:
    return all(map(isfinite, values))


Readiness: TypeAlias = tuple[frozenset[type], Callable[[Sequence[Any]], bool]]

NEVER_READY: Final[Readiness] = (frozenset(), _always)
READY: Final[Mapping[str, Readiness]] = {
    "String": (frozenset({str}), _always),
    "ID": (frozenset({str}), _always),
    "Boolean": (frozenset({bool}), _always),
    "Int": (frozenset({int}), _fit_in_32_bits),
    "Float": (frozenset({float}), _are_finite),
}
"""Per built-in scalar: the kind that is its own serialisation, and the check that its values are legal."""
