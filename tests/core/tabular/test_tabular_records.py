"""JSON and XML lists: read as the same tables, refused when they are not flat, written so that they read back."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.tabular import TabularError, read_json, read_table, read_xml, write_json, write_xml

TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn")), max_size=20)


def _rows(content: bytes) -> list[dict[str, str]]:
    return [dict(row.values) for row in read_table(io.BytesIO(content))]


@pytest.mark.rule("CAT-11")
def test_a_list_reads_the_same_in_every_format() -> None:
    expected = [{"code": "P1", "price": "12.50", "name": ""}, {"code": "P2", "price": "0", "name": "Gant"}]

    assert _rows(b"code,price,name\nP1,12.50,\nP2,0,Gant\n") == expected
    assert _rows(
        b'\xef\xbb\xbf {"items": [{"code": "P1", "price": 12.50}, {"code": "P2", "price": 0, "name": "Gant"}]}'
    ) == [
        {"code": "P1", "price": "12.50", "name": ""},
        {"code": "P2", "price": "0", "name": "Gant"},
    ]
    assert (
        _rows(
            b"<items><item><code>P1</code><price>12.50</price></item>"
            b"<item><code>P2</code><price>0</price><name>Gant</name></item></items>"
        )
        == expected
    )


@pytest.mark.rule("attack 69", "attack 74")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'[{"a": [1]}]', "tabular.damaged_list"),
        (b'[{"a": {"b": 1}}]', "tabular.damaged_list"),
        (b'[{"a": NaN}]', "tabular.damaged_list"),
        (b'{"a": 1, "b": 2}', "tabular.damaged_list"),
        (b"[" * 100_000, "tabular.damaged_list"),
        (b"[1]", "tabular.damaged_list"),
        (b"[]", "tabular.empty_file"),
        (b'[{" ": 1}]', "tabular.blank_header"),
        (b"<a><b><c><d>1</d></c></b></a>", "tabular.damaged_list"),
        (b"<a><b><c>1</c><c>2</c></b></a>", "tabular.damaged_list"),
        (b"<a><b>text</b></a>", "tabular.damaged_list"),
        (b"<a><b>", "tabular.damaged_list"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a><b><c>&x;</c></b></a>', "tabular.forbidden_declaration"),
        (b'<?xml version="1.0" encoding="no-such-code"?><a><b><c>1</c></b></a>', "tabular.damaged_list"),
        (b'<?xml version="1.0" encoding="utf-7"?><a><b><c>1</c></b></a>', "tabular.damaged_list"),
    ],
)
def test_broken_and_nested_lists_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(TabularError) as refusal:
        _rows(content)

    assert refusal.value.code == code


@pytest.mark.rule("attack 63")
@given(st.lists(st.tuples(TEXTS.filter(lambda text: text.strip()), TEXTS), min_size=1, max_size=5))
def test_what_is_written_reads_back(rows: list[tuple[str, str]]) -> None:
    for write, read in ((write_json, read_json), (write_xml, read_xml)):
        target = io.BytesIO()
        write(target, ["name", "note"], rows)

        found = [(row.values["name"], row.values.get("note", "")) for row in read(target)]

        assert [tuple(cell.removeprefix("'") for cell in row) for row in found] == [
            tuple(cell.removeprefix("'") for cell in row) for row in rows
        ]
