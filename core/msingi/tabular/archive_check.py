"""Judges a workbook's archive before any of it is parsed: sizes, parts, XML declarations (attacks 64, 69)."""

import re
import zipfile
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from msingi.tabular.errors import (
    DamagedFile,
    ForbiddenDeclaration,
    TooManyParts,
    UnpackedTooLarge,
    WorkbookTooLarge,
)
from msingi.tabular.table import Limits

_CHUNK: Final = 64 * 1024
_ROW_START: Final = re.compile(rb"<(?:\w{1,20}:)?row\b")
_CELL_START: Final = re.compile(rb"<(?:\w{1,20}:)?c[\s/>]")
_ENCRYPTED: Final = 0x1


def check_archive(source: BinaryIO, limits: Limits) -> None:
    """Raise a ``TabularError`` for an archive that could exhaust memory or reach outside itself.

    The sizes of the directory can be trusted: reading stops at the declared size and the checksum then fails.
    """
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
        _check_sizes(parts, limits)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_xml(archive, part, limits)


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise TooManyParts(maximum=limits.parts)
    if len({part.filename for part in parts}) < len(parts) or any(p.flag_bits & _ENCRYPTED for p in parts):
        raise DamagedFile
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise UnpackedTooLarge(maximum=limits.unpacked_bytes)
    for part in parts:
        if part.file_size > _part_limit(part.filename, limits):
            raise UnpackedTooLarge(maximum=_part_limit(part.filename, limits))


def _part_limit(name: str, limits: Limits) -> int:
    """Sheets stream; shared texts are held whole in memory; styles and the rest become heavy objects."""
    if "/worksheets/" in name or not name.endswith((".xml", ".rels")):
        return limits.unpacked_bytes
    return limits.text_table_bytes if "sharedStrings" in name else limits.part_bytes


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    with archive.open(part) as stream:
        _check_prolog(stream)
    if "/worksheets/" in part.filename:
        with archive.open(part) as stream:
            _check_row_sizes(stream, limits)


def _check_prolog(stream: IO[bytes]) -> None:
    """A document type may only stand before the root element, so the parser stops there."""
    parser = expat.ParserCreate()
    seen_root = False

    def refuse(*_: object) -> None:
        raise ForbiddenDeclaration

    def stop(*_: object) -> None:
        nonlocal seen_root
        seen_root = True

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    while not seen_root and (chunk := stream.read(_CHUNK)):
        parser.Parse(chunk, False)


def _check_row_sizes(stream: IO[bytes], limits: Limits) -> None:
    """One row is held in memory with all its cells, so the bytes between two row starts are capped.

    The tail of a piece is searched again with the next one; a cell start found twice there is counted twice, which
    only makes the cap of cells a little stricter.
    """
    gap = cells = 0
    tail = b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        starts = [match.start() for match in _ROW_START.finditer(window)]
        gap = len(window) - starts[-1] if starts else gap + len(chunk)
        cells += len(_CELL_START.findall(window))
        if gap > limits.row_bytes:
            raise UnpackedTooLarge(maximum=limits.row_bytes)
        if cells > limits.cells:
            raise WorkbookTooLarge(maximum=limits.cells)
        tail = window[-32:]
