"""What the planner of an engine knows of its tables: PostgreSQL finds out by itself, SQLite has to be told to look."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, inspect, type_coerce

RENEWED_SECONDS: Final = 3600
"""How often SQLite looks again, and how long a connection keeps what it read of it when it was opened."""
_SAMPLE: Final = 1000
"""Rows of each index that SQLite looks at: milliseconds for a table of any length."""
_FEW: Final = 1000
_LEARNT: Final = "sqlite_stat1"
"""Where SQLite keeps what it found."""


def learn_statistics(connection: Connection) -> None:
    """Let the engine find out how much there is of what, so that it takes the index that leaves least to read.

    Without it SQLite reads every claim of a region and sorts them to answer the first hundred by date. It does not
    look at tables of less than a thousand rows: what it found there would be wrong after the next import, and of
    tables of which it knows nothing it takes an index. What it learnt of a table that became short is forgotten.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("ANALYZE")
        return
    connection.exec_driver_sql(f"PRAGMA analysis_limit={_SAMPLE}")
    quoted = connection.dialect.identifier_preparer.quote_identifier
    tables = inspect(connection)
    few = []
    for table in tables.get_table_names():
        name = quoted(table)
        if connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1 OFFSET {_FEW - 1}").first():  # noqa: S608
            connection.exec_driver_sql(f"ANALYZE {name}")
        else:
            few.append((table,))
    if few and tables.has_table(_LEARNT):
        connection.exec_driver_sql(f"DELETE FROM {_LEARNT} WHERE tbl = ?", few)  # noqa: S608


def unindexed(column: Any) -> ColumnElement[Any]:
    """The column in a form that no index serves: for a condition that nearly every row meets.

    Without statistics SQLite takes a condition by equality for a sharp one, and the index of such a column for the
    best way to the rows.
    """
    return type_coerce(func.coalesce(column, column), column.type)
