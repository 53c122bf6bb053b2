"""What a tabular file is, whatever its format: a header and numbered lines of text."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from msingi.tabular.errors import (
    BlankHeader,
    CellTooLong,
    DuplicateColumn,
    EmptyFile,
    TooManyColumns,
    TooManyRows,
    UncomputedHeader,
    UnnamedColumn,
)

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps of a file, checked before or while reading (attacks 64, 65).

    Workbooks are read through an XML tree that costs several times its bytes, so their unpacked size is capped
    far below that of CSV: a million lines come as CSV.
    """

    file_bytes: int = 256 * MIB
    unpacked_bytes: int = 64 * MIB
    text_table_bytes: int = 16 * MIB
    part_bytes: int = 4 * MIB
    row_bytes: int = MIB // 2
    cells: int = 3_000_000
    parts: int = 1_000
    rows: int = 1_048_576
    columns: int = 256
    cell_characters: int = 32_767


DEFAULT_LIMITS = Limits()


class Unusable(str):
    """A cell that must not be used: what the file shows there, and the code of the reason."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, shown: str, code: str) -> Self:
        """Keep the reason with the text."""
        cell = super().__new__(cls, shown)
        cell.code = code
        return cell


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the number a person sees in an editor, its cells by column, and cells beyond the header."""

    line: int
    values: Mapping[str, str]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its lines; the lines are read once, while they are iterated."""

    header: tuple[str, ...]
    rows: Iterator[Row]

    def __iter__(self) -> Iterator[Row]:
        return self.rows


def fold_header(name: str) -> str:
    """The comparison form of a column name: NFC, trimmed, case-folded without regard to the locale.

    ``I`` always folds to ``i``; the Turkish dotless i (U+0131) stays another letter (attack 60).
    """
    return unicodedata.normalize("NFC", name).strip().casefold()


def build_table(lines: Iterable[tuple[int, Sequence[str]]], limits: Limits) -> Table:
    """The table whose first line with content is the header; raises ``TabularError`` for a header without sense."""
    numbered = iter(lines)
    for _, cells in numbered:
        if any(cells):
            header = _read_header(cells, limits)
            return Table(header, _rows(numbered, header, limits))
    raise EmptyFile


def _read_header(cells: Sequence[str], limits: Limits) -> tuple[str, ...]:
    for position, cell in enumerate(cells, start=1):
        if isinstance(cell, Unusable):
            raise UncomputedHeader(position=position)
    names = [cell.strip() for cell in cells]
    if not any(names):
        raise BlankHeader
    while not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise TooManyColumns(maximum=limits.columns)
    if "" in names:
        raise UnnamedColumn(position=names.index("") + 1)
    counts = Counter(map(fold_header, names))
    twice = sorted({name for name in names if counts[fold_header(name)] > 1})
    if twice:
        raise DuplicateColumn(columns=", ".join(twice))
    return tuple(names)


def _rows(
    lines: Iterator[tuple[int, Sequence[str]]], header: tuple[str, ...], limits: Limits
) -> Iterator[Row]:
    width = len(header)
    blanks = ("",) * width
    count = 0
    for line, cells in lines:
        if not any(cells):
            continue
        count += 1
        if count > limits.rows:
            raise TooManyRows(maximum=limits.rows)
        if max(map(len, cells)) > limits.cell_characters:
            raise CellTooLong(line=line, maximum=limits.cell_characters)
        filled = cells if len(cells) >= width else (*cells, *blanks[len(cells) :])
        yield Row(
            line, dict(zip(header, filled, strict=False)), _extra(cells[width:]) if len(cells) > width else ()
        )


def _extra(cells: Sequence[str]) -> tuple[str, ...]:
    last = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return tuple(cells[:last])
