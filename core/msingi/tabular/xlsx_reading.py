"""Reads one sheet of an XLSX workbook as text, after its archive was judged harmless."""

import datetime as dt
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO, Final
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from msingi.tabular.archive_check import check_archive
from msingi.tabular.errors import DamagedFile, FileTooLarge, NoSuchSheet
from msingi.tabular.table import DEFAULT_LIMITS, Limits, Table, build_table

_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ExpatError,
    EOFError,
    OSError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    NotImplementedError,
)


def read_xlsx(source: BinaryIO, *, limits: Limits = DEFAULT_LIMITS, sheet: str | None = None) -> Table:
    """The table in a sheet (the first one by default); formulas give their last computed value.

    Numbers and dates become their plain text: ``1.5``, ``2026-01-31``; raises ``TabularError``.
    """
    if source.seek(0, os.SEEK_END) > limits.file_bytes:
        raise FileTooLarge(maximum=limits.file_bytes)
    try:
        check_archive(source, limits)
        lines = _open_sheet(source, sheet, limits)
    except _DAMAGE as error:
        raise DamagedFile from error
    return build_table(_guarded(lines), limits)


def _open_sheet(source: BinaryIO, sheet: str | None, limits: Limits) -> Iterator[tuple[int, Sequence[str]]]:
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    source.seek(0)
    workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    titles = [each.title for each in workbook.worksheets]
    if sheet is not None and sheet not in titles:
        raise NoSuchSheet(sheet=sheet, sheets=", ".join(titles))
    chosen = workbook[sheet] if sheet is not None else workbook.worksheets[0]
    if not isinstance(chosen, ReadOnlyWorksheet):
        raise DamagedFile
    chosen.reset_dimensions()  # a forged dimension would invent empty cells
    cells = chosen.iter_rows(max_col=limits.columns + 1, max_row=limits.rows + 2, values_only=True)
    return ((number, [cell_text(cell) for cell in row]) for number, row in enumerate(cells, start=1))


def _guarded(lines: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        yield from lines
    except _DAMAGE as error:
        raise DamagedFile from error


def cell_text(value: object) -> str:
    """The plain text of a cell value: decimals with a point, no exponent, ISO dates, ``true`` and ``false``."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return format(Decimal(int(value) if value.is_integer() else repr(value)), "f")
        case dt.date() | dt.time():
            return _moment(value)
        case _:
            return str(value)


def _moment(value: dt.date | dt.time) -> str:
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
    return value.isoformat()[:10] if midnight else value.isoformat()
