"""Texts fit their columns on both engines: SQLite would keep any length, PostgreSQL would break off (attack 57)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import String

from msingi.db import Model
from msingi.errors import InvalidInput


def refuse_overlong(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Refuse rows that hold a longer text than its column takes.

    Raises:
        InvalidInput: names the column and its length, never the text.

    """
    caps = _caps(model)
    for row in rows:
        for name, most in caps:
            text = row.get(name)
            if isinstance(text, str) and len(text) > most:
                raise InvalidInput(fields=[_problem(name, most)])


def refuse_overlong_columns(model: type[Model], cells: Mapping[str, Sequence[Any]]) -> None:
    """Refuse rows given column by column, under the names of attributes, as ``refuse_overlong`` does."""
    for name, most in _caps(model):
        if any(isinstance(text, str) and len(text) > most for text in cells.get(name, ())):
            raise InvalidInput(fields=[_problem(name, most)])


@cache
def _caps(model: type[Model]) -> tuple[tuple[str, int], ...]:
    columns = ((attribute.key, attribute.columns[0].type) for attribute in model.__mapper__.column_attrs)
    return tuple((name, kind.length) for name, kind in columns if type(kind) is String and kind.length)


def _problem(name: str, most: int) -> dict[str, Any]:
    first, *rest = name.split("_")
    return {
        "path": first + "".join(part.capitalize() for part in rest),
        "code": "string_too_long",
        "template": "at most {max_length} characters",
        "params": {"max_length": most},
    }
