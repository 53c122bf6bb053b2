"""Exports open as plain data in a spreadsheet and read back as they were written."""

import csv
import datetime as dt
import io
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from msingi.tabular import (
    Cell,
    TabularError,
    csv_chunks,
    neutralise,
    read_csv,
    read_xlsx,
    write_csv,
    write_xlsx,
)

BAIT = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]


def as_csv(*rows: tuple[Cell, ...], header: tuple[str, ...] = ("a", "b"), delimiter: str = ",") -> bytes:
    target = io.BytesIO()
    write_csv(target, header, rows, delimiter=delimiter)
    return target.getvalue()


def as_xlsx(*rows: tuple[Cell, ...], header: tuple[str, ...] = ("a", "b")) -> io.BytesIO:
    target = io.BytesIO()
    write_xlsx(target, header, rows)
    return target


@pytest.mark.rule("attack 63")
@pytest.mark.parametrize("bait", BAIT)
def test_neutralises_what_a_spreadsheet_would_compute(bait: str) -> None:
    assert neutralise(bait) == "'" + bait


@pytest.mark.rule("attack 63")
@pytest.mark.parametrize("text", ["", "a=1", "N'Djamena", " =1", "'=1", "1-2"])
def test_leaves_other_text_alone(text: str) -> None:
    assert neutralise(text) == text


@pytest.mark.rule("attack 63")
def test_csv_keeps_numbers_and_neutralises_texts() -> None:
    data = as_csv(
        ("-5", -5), ("x;y", Decimal("-0.10")), (None, True), (dt.date(2026, 1, 2), 1e-7), header=("=h", "b")
    )

    assert data == ("\ufeff'=h,b\r\n'-5,-5\r\nx;y,-0.10\r\n,true\r\n2026-01-02,0.0000001\r\n".encode())


@pytest.mark.rule("attack 63")
@pytest.mark.parametrize("bait", BAIT)
def test_xlsx_holds_no_formula(bait: str) -> None:
    book = load_workbook(as_xlsx((bait, -5), header=(bait, "b")))

    page = book.worksheets[0]
    kinds = [[cell.data_type for cell in row] for row in page.iter_rows()]
    assert kinds == [["s", "s"], ["s", "n"]]
    assert str(page["A1"].value).startswith("'")
    assert str(page["A2"].value).startswith("'")
    assert page["B2"].value == -5


def test_xlsx_keeps_types_and_replaces_what_xml_cannot_hold() -> None:
    instant = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)

    rows = list(read_xlsx(as_xlsx(("a\0b\ud800", Decimal("1.5")), (instant, dt.date(2026, 1, 2)))))

    assert [tuple(row.values.values()) for row in rows] == [
        ("a\ufffdb\ufffd", "1.5"),
        ("2026-01-02T03:04:00+00:00", "2026-01-02"),
    ]


def test_xlsx_never_cuts_a_text() -> None:
    with pytest.raises(TabularError) as refusal:
        as_xlsx(("x" * 32_768, 1))

    assert (refusal.value.code, refusal.value.params) == (
        "tabular.cell_too_long",
        {"line": 2, "maximum": 32_767},
    )


def test_a_failed_export_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    with pytest.raises(TabularError):
        as_xlsx(("fine", 1), ("x" * 32_768, 1))

    assert list(tmp_path.iterdir()) == []


def test_csv_comes_in_pieces() -> None:
    pieces = csv_chunks(("n",), ((number,) for number in range(2_500)))

    assert [piece.count(b"\n") for piece in pieces] == [0, 1_001, 1_000, 500]


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.integers())
    )
)
def test_csv_reads_back_what_it_wrote(rows: list[tuple[str, int]]) -> None:
    data = as_csv(*rows)

    read = [tuple(row.values.values()) for row in read_csv(io.BytesIO(data))]

    assert read == [(neutralise(text), str(number)) for text, number in rows]
    assert csv.field_size_limit() == 131_072
