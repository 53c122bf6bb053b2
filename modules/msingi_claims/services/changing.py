"""Changes rows that this work has locked: one prepared statement for a few, the bulk way for many."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Table, Update, bindparam, update

from msingi.bulk import Recording, change_rows
from msingi.db import Model, Versioned
from msingi.work import Work

_FEW: Final = 300


def change_locked(
    work: Work, model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write these columns of rows that were read and locked in scope; each row begins with its id.

    The caller records the change in the audit trail, by the business object (see ``Recording.BY_CALLER``).
    """
    if not rows:
        return
    if len(rows) > _FEW:
        change_rows(work, model, ["id"], columns, rows, recording=Recording.BY_CALLER)
        return
    names = ["row_id", *(f"new_{name}" for name in columns)]
    values = [dict(zip(names, row, strict=True)) for row in rows]
    work.session.flush()
    work.session.connection().execute(_update_of(model, tuple(columns)), values)
    for record in list(work.session.identity_map.values()):
        if isinstance(record, model):
            work.session.expire(record)


@cache
def _update_of(model: type[Model], columns: tuple[str, ...]) -> Update:
    """Built once for each set of columns: to build it costs more than to run it for one row."""
    table: Table = model.__table__  # type: ignore[assignment]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    if issubclass(model, Versioned):
        values["version"] = table.c.version + 1
    return update(table).where(table.c.id == bindparam("row_id")).values(values)
