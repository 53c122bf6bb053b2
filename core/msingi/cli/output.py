"""How commands print: tables for people, JSON for machines."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer


def print_json(value: object) -> None:
    """Print one JSON value."""
    import orjson

    typer.echo(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode())


def print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows under their keys."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for title in rows[0] if rows else ():
        table.add_column(title)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table)
