"""Reads CSV files as people save them: three encodings, three delimiters, one strict grammar."""

import codecs
import csv
import io
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from msingi.tabular.errors import BrokenQuoting, CellTooLong, FileTooLarge, UnknownEncoding
from msingi.tabular.table import DEFAULT_LIMITS, Limits, Table, build_table

DELIMITERS: Final = ",;\t"
_CHUNK: Final = 1024 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(source: BinaryIO, *, limits: Limits = DEFAULT_LIMITS, delimiter: str | None = None) -> Table:
    """The table in a seekable CSV file; the delimiter is the most frequent of ``, ; tab`` in the first line.

    The cells keep their text: nothing is trimmed or unquoted beyond the grammar (attack 63).
    """
    size = source.seek(0, os.SEEK_END)
    if size > limits.file_bytes:
        raise FileTooLarge(maximum=limits.file_bytes)
    encoding = sniff_encoding(source)
    chosen = delimiter or sniff_delimiter(_first_line(source, encoding))
    return build_table(_lines(_decoded(source, encoding), chosen, limits), limits)


def sniff_encoding(source: BinaryIO) -> str:
    """The encoding of the whole file: a byte-order mark, else UTF-8 if every byte agrees, else Windows-1252.

    The whole file is read because the first accent may stand in the last line.
    """
    source.seek(0)
    start = source.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp1252"):
        if _decodes(source, encoding):
            return encoding
    raise UnknownEncoding


def sniff_delimiter(header: str) -> str:
    """The delimiter that the header uses most outside quotation marks; the comma when it uses none."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _decodes(source: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    source.seek(0)
    try:
        while chunk := source.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _first_line(source: BinaryIO, encoding: str) -> str:
    try:
        return next((line for line in _decoded(source, encoding) if line.strip()), "")
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error


def _decoded(source: BinaryIO, encoding: str) -> io.TextIOWrapper:
    source.seek(0)
    return _Borrowed(source, encoding=encoding, newline="")


class _Borrowed(io.TextIOWrapper):
    """A text view that leaves the file open: it belongs to the caller."""

    def close(self) -> None:
        self.detach()


def _lines(text: io.TextIOWrapper, delimiter: str, limits: Limits) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise CellTooLong(line=line, maximum=limits.cell_characters) from error
        raise BrokenQuoting(line=line) from error
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error
