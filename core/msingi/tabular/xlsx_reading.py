"""Reads one sheet of an XLSX workbook as text, after its archive was judged harmless."""

import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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
    """The table in a sheet that people see, the first one by default; formulas give their last computed value.

    Numbers and dates become their plain text: ``1.5``, ``2026-01-31``; raises ``TabularError``. A formula without a
    stored value and an error value are ``Unusable`` cells, so that their line is refused.
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

    from msingi.tabular.xlsx_cells import sheet_lines

    source.seek(0)
    workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    titles = [each.title for each in workbook.worksheets if each.sheet_state == "visible"]
    if sheet is not None and sheet not in titles:
        raise NoSuchSheet(sheet=sheet, sheets=", ".join(titles))
    chosen = workbook[titles[0] if sheet is None else sheet]
    if not isinstance(chosen, ReadOnlyWorksheet):
        raise DamagedFile
    return sheet_lines(chosen, limits)


def _guarded(lines: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        yield from lines
    except _DAMAGE as error:
        raise DamagedFile from error
