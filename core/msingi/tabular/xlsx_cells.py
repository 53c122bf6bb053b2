"""The cells of a sheet as its file holds them: text, or what is not to be used because no program computed it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from msingi.tabular.cell_texts import cell_text
from msingi.tabular.errors import DamagedFile
from msingi.tabular.table import Limits, Unusable

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_FORMULA: Final = "f"
_ERROR: Final = "e"
_TEXT: Final = "str"


def sheet_lines(sheet: "ReadOnlyWorksheet", limits: Limits) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines of a sheet up to its last cell each; what lies beyond the limits is not read.

    A formula without a stored result and an error value become ``Unusable`` cells.
    """
    book: Any = sheet.parent
    with sheet._get_source() as source:  # type: ignore[attr-defined]  # noqa: SLF001
        parser = _Parser(
            source,
            sheet._shared_strings,  # type: ignore[attr-defined]  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        before = 0
        for number, cells in parser.parse():
            if number > limits.rows + 2:
                return
            if number <= before:
                raise DamagedFile
            before = number
            yield number, _line(cells, limits.columns + 1)


def _line(cells: Sequence[dict[str, Any]], most: int) -> list[str]:
    found = {cell["column"]: _text(cell) for cell in cells if cell["column"] <= most}
    return [found.get(column, "") for column in range(1, max(found, default=0) + 1)]


def _text(cell: dict[str, Any]) -> str:
    if cell["data_type"] == _FORMULA:
        return Unusable("=", "tabular.no_result")
    if cell["data_type"] == _ERROR:
        return Unusable(str(cell["value"] or "#"), "tabular.error_value")
    return cell_text(cell["value"])


class _Parser(WorkSheetParser):
    """Tells a formula that no program computed from an empty cell; one that gives an empty text is computed."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        if element.get("t", "n") == "n":
            _check_number(element.findtext(VALUE_TAG) or "")
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            computed = element.get("t") == _TEXT and element.find(VALUE_TAG) is not None
            cell["data_type"] = cell["data_type"] if computed else _FORMULA
        return cell


def _check_number(written: str) -> None:
    """Refuse what only Python takes as a number: ``1_00``, and digits of other scripts."""
    if "_" in written or not written.isascii():
        raise DamagedFile
