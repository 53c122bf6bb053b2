"""Refusals of tabular files: whole-file errors are raised, cell errors are listed line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final

from msingi.errors import DomainError

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tabular.required": "A value is required.",
        "tabular.control_character": "The text holds a character that cannot be stored.",
        "tabular.too_long": "The text is longer than {maximum} characters.",
        "tabular.not_a_number": "This is not a number.",
        "tabular.not_an_integer": "This is not a whole number.",
        "tabular.ambiguous_number": "Write the decimals with “{decimal}” and no other separator than spaces.",
        "tabular.mixed_digits": "The number mixes digits of several scripts.",
        "tabular.too_many_decimals": "At most {places} decimals are allowed.",
        "tabular.too_small": "The smallest allowed value is {minimum}.",
        "tabular.too_large": "The largest allowed value is {maximum}.",
        "tabular.not_a_date": "Write the date as YYYY-MM-DD or DD/MM/YYYY.",
        "tabular.unknown_choice": "Choose one of: {allowed}.",
        "tabular.no_result": "The cell has a formula without its result: save the workbook once in your spreadsheet, so that it holds the results.",
        "tabular.error_value": "The cell shows an error instead of a value: mend its formula, or write the value itself.",
        "tabular.too_many_cells": "The line has {cells} cells more than the header.",
    }
)
"""The English text of every cell-level code; it is also the key of the translation."""


@dataclass(frozen=True, slots=True)
class LineError:
    """One refused cell; the value itself is never kept, it may be about a patient."""

    line: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English text, filled with the parameters."""
        return REASONS[self.code].format(**self.params)


class CellRefused(Exception):
    """A parser or a line builder refuses a value; ``column`` is set by builders that blame one."""

    def __init__(self, code: str, /, *, column: str = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.params = params


class TabularError(DomainError):
    """The file as a whole cannot be read; nothing of it is kept (attack 74)."""

    code: ClassVar[str] = "tabular.refused"
    template: ClassVar[str] = "The file was refused."


class EmptyFile(TabularError):
    """The file has no header line."""

    code = "tabular.empty_file"
    template = "The file is empty: its first line must name the columns."


class BlankHeader(TabularError):
    """The line that should name the columns holds blanks and nothing else."""

    code = "tabular.blank_header"
    template = "The first line holds only blanks: it must name the columns."


class NoLines(TabularError):
    """A list names its columns and holds nothing else."""

    code = "tabular.no_lines"
    template = "The list names its columns and has no line below them: nothing was read."


class UnknownEncoding(TabularError):
    """The bytes are neither UTF-8 nor UTF-16 with a mark nor Windows-1252."""

    code = "tabular.unknown_encoding"
    template = "The file is not a readable text. Save it again as CSV UTF-8."


class BrokenQuoting(TabularError):
    """A quotation mark is never closed or stands inside a quoted cell."""

    code = "tabular.broken_quoting"
    template = "The quotation marks are broken near line {line}."


class DamagedFile(TabularError):
    """The workbook is not a readable XLSX file."""

    code = "tabular.damaged_file"
    template = "The workbook is damaged. Save it again as XLSX or CSV."


class ForbiddenDeclaration(TabularError):
    """An XML part declares a document type, the way of entity bombs (attack 69)."""

    code = "tabular.forbidden_declaration"
    template = "The file holds an XML declaration that is not allowed."


class FileTooLarge(TabularError):
    """The file has more bytes than the limit."""

    code = "tabular.file_too_large"
    template = "The file is larger than {maximum} bytes."


class UnpackedTooLarge(TabularError):
    """The workbook would unpack to more than the limit (attack 64)."""

    code = "tabular.unpacked_too_large"
    template = "The workbook unpacks to more than {maximum} bytes. Send large tables as CSV."


class WorkbookTooLarge(TabularError):
    """The workbook has more cells than the limit; reading them would take minutes (attack 64)."""

    code = "tabular.workbook_too_large"
    template = "The workbook has more than {maximum} cells. Send large tables as CSV."


class TooManyParts(TabularError):
    """The workbook is an archive of more parts than the limit (attack 64)."""

    code = "tabular.too_many_parts"
    template = "The workbook has more than {maximum} parts."


class TooManyRows(TabularError):
    """The table has more lines than the limit."""

    code = "tabular.too_many_rows"
    template = "The table has more than {maximum} lines."


class TooManyColumns(TabularError):
    """The header names more columns than the limit."""

    code = "tabular.too_many_columns"
    template = "The table has more than {maximum} columns."


class CellTooLong(TabularError):
    """A cell holds more characters than the limit, often because a quotation mark is not closed."""

    code = "tabular.cell_too_long"
    template = "Line {line} has a cell of more than {maximum} characters."


class DamagedList(TabularError):
    """A JSON or XML list is broken, or its records are not flat."""

    code = "tabular.damaged_list"
    template = "The list is damaged or not flat: write one record per entry, with texts and numbers only."


class DamagedXml(TabularError):
    """The bytes are no XML document, or it is cut off."""

    code = "tabular.damaged_xml"
    template = "The file is not a complete XML document: look near line {line}."


class TreeTooLarge(TabularError):
    """An XML document has more elements, deeper ones or longer texts than any list of the field (attack 64)."""

    code = "tabular.tree_too_large"
    template = "The XML document has too many elements, too many levels or too long a text."


class NoSuchSheet(TabularError):
    """The workbook has no sheet of that name."""

    code = "tabular.no_such_sheet"
    template = "The workbook has no sheet “{sheet}”. It has: {sheets}."


class MissingColumn(TabularError):
    """Required columns are not in the header."""

    code = "tabular.missing_column"
    template = "These columns are missing: {columns}."


class UnknownColumn(TabularError):
    """The header names columns that the import does not know."""

    code = "tabular.unknown_column"
    template = "These columns are not known: {columns}. The list may have: {known}."


class DuplicateColumn(TabularError):
    """The header names a column twice."""

    code = "tabular.duplicate_column"
    template = "These columns appear more than once: {columns}."


class UncomputedHeader(TabularError):
    """The name of a column is a formula without a stored result, or an error value."""

    code = "tabular.uncomputed_header"
    template = (
        "The name of column {position} is a formula without a result, or an error: write the name itself."
    )


class UnnamedColumn(TabularError):
    """A header cell is empty between named ones."""

    code = "tabular.unnamed_column"
    template = "Column {position} has no name."
