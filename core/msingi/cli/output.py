"""How commands print: tables for people, or a block per row where the screen is narrow; JSON for machines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import typer

_GAP = 2
"""Columns between two cells."""
_NARROWEST = 30
"""A folded column gets this many columns at least."""


def print_json(value: object) -> None:
    """Print one JSON value."""
    import orjson

    typer.echo(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode())


def print_lines(lines: Iterable[str], *, to_errors: bool = False) -> None:
    """Print lines that may quote a file: what would steer a terminal is written out."""
    for line in lines:
        typer.echo(_printable(line), err=to_errors)


def print_table(
    rows: Sequence[Mapping[str, Any]], say: Callable[[str], str] = str, *, folded: str = ""
) -> None:
    """Print rows under their keys, which ``say`` turns into the reader's words.

    The cells of the ``folded`` column may take several lines; a table that is too wide without that becomes blocks.
    """
    from rich.console import Console

    if not rows:
        typer.echo(say("Nothing to show."))
        return
    titles = [say(title.replace("_", " ")) for title in rows[0]]
    cells = [[_cell(value, say) for value in row.values()] for row in rows]
    console = Console()
    if _width(titles, cells, folded=list(rows[0]).index(folded) if folded else None) <= console.width:
        _print_columns(console, titles, cells)
    else:
        typer.echo("\n\n".join(_block(titles, row) for row in cells))
    typer.echo()


def _width(titles: Sequence[str], cells: Sequence[Sequence[str]], folded: int | None) -> int:
    """How wide the table would be with at most one column folded."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(titles, *cells, strict=True)]
    if folded is not None:
        widths[folded] = min(widths[folded], _NARROWEST)
    return sum(widths) + _GAP * (len(widths) - 1)


def _print_columns(console: Any, titles: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for title in titles:
        table.add_column(title)
    for row in cells:
        table.add_row(*map(escape, row))
    console.print(table)


_SPACES: Final = "\u00a0\u202f"
"""Spaces that French writes inside numbers; Python does not call them printable."""


def _block(titles: Sequence[str], row: Sequence[str]) -> str:
    """One row as lines of title and value; what is empty says nothing."""
    width = max(map(len, titles))
    return "\n".join(f"{title:<{width}}  {cell}" for title, cell in zip(titles, row, strict=True) if cell)


def _cell(value: object, say: Callable[[str], str]) -> str:
    """A value as a table shows it: yes or no in the reader's words."""
    return say("yes" if value else "no") if isinstance(value, bool) else _printable(value)


def _printable(value: object) -> str:
    """A value as text that cannot steer a terminal; a document as its names and values."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_printable(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_printable, value))
    text = "" if value is None else str(value)
    return "".join(
        letter if letter.isprintable() or letter in _SPACES else repr(letter)[1:-1] for letter in text
    )
