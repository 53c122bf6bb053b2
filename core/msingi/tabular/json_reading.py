"""Reads JSON lists: an array of flat objects, alone or as the only member of an object."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from msingi.tabular.errors import DamagedList, FileTooLarge
from msingi.tabular.table import DEFAULT_LIMITS, Limits, Table, build_table

MOST_BYTES: Final = 32 * 1024 * 1024
"""Largest list; it is held in memory as a whole. Longer ones come as CSV."""


def read_json(source: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> Table:
    """The table of a JSON list; its columns are the names of the members of all records, lines count records.

    Numbers keep the digits that were written. Raises ``TabularError`` for anything else than flat records.
    """
    if source.seek(0, os.SEEK_END) > min(MOST_BYTES, limits.file_bytes):
        raise FileTooLarge(maximum=min(MOST_BYTES, limits.file_bytes))
    source.seek(0)
    try:
        found = json.loads(source.read(), parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise DamagedList from error
    return table_of(list(_records(found)), limits)


def table_of(records: Sequence[Mapping[str, str]], limits: Limits) -> Table:
    """Records as a table; a record without a column has an empty cell there."""
    columns = list(dict.fromkeys(name for record in records for name in record))
    lines = ([record.get(name, "") for name in columns] for record in records)
    return build_table(enumerate([columns, *lines]), limits)


def _records(found: Any) -> Iterator[dict[str, str]]:
    if isinstance(found, dict) and len(found) == 1:
        (found,) = found.values()
    if not isinstance(found, list):
        raise DamagedList
    for record in found:
        if not isinstance(record, dict):
            raise DamagedList
        yield {name: _cell(value) for name, value in record.items()}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise DamagedList
    return value


def _refuse(_constant: str) -> str:
    raise ValueError("not a number")
