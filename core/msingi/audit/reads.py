"""What an answer showed: the records in it, by entity (P4)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

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
