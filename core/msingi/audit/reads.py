"""What an answer showed: the records in it, by entity (P4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from typing import Protocol, cast, runtime_checkable
from uuid import UUID

from pydantic import BaseModel

from msingi.db import Model


@runtime_checkable
class Readable(Protocol):
    """An answer that is read later, in parts: it tells itself what was read of it."""

    def read_ids(self) -> tuple[str, Sequence[UUID]]:
        """The entity, and the ids of the rows that were really loaded."""


def records_in(answer: object) -> Mapping[str, list[UUID | None]]:
    """The records of an answer by entity; an item without an id counts, without naming one."""
    found: dict[str, list[UUID | None]] = {}
    for item in _items(answer):
        record_id = getattr(item, "id", None)
        found.setdefault(_entity(item), []).append(record_id if isinstance(record_id, UUID) else None)
    return found


def models_within(answer: object) -> Iterator[Model]:
    """Every record of the database in an answer, also inside lists, mappings and values with fields."""
    if isinstance(answer, Model):
        yield answer
        return
    for inner in _parts(answer):
        yield from models_within(inner)


def _parts(answer: object) -> Iterable[object]:
    if isinstance(answer, BaseModel):
        return vars(answer).values()
    if is_dataclass(answer):
        return [getattr(answer, one.name) for one in fields(answer)]
    if isinstance(answer, Mapping):
        return answer.values()
    is_many = isinstance(answer, Sequence | AbstractSet) and not isinstance(answer, str | bytes)
    return cast("Iterable[object]", answer) if is_many else ()


def _items(answer: object) -> Iterable[object]:
    if answer is None:
        return ()
    if isinstance(answer, Mapping):
        return answer.values()
    if isinstance(answer, Sequence | set | frozenset) and not isinstance(answer, str | bytes):
        return answer
    return (answer,)


def _entity(item: object) -> str:
    return item.__tablename__ if isinstance(item, Model) else type(item).__name__
