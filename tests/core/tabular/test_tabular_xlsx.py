"""XLSX workbooks: values as text, and archives that try to exhaust the machine."""

import datetime as dt
import io
import struct
import zipfile
from typing import Literal

import pytest
from openpyxl import Workbook

from msingi.tabular import (
    Column,
    Limits,
    LineError,
    Mapping,
    Mode,
    Row,
    TabularError,
    cells,
    parse,
    read_table,
    read_xlsx,
)

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: tuple[object, ...]) -> io.BytesIO:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target


def with_part(source: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return target


def sheet_xml(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def refused(source: io.BytesIO, limits: Limits | None = None) -> tuple[str, dict[str, object]]:
    with pytest.raises(TabularError) as refusal:
        list(read_xlsx(source, limits=limits or Limits()))
    return refusal.value.code, refusal.value.params


def test_reads_values_as_plain_text() -> None:
    source = workbook(
        ("id", "amount", "small", "whole", "day", "instant", "yes", "none"),
        (
            "01",
            1.5,
            1e-7,
            3.0,
            dt.date(2026, 1, 31),
            dt.datetime.fromisoformat("2026-01-31T08:30"),
            True,
            None,
        ),
    )

    [row] = read_table(source)

    assert list(row.values.values()) == [
        "01",
        "1.5",
        "0.0000001",
        "3",
        "2026-01-31",
        "2026-01-31T08:30:00",
        "true",
        "",
    ]


def test_numbers_lines_like_the_spreadsheet() -> None:
    source = workbook((), ("a", "b"), (1, 2), (), (3, None, None, "beyond"))

    assert list(read_xlsx(source)) == [
        Row(3, {"a": "1", "b": "2"}),
        Row(5, {"a": "3", "b": ""}, ("", "beyond")),
    ]


def test_refuses_a_first_line_of_blanks() -> None:
    assert refused(workbook((" ", "\u00a0"), ("a", "b"))) == ("tabular.blank_header", {})


def test_picks_a_sheet_by_name() -> None:
    book = Workbook()
    book.create_sheet("Communes").append(["name"])
    source = io.BytesIO()
    book.save(source)

    assert read_xlsx(source, sheet="Communes").header == ("name",)
    with pytest.raises(TabularError) as refusal:
        read_xlsx(source, sheet="Zones")
    assert refusal.value.params == {"sheet": "Zones", "sheets": "Sheet, Communes"}


@pytest.mark.rule("attack 63")
def test_keeps_a_text_that_looks_like_a_formula() -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    bait = '<row r="2"><c r="A2" t="inlineStr"><is><t>=1+1</t></is></c></row>'

    [row] = read_xlsx(with_part(workbook(), SHEET, sheet_xml(cell + bait)))

    assert row == Row(2, {"a": "=1+1"})


@pytest.mark.rule("attack 64")
def test_refuses_a_sheet_that_unpacks_to_more_than_the_cap() -> None:
    bomb = with_part(workbook(("a",)), SHEET, sheet_xml("<row/>" * 12_000_000))

    assert len(bomb.getvalue()) < 200_000
    assert refused(bomb) == ("tabular.unpacked_too_large", {"maximum": 64 * 1024 * 1024})


@pytest.mark.rule("attack 64")
@pytest.mark.parametrize(
    ("name", "content", "maximum"),
    [
        ("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 1_000_000 + b"</styleSheet>", 4 * 1024 * 1024),
        ("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 4_000_000 + b"</sst>", 16 * 1024 * 1024),
        (SHEET, sheet_xml("<row>" + "<c/>" * 200_000 + "</row>"), 512 * 1024),
    ],
    ids=["styles", "shared texts", "one endless row"],
)
def test_refuses_a_part_that_would_fill_the_memory(name: str, content: bytes, maximum: int) -> None:
    bomb = with_part(workbook(("a",)), name, content)

    assert refused(bomb) == ("tabular.unpacked_too_large", {"maximum": maximum})


@pytest.mark.rule("attack 64")
def test_refuses_an_archive_that_lies_about_its_sizes() -> None:
    honest = with_part(workbook(("a",)), SHEET, sheet_xml("<row/>" * 100_000)).getvalue()
    real = len(sheet_xml("<row/>" * 100_000))
    forged = honest.replace(struct.pack("<I", real), struct.pack("<I", 100))

    assert forged != honest
    assert refused(io.BytesIO(forged)) == ("tabular.damaged_file", {})


@pytest.mark.rule("attack 64")
def test_refuses_more_cells_than_can_be_read_in_time() -> None:
    many = with_part(workbook(("a",)), SHEET, sheet_xml(("<row>" + "<c/>" * 100 + "</row>") * 1_000))

    assert refused(many, Limits(cells=90_000)) == ("tabular.workbook_too_large", {"maximum": 90_000})


@pytest.mark.rule("attack 64")
def test_refuses_too_many_parts() -> None:
    assert refused(workbook(("a",)), Limits(parts=3)) == ("tabular.too_many_parts", {"maximum": 3})


@pytest.mark.rule("attack 64")
def test_a_far_away_cell_costs_no_more_than_the_cap() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
    low = '<row r="1048576"><c r="A1048576"><v>3</v></c></row>'

    table = read_xlsx(
        with_part(workbook(), SHEET, sheet_xml(far + low)), limits=Limits(rows=1_000, columns=5)
    )

    assert table.header == ("1",)
    assert list(table) == []


@pytest.mark.rule("attack 69")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_refuses_a_document_type(encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    source = with_part(workbook(("a",)), SHEET, laughs.encode(encoding))

    assert refused(source) == ("tabular.forbidden_declaration", {})


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04 not an archive", b"", b"\xd0\xcf\x11\xe0 an old workbook"],
    ids=["cut", "empty", "xls"],
)
def test_refuses_what_is_no_workbook(data: bytes) -> None:
    assert refused(io.BytesIO(data)) == ("tabular.damaged_file", {})


def test_refuses_a_workbook_that_breaks_midway() -> None:
    broken = sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>99</v></c></row>'
    )

    assert refused(with_part(workbook(), SHEET, broken)) == ("tabular.damaged_file", {})


def test_refuses_a_workbook_larger_than_the_cap() -> None:
    assert refused(workbook(("a",)), Limits(file_bytes=100)) == ("tabular.file_too_large", {"maximum": 100})


def names(rows: str) -> str:
    """The rows of a sheet under a header with two columns."""
    return (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c>'
        f'<c r="B1" t="inlineStr"><is><t>price</t></is></c></row>{rows}'
    )


def refused_cells(source: io.BytesIO) -> list[tuple[int, str, str]]:
    columns = (
        Column("code", "code", cells.optional(cells.text())),
        Column("price", "price", cells.optional(cells.decimal())),
    )
    read = parse(read_xlsx(source), Mapping(dict[str, object], columns), Mode.SKIP_AND_REPORT)
    assert read.refused_lines == len({error.line for error in read.errors})
    return [(error.line, error.column, error.code) for error in read.errors]


@pytest.mark.rule("attack 74")
def test_a_formula_that_nobody_computed_refuses_its_line() -> None:
    source = workbook(("code", "price"), ("A", "=5*12"), ("B", 50), ("=A1", "=5*12"))

    assert refused_cells(source) == [
        (2, "price", "tabular.no_result"),
        (4, "code", "tabular.no_result"),
        (4, "price", "tabular.no_result"),
    ]


@pytest.mark.rule("attack 74")
@pytest.mark.parametrize("cell", ["<f>5*12</f>", "<f>5*12</f><v/>", '<f t="shared" si="0"/><v></v>'])
def test_no_way_of_leaving_a_result_out_reads_as_empty(cell: str) -> None:
    source = with_part(workbook(), SHEET, sheet_xml(names(f'<row r="2"><c r="B2">{cell}</c></row>')))

    assert refused_cells(source) == [(2, "price", "tabular.no_result")]


def test_a_computed_formula_gives_its_result_and_an_empty_text_is_one() -> None:
    rows = (
        '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><f>5*12</f><v>60</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>""</f><v></v></c></row>'
    )

    assert list(read_xlsx(with_part(workbook(), SHEET, sheet_xml(names(rows))))) == [
        Row(2, {"code": "", "price": "60"})
    ]


@pytest.mark.rule("attack 74")
@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_value_refuses_its_line(error: str) -> None:
    source = workbook(("code", "price"), ("A", 1), (error, 2), ("B", error))

    assert refused_cells(source) == [
        (3, "code", "tabular.error_value"),
        (4, "price", "tabular.error_value"),
    ]


def test_a_cell_of_a_column_that_is_not_read_refuses_nothing() -> None:
    mapping = Mapping(dict[str, object], (Column("code", "code", cells.text()),), ignore_unknown=True)

    read = parse(read_xlsx(workbook(("code", "note"), ("A", "=1"))), mapping, Mode.ALL_OR_NOTHING)

    assert [each.record for each in read.valid] == [{"code": "A"}]


def test_an_unusable_cell_says_what_to_do() -> None:
    error = LineError(2, "price", "tabular.no_result")

    assert "save the workbook once in your spreadsheet" in error.message


@pytest.mark.parametrize("name", ["=A2", "#REF!"])
def test_no_column_is_named_by_a_formula_or_an_error(name: str) -> None:
    assert refused(workbook(("code", name), ("A", 1))) == ("tabular.uncomputed_header", {"position": 2})


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_reads_the_first_sheet_that_people_see(state: Literal["hidden", "veryHidden"]) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["old"])
    page.sheet_state = state
    book.create_sheet("Seen").append(["code"])
    book.active = 1
    source = io.BytesIO()
    book.save(source)

    assert read_xlsx(source).header == ("code",)
    with pytest.raises(TabularError) as refusal:
        read_xlsx(source, sheet="Sheet")
    assert refusal.value.params == {"sheet": "Sheet", "sheets": "Seen"}


def test_refuses_lines_out_of_order() -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c></row>' * 2

    assert refused(with_part(workbook(), SHEET, sheet_xml(names(rows)))) == ("tabular.damaged_file", {})


@pytest.mark.rule("attack 54")
@pytest.mark.parametrize("number", ["1_00", "1_0.5", "\uff11\uff10"])
def test_refuses_a_number_that_no_spreadsheet_writes(number: str) -> None:
    rows = f'<row r="2"><c r="B2"><v>{number}</v></c></row>'

    assert refused(with_part(workbook(), SHEET, sheet_xml(names(rows)))) == ("tabular.damaged_file", {})
