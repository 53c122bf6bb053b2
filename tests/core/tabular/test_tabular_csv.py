"""CSV files as people save them: encodings, delimiters, broken files."""

import io

import pytest

from msingi.tabular import Limits, Row, TabularError, read_csv, read_table


def rows_of(data: bytes, delimiter: str | None = None) -> list[Row]:
    return list(read_csv(io.BytesIO(data), delimiter=delimiter))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_reads_accents_in_each_encoding(encoding: str) -> None:
    data = "nom,région\nPoste de santé d\u2019Été,Extrême-Nord\n".encode(encoding)

    assert rows_of(data) == [Row(2, {"nom": "Poste de santé d\u2019Été", "région": "Extrême-Nord"})]


def test_takes_the_encoding_from_the_whole_file() -> None:
    data = b"nom\n" + b"plain\n" * 300_000 + "santé\n".encode("cp1252")

    *_, last = rows_of(data)

    assert last == Row(300_002, {"nom": "santé"})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a;b\n1,5;2\n", {"a": "1,5", "b": "2"}),
        (b"a\tb\n1\t2\n", {"a": "1", "b": "2"}),
        (b'"x;y;z",b\n1,2\n', {"x;y;z": "1", "b": "2"}),
        (b"\n\n a ,b\n1,2\n", {"a": "1", "b": "2"}),
        (b"only\n1\n", {"only": "1"}),
    ],
)
def test_finds_the_delimiter_in_the_header(data: bytes, expected: dict[str, str]) -> None:
    assert [row.values for row in rows_of(data)] == [expected]


def test_a_given_delimiter_wins() -> None:
    assert rows_of(b"a,x;b\n1;2\n", delimiter=";") == [Row(2, {"a,x": "1", "b": "2"})]


def test_numbers_lines_as_an_editor_shows_them() -> None:
    data = b'a,b\n"two\nlines",1\n\nshort\nlong,2,,extra\n'

    assert rows_of(data) == [
        Row(2, {"a": "two\nlines", "b": "1"}),
        Row(5, {"a": "short", "b": ""}),
        Row(6, {"a": "long", "b": "2"}, ("", "extra")),
    ]


@pytest.mark.rule("attack 63")
@pytest.mark.parametrize("text", ["=1+1", "+237 6", "-5", "@x", "'=1", " padded "])
def test_import_keeps_the_text(text: str) -> None:
    assert [row.values["a"] for row in rows_of(f"a,b\n{text},1\n".encode())] == [text]


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (b"", "tabular.empty_file", {}),
        (b"\n,,\n", "tabular.empty_file", {}),
        (b" \na,b\n1,2\n", "tabular.blank_header", {}),
        (b" , \na,b\n1,2\n", "tabular.blank_header", {}),
        (b" ", "tabular.blank_header", {}),
        ("\u00a0\na,b\n".encode(), "tabular.blank_header", {}),
        (b"a,A,b\n", "tabular.duplicate_column", {"columns": "A, a"}),
        (b"a,,b\n", "tabular.unnamed_column", {"position": 2}),
        (b"a,b\n\x81,1\n", "tabular.unknown_encoding", {}),
        (b"\xff\xfea\x00\x00", "tabular.unknown_encoding", {}),
        (b'a,b\n1,2\n"x"y,2\n', "tabular.broken_quoting", {"line": 3}),
        (b'a,b\n1,2\n"never closed,2\n', "tabular.broken_quoting", {"line": 3}),
        (b"a\n" + b"x" * 40_000, "tabular.cell_too_long", {"line": 2, "maximum": 32_767}),
        (b'a\n"' + b"x\n" * 100_000, "tabular.cell_too_long", {"line": 2, "maximum": 32_767}),
    ],
)
def test_refuses_a_file_without_sense(data: bytes, code: str, params: dict[str, object]) -> None:
    with pytest.raises(TabularError) as refusal:
        rows_of(data)

    assert (refusal.value.code, refusal.value.params) == (code, params)
    assert "{" not in str(refusal.value)


@pytest.mark.rule("attack 65")
@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=7), "tabular.file_too_large"),
        (Limits(rows=1), "tabular.too_many_rows"),
        (Limits(columns=1), "tabular.too_many_columns"),
    ],
)
def test_caps_the_size(limits: Limits, code: str) -> None:
    with pytest.raises(TabularError) as refusal:
        list(read_csv(io.BytesIO(b"a,b\n1,2\n3,4\n"), limits=limits))

    assert refusal.value.code == code


def test_leaves_the_file_open_for_its_owner() -> None:
    source = io.BytesIO(b"a\n1\n")

    list(read_table(source))

    assert source.seek(0) == 0


def test_a_column_name_is_folded_without_locale() -> None:
    with pytest.raises(TabularError) as refusal:
        rows_of("ID,id,\u0131d\n".encode())

    assert refusal.value.params == {"columns": "ID, id"}
