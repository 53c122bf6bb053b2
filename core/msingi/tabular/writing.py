"""Writes tables as CSV and XLSX that a spreadsheet opens as plain data, never as formulas (attack 63)."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Final

from msingi.tabular.cell_texts import cell_text
from msingi.tabular.errors import CellTooLong, TooManyRows
from msingi.tabular.table import DEFAULT_LIMITS

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | float | Decimal | bool | dt.date | dt.time | None

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BATCH: Final = 1_000


def neutralise(text: str) -> str:
    """The text with a leading apostrophe when a spreadsheet could read it as a formula.

    Covers the full-width signs too. Numbers are not texts and stay numbers; reading strips nothing.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_chunks(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, delimiter: str = ","
) -> Iterator[bytes]:
    """A CSV file in pieces of about a thousand lines: UTF-8 with a mark, so that spreadsheets see the accents."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(map(_csv_cell, header))
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(rows, start=1):
        writer.writerow(map(_csv_cell, row))
        if number % _BATCH == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def write_csv(
    target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, delimiter: str = ","
) -> None:
    """Write a CSV file to an open binary file."""
    target.writelines(csv_chunks(header, rows, delimiter=delimiter))


def write_xlsx(
    target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = "Data"
) -> None:
    """Write one sheet, streaming; raises ``TooManyRows`` and ``CellTooLong`` where the format would cut silently."""
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    if not isinstance(page, WriteOnlyWorksheet):
        raise TypeError(type(page))
    try:
        _append_all(page, header, rows)
    except BaseException:
        page.close()  # else the temporary file of the sheet stays behind
        page._writer.cleanup()  # type: ignore[attr-defined]  # noqa: SLF001
        raise
    book.save(target)


def _append_all(page: "WriteOnlyWorksheet", header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    page.append([_xlsx_cell(cell, 1) for cell in header])
    for line, row in enumerate(rows, start=2):
        if line > DEFAULT_LIMITS.rows:
            raise TooManyRows(maximum=DEFAULT_LIMITS.rows)
        page.append([_xlsx_cell(cell, line) for cell in row])


def _drain(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutralise(cell)
    return format(cell, "f") if isinstance(cell, Decimal) else cell_text(cell)


def _xlsx_cell(cell: Cell, line: int) -> Cell:
    if isinstance(cell, dt.datetime | dt.time) and cell.tzinfo is not None:
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    safe = neutralise(_NOT_IN_XML.sub("\ufffd", cell))
    if len(safe) > DEFAULT_LIMITS.cell_characters:
        raise CellTooLong(line=line, maximum=DEFAULT_LIMITS.cell_characters)
    return safe
