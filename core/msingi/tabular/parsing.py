"""Turns lines of text into typed records, in one of two documented modes (attack 74)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from msingi.tabular.cells import Parser
from msingi.tabular.errors import CellRefused, LineError, MissingColumn, UnknownColumn
from msingi.tabular.table import Row, Table, Unusable, fold_header

T = TypeVar("T")
MAXIMUM_ERRORS: Final = 1_000


class Mode(StrEnum):
    """What one bad line means for the others."""

    ALL_OR_NOTHING = "all_or_nothing"
    SKIP_AND_REPORT = "skip_and_report"


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field comes from: the column's name in the file (or an alias) and the parser of its cells.

    A column that is not ``required`` may be absent from the file; its cells are then empty.
    """

    name: str
    field: str
    parse: Parser[object]
    aliases: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Mapping(Generic[T]):
    """How a line becomes a record: ``build`` is called with one keyword per column's field.

    ``build`` may raise ``CellRefused`` for rules over several columns. Unknown columns are refused unless
    ``ignore_unknown``: a misspelt optional column must not vanish in silence.
    """

    build: Callable[..., T]
    columns: tuple[Column, ...]
    ignore_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Numbered(Generic[T]):
    """A record and the line it came from."""

    line: int
    record: T


class RefusedLine(tuple[LineError, ...]):  # noqa: SLOT001 - it carries the fields that could be read
    """Every error in the cells of a line; ``fields`` are those that could be read, so that more can be told of it."""

    fields: MappingProxyType[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """The outcome of a whole file: no line is lost, ``lines == accepted + refused``.

    In the mode all or nothing ``valid`` is empty as soon as one line is refused. ``errors`` lists at most the
    first ``MAXIMUM_ERRORS`` cell errors; ``refused_lines`` counts all refused lines.
    """

    valid: tuple[Numbered[T], ...]
    errors: tuple[LineError, ...]
    lines: int
    refused_lines: int


def parse(
    table: Table, mapping: Mapping[T], mode: Mode, *, maximum_errors: int = MAXIMUM_ERRORS
) -> Parsed[T]:
    """Read every line in the given mode.

    Raises ``MissingColumn`` or ``UnknownColumn`` before the first line, and ``TabularError`` for a file that breaks
    midway, so that a broken file never counts as half read.
    """
    valid: list[Numbered[T]] = []
    errors: list[LineError] = []
    lines = refused = 0
    for outcome in parse_lines(table, mapping):
        lines += 1
        if isinstance(outcome, Numbered):
            if mode is Mode.SKIP_AND_REPORT or not refused:
                valid.append(outcome)
            continue
        refused += 1
        errors.extend(outcome[: maximum_errors - len(errors)])
        if mode is Mode.ALL_OR_NOTHING:
            valid.clear()
    return Parsed(tuple(valid), tuple(errors), lines, refused)


def parse_lines(table: Table, mapping: Mapping[T]) -> Iterator[Numbered[T] | tuple[LineError, ...]]:
    """Each line's record or all its errors, one at a time: constant memory for a million lines."""
    readers = _match_columns(table.header, mapping)
    return (_parse_row(row, mapping.build, readers) for row in table)


_Reader = tuple[str, Column]


def _match_columns(header: Sequence[str], mapping: Mapping[T]) -> list[_Reader]:
    """Pair each column of the mapping with the header's spelling of it; an absent optional one reads as empty."""
    by_name = {fold_header(name): name for name in header}
    readers: list[_Reader] = []
    missing: list[str] = []
    for column in mapping.columns:
        known = next((by_name.pop(key) for key in _keys(column) if key in by_name), None)
        readers.append((column.name if known is None else known, column))
        if known is None and column.required:
            missing.append(column.name)
    if missing:
        raise MissingColumn(columns=", ".join(missing))
    if by_name and not mapping.ignore_unknown:
        known = ", ".join(column.name for column in mapping.columns)
        raise UnknownColumn(columns=", ".join(by_name.values()), known=known)
    return readers


def _keys(column: Column) -> Iterable[str]:
    return map(fold_header, (column.name, *column.aliases))


def _parse_row(
    row: Row, build: Callable[..., T], readers: Sequence[_Reader]
) -> Numbered[T] | tuple[LineError, ...]:
    errors: list[LineError] = []
    fields: dict[str, object] = {}
    if row.extra:
        errors.append(LineError(row.line, "", "tabular.too_many_cells", {"cells": len(row.extra)}))
    for header, column in readers:
        try:
            fields[column.field] = column.parse(_usable(row.values.get(header, "")))
        except CellRefused as refusal:
            errors.append(LineError(row.line, header, refusal.code, refusal.params))
    if errors:
        refused = RefusedLine(errors)
        refused.fields = MappingProxyType(fields)
        return refused
    try:
        return Numbered(row.line, build(**fields))
    except CellRefused as refusal:
        return (LineError(row.line, refusal.column, refusal.code, refusal.params),)


def _usable(cell: str) -> str:
    if isinstance(cell, Unusable):
        raise CellRefused(cell.code)
    return cell
