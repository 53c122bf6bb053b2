"""Indexes of columns that are seldom set: an entry for each empty one would cost every insert and find nothing."""

from typing import Any

from sqlalchemy import Index, text


def index_where_set(table: str, *columns: str, unique: bool = False) -> Index:
    """An index of the rows that have a value in the first of the columns, on both engines."""
    name = f"{'ux' if unique else 'ix'}_{table}_{'_'.join(columns)}"
    return Index(name, *columns, unique=unique, **where_set(columns[0]))


def where_set(column: str) -> dict[str, Any]:
    """What a migration adds to ``op.create_index`` for such an index."""
    present = text(f"{column} IS NOT NULL")
    return {"sqlite_where": present, "postgresql_where": present}
