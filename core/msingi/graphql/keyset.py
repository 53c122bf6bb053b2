"""Keyset pages: opaque cursors over the sort key and the id, never an offset."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, ColumnElement, Select, and_, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from msingi.errors import DomainError
from msingi.table_statistics import unindexed

_MOST_DIGITS: Final = 30


class InvalidCursor(DomainError):
    """A cursor was altered, or belongs to a list in another order."""

    code = "graphql.invalid_cursor"
    template = (
        "The cursor in “after” does not belong to this list in this order. Start again from the first page."
    )


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column of an order."""

    column: InstrumentedAttribute[Any]
    descending: bool = False

    @property
    def name(self) -> str:
        """The name under which the key stands in a cursor."""
        return f"{'-' if self.descending else ''}{self.column.key}"


@dataclass(frozen=True, slots=True)
class Keyset:
    """The order of one list; the id is always the last key, so that the order is total."""

    keys: tuple[SortKey, ...]
    leads: bool = True
    """Whether an index may lead through the list in this order; else its rows are found first, and sorted."""

    def aside(self) -> "Keyset":
        """The same order for a short list, whose rows are found by other conditions."""
        return replace(self, leads=False)

    def _by(self, key: SortKey) -> ColumnElement[Any]:
        column: ColumnElement[Any] = key.column if self.leads else unindexed(key.column)  # type: ignore[assignment]
        return column

    def order(self, statement: Select[Any]) -> Select[Any]:
        """Sort a statement."""
        return statement.order_by(None).order_by(
            *(self._by(key).desc() if key.descending else self._by(key).asc() for key in self.keys)
        )

    def after(self, statement: Select[Any], cursor: str) -> Select[Any]:
        """Keep only what comes after a cursor.

        Raises:
            InvalidCursor: it is not one of this order's.

        """
        return statement.where(self._beyond(self._decode(cursor)))

    def cursor(self, row: Any) -> str:
        """The cursor of a row."""
        payload = [
            [key.name for key in self.keys],
            [_plain(getattr(row, key.column.key)) for key in self.keys],
        ]
        return base64.urlsafe_b64encode(orjson.dumps(payload)).decode().rstrip("=")

    def _decode(self, cursor: str) -> list[Any]:
        try:
            names, values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if names != [key.name for key in self.keys] or len(values) != len(names):
                raise InvalidCursor
            return [_typed(key.column, value) for key, value in zip(self.keys, values, strict=True)]
        except (ValueError, TypeError, ArithmeticError) as error:
            raise InvalidCursor from error

    def _beyond(self, values: Sequence[Any]) -> ColumnElement[bool]:
        if len({key.descending for key in self.keys}) == 1:
            left = tuple_(*map(self._by, self.keys))
            right = tuple_(*values, types=[key.column.type for key in self.keys])
            return left < right if self.keys[0].descending else left > right
        steps: list[ColumnElement[bool]] = []
        for position, key in enumerate(self.keys):
            equal = [
                self._by(before) == value for before, value in zip(self.keys[:position], values, strict=False)
            ]
            value = values[position]
            steps.append(and_(*equal, self._by(key) < value if key.descending else self._by(key) > value))
        return or_(*steps)


def keyset(order: Sequence[SortKey], id_column: InstrumentedAttribute[UUID]) -> Keyset:
    """The total order that begins with these keys."""
    unique: dict[str, SortKey] = {}
    for key in order:
        unique.setdefault(key.column.key, key)
    descending = bool(order) and order[-1].descending
    unique.setdefault(id_column.key, SortKey(id_column, descending))
    return Keyset(tuple(unique.values()))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal | UUID) else value


def _typed(column: InstrumentedAttribute[Any], value: Any) -> Any:
    """The value of a cursor as its column takes it; cursors are not signed, so nothing in them is believed."""
    kind = column.type.python_type
    if kind in _READERS and isinstance(value, str):
        return _READERS[kind](value)
    if issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind or not _is_storable(column, value):
        raise InvalidCursor
    return value


def _is_storable(column: InstrumentedAttribute[Any], value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) < (2**63 if isinstance(column.type, BigInteger) else 2**31)
    return not isinstance(value, str) or "\x00" not in value


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise InvalidCursor
    return number


_READERS: Mapping[type, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: _instant,
    date: date.fromisoformat,
    Decimal: _number,
}
