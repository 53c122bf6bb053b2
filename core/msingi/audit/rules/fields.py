"""Which fields of a model the trail knows, and of which it never keeps a value (attack 95, attack 99)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from msingi.audit.rules.values import plain
from msingi.db import Model
from msingi.types import SealedText


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """The audited fields of one model: attribute name -> whether its values may be kept."""

    entity: str
    keeps: Mapping[str, bool]


@cache
def field_plan(model: type[Model]) -> FieldPlan:
    """The plan of a model: secret, personal and sealed columns are named without values; versions are left out."""
    mapper = model.__mapper__
    keeps = {
        attribute.key: not any(_is_hidden(column) for column in attribute.columns)
        for attribute in mapper.column_attrs
        if mapper.version_id_col is None or mapper.version_id_col not in attribute.columns
    }
    keeps.pop("id", None)
    return FieldPlan(model.__tablename__, keeps)


def names_set(plan: FieldPlan, values: Mapping[str, Any]) -> dict[str, None]:
    """The fields that hold a value, by name only: what is kept of an insert and of a delete."""
    return {name: None for name in plan.keeps if values.get(name) is not None}


def pair(before: Iterable[Any], after: Iterable[Any]) -> list[Any]:
    """Value before and value after; only the latter when the old value was not loaded."""
    return [plain(value) for value in (*before, *after)]


def _is_hidden(column: Any) -> bool:
    info = column.info
    return bool(info.get("secret") or info.get("personal")) or isinstance(column.type, SealedText)
