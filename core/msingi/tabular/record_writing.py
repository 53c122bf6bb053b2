"""Writes lists as JSON and XML records, which the readers take back unchanged."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

from msingi.tabular.writing import Cell, neutralise

_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_json(target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a JSON array of records; texts that a spreadsheet would compute stay texts (attack 63)."""
    target.write(b"[")
    for number, row in enumerate(rows):
        record = {name: _json_cell(cell) for name, cell in zip(header, row, strict=True)}
        written = json.dumps(record, ensure_ascii=False)
        target.write((",\n" if number else "\n").encode() + written.encode("utf-8", errors="replace"))
    target.write(b"\n]\n")


def write_xml(
    target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, record: str = "entry"
) -> None:
    """Write a root ``list`` with one element per record and one per filled cell; names are XML names."""
    target.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<list>\n')
    for row in rows:
        cells = (
            f"<{name}>{escape(_text(cell))}</{name}>"
            for name, cell in zip(header, row, strict=True)
            if cell is not None
        )
        target.write(f"<{record}>{''.join(cells)}</{record}>\n".encode())
    target.write(b"</list>\n")


def _json_cell(cell: Cell) -> str | int | float | bool | None:
    return cell if cell is None or isinstance(cell, bool | int | float) else _text(cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutralise(_NOT_IN_XML.sub("\ufffd", cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
