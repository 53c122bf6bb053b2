"""Reads XML lists: a root whose children are records, each with one element of text per column."""

import os
from typing import Any, BinaryIO, Final

from msingi.tabular.errors import DamagedList, FileTooLarge
from msingi.tabular.json_reading import MOST_BYTES, table_of
from msingi.tabular.table import DEFAULT_LIMITS, Limits, Table
from msingi.tabular.xml_parser import UNREADABLE, safe_parser

_CHUNK: Final = 64 * 1024
_RECORD, _CELL = 2, 3
"""Depths: the root is 1, its records 2, their cells 3."""


def read_xml(source: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The table of an XML list; columns are the names of the cells, lines count records.

    A document type is refused before anything of it is read, so that no entity is ever expanded (attack 69).
    """
    most = min(MOST_BYTES, limits.file_bytes)
    if source.seek(0, os.SEEK_END) > most:
        raise FileTooLarge(maximum=most)
    source.seek(0)
    builder = _Builder()
    parser = safe_parser(builder)
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except UNREADABLE as error:
        raise DamagedList from error
    return table_of(builder.records, limits)


class _Builder:
    def __init__(self) -> None:
        self.records: list[dict[str, str]] = []
        self._depth = 0
        self._column = ""

    def start(self, name: str, _attributes: Any) -> None:
        self._depth += 1
        if self._depth > _CELL:
            raise DamagedList
        if self._depth == _RECORD:
            self.records.append({})
        elif self._depth == _CELL:
            self._column = name
            if name in self.records[-1]:
                raise DamagedList
            self.records[-1][name] = ""

    def end(self, _name: str) -> None:
        self._depth -= 1

    def text(self, data: str) -> None:
        if self._depth == _CELL:
            self.records[-1][self._column] += data
        elif data.strip():
            raise DamagedList
