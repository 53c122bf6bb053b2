"""Reads a tabular file by what it is, not by what its name says."""

from typing import BinaryIO, Final

from msingi.tabular.csv_reading import read_csv
from msingi.tabular.table import DEFAULT_LIMITS, Limits, Table
from msingi.tabular.xlsx_reading import read_xlsx

_ARCHIVE: Final = b"PK\x03\x04"


def read_table(source: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The table in a seekable XLSX or CSV file, told apart by the first bytes; raises ``TabularError``."""
    source.seek(0)
    if source.read(len(_ARCHIVE)) == _ARCHIVE:
        return read_xlsx(source, limits=limits)
    return read_csv(source, limits=limits)
