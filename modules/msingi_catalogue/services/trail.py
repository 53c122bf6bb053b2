"""Audit lines of bulk changes, with the values before and after."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from msingi.audit.trail import Change
from msingi.db import Model
from msingi.work import Work

_DERIVED = frozenset({"search_text", "stamp"})


def record_updates(
    work: Work, model: type[Model], updates: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """One line for each changed row: the row as it was, and its new values."""
    changes = [
        Change(
            before["id"],
            {
                name: [_plain(before[name]), _plain(value)]
                for name, value in after.items()
                if name not in _DERIVED
            },
        )
        for before, after in updates
    ]
    work.platform.trail.changed_many(work, "update", model.__tablename__, changes)


def _plain(value: Any) -> Any:
    """A value as JSON writes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
