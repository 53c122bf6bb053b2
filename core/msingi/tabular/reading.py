"""Reads a tabular file by what it is, not by what its name says."""

from typing import BinaryIO, Final

from msingi.tabular.csv_reading import read_csv
from msingi.tabular.json_reading import read_json
from msingi.tabular.table import DEFAULT_LIMITS, Limits, Table
from msingi.tabular.xlsx_reading import read_xlsx
from msingi.tabular.xml_reading import read_xml

_ARCHIVE: Final = b"PK\x03\x04"
_LOOKED_AT: Final = 1024
_MARK: Final = b"\xef\xbb\xbf"


def read_table(source: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The table in a seekable XLSX, JSON, XML or CSV file, told apart by the first bytes; raises ``TabularError``."""
    source.seek(0)
    start = source.read(_LOOKED_AT)
    if start.startswith(_ARCHIVE):
        return read_xlsx(source, limits=limits)
    match start.removeprefix(_MARK).lstrip()[:1]:
        case b"[" | b"{":
            return read_json(source, limits=limits)
        case b"<":
            return read_xml(source, limits=limits)
    return read_csv(source, limits=limits)
