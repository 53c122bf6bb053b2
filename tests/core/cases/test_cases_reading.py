"""Case files: exact numbers, real days, nothing twice or endless, every mistake by its place in two languages."""

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from msingi import cases
from msingi.cases import PLAIN_DIGITS, Day, WrittenDay, WrongCase, read_case_file, sayings_in, told_apart
from msingi.cases.problems import MOST_TOLD, path_in
from msingi.cases.reading import MOST_BYTES
from msingi.i18n import Texts

LOCALE = Path(cases.__file__).parent / "locale"


class Part(BaseModel):
    """A part of the sample."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4), PLAIN_DIGITS] = Decimal(0)
    count: int = 0
    kind: Literal["a", "b"] | Annotated[int, Field(gt=5)] = "a"
    day: Day | None = None
    end: WrittenDay | None = None
    code: Annotated[str, Field(min_length=1, max_length=3)] = "x"


class Sample(BaseModel):
    """A case with parts."""

    model_config = ConfigDict(extra="forbid")

    parts: tuple[Part, ...]


def _read(content: str | bytes) -> Sample:
    return read_case_file(BytesIO(content if isinstance(content, bytes) else content.encode()), Sample)


def _part(text: str) -> str:
    return '{"parts": [{}, {' + text + "}]}"


def _told(content: str | bytes, language: str = "en") -> list[str]:
    with pytest.raises(WrongCase) as refused:
        _read(content)
    return list(refused.value.lines(sayings_in(language)))


@pytest.mark.rule("INS-A1")
@pytest.mark.parametrize("written", ["0.1", '"0.1"', "1e-1", '"1E-1"'])
def test_a_number_is_exactly_what_is_written(written: str) -> None:
    assert _read(_part(f'"amount": {written}')).parts[1].amount == Decimal("0.1")


@pytest.mark.rule("INS-A1")
@pytest.mark.parametrize(
    "written",
    [
        *("NaN", "Infinity", "-Infinity", '"NaN"', '"Infinity"', "1e400", '"1e999999999"', "1e99999999999999999999"),
        *("9" * 5000, "-1", "true", "null", "[]", '"1_000"', '" 1 "', '"\N{ARABIC-INDIC DIGIT ONE}"', '""', "0.00001"),
    ],
    ids=range(18),
)  # fmt: skip
def test_an_impossible_amount_is_refused_at_its_place(written: str) -> None:
    (told,) = _told(_part(f'"amount": {written}'))

    assert told.startswith("$.parts[1].amount: write ")


@pytest.mark.parametrize("written", ["1e999999999", "-1e999999999", "1e-999999999", "9" * 5000])
def test_an_endless_whole_number_is_refused_at_its_place(written: str) -> None:
    """Such an exponent, written out, has a thousand million digits."""
    (told,) = _told(_part(f'"count": {written}'))

    assert told == "$.parts[1].count: write an ordinary number, neither endless nor too large"


@pytest.mark.parametrize(
    "written",
    ['"2026-02-30"', '"20260210"', '"2026-02-10T00:00:00"', "20260210", "0", "true", '"10.02.2026"'],
)
@pytest.mark.parametrize("field", ["day", "end"])
def test_a_day_is_one_of_the_calendar(written: str, field: str) -> None:
    assert _told(_part(f'"{field}": {written}')) == [
        f"$.parts[1].{field}: write a day of the calendar as YYYY-MM-DD"
    ]


def test_days_stay_where_months_can_be_added() -> None:
    assert _told(_part('"day": "2301-01-01"')) == ["$.parts[1].day: write a day from 1850 to 2300"]
    assert str(_read(_part('"end": "9999-12-31"')).parts[1].end) == "9999-12-31"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "$: this is no JSON from line 1, column 1 on"),
        (b'{"parts": [}', "$: this is no JSON from line 1, column 12 on"),
        (b"\xff\xfe{\x00}\x00", "$: the file is not written in UTF-8"),
        (b'{"parts": "\xe9"}', "$: the file is not written in UTF-8"),
        (b"[" * 100_000, "$: the file is nested too deeply"),
        (b"[]", "$: write an object, in braces"),
        (b"{}", "$.parts: this field is needed"),
        (b'{"parts": {}}', "$.parts: write a list, in brackets"),
        (b" " * (MOST_BYTES + 1), "$: the file is larger than 8 MB"),
        (b'{"parts": [], "parts": []}', "$.parts: this name stands twice in its object"),
        (
            b'{"parts": [{"a b": {"x": 1, "x": 2, "x": 3}}]}',
            '$.parts[0]["a b"].x: this name stands twice in its object',
        ),
        (b'{"parts": [], "\\u00e9": 1}', '$["\\u00e9"]: there is no such field; check the spelling'),
        (b'{"parts": [{"kind": 3}]}', "$.parts[0].kind: write one of: 'a', 'b'"),
        (b'{"parts": [{"code": "wxyz"}]}', "$.parts[0].code: write at most 3 characters"),
        (b'{"parts": [{"count": 1.5}]}', "$.parts[0].count: write a whole number"),
    ],
)
def test_a_mistake_is_told_once_with_its_place(content: bytes, told: str) -> None:
    assert _told(content) == [told]


def test_a_byte_order_mark_is_skipped() -> None:
    assert _read(b'\xef\xbb\xbf{"parts": []}').parts == ()


def test_all_mistakes_are_told_together_and_a_flood_is_counted() -> None:
    few = _told('{"parts": [{"count": "a"}, {"amount": -1, "x": 1}]}')
    flood = _told(json.dumps({"parts": [{"count": "a"}] * 70}), "fr")

    assert few == [
        "$.parts[0].count: write a whole number",
        "$.parts[1].amount: write a number of at least 0",
        "$.parts[1].x: there is no such field; check the spelling",
    ]
    assert len(flood) == MOST_TOLD + 1
    assert flood[-2:] == ["$.parts[49].count: écrivez un nombre entier", "et 20 autres"]


@pytest.mark.rule("X-01")
def test_every_saying_is_told_in_french_with_the_same_values() -> None:
    catalogue = (LOCALE / "fr" / "messages.po").read_text(encoding="utf-8")
    sayings = {*cases.problems._SAYINGS.values(), cases.problems._CANNOT_BE_USED, "and {more} more"}
    texts = Texts([LOCALE], ["fr", "en"])

    assert [one for one in sayings if f'msgid "{one}"' not in catalogue] == []
    assert [one for one in sayings if texts.get(one, "fr") == one] == []
    assert [
        one for one in sayings if {p for p in one.split() if "{" in p} - {p.rstrip(",") for p in texts.get(one, "fr").split()}
    ] == []  # fmt: skip


def test_a_path_leaves_out_what_is_not_in_the_document() -> None:
    document = {"a": [{"b": 1}]}

    assert path_in(document, ("a", 0, "b", "int")) == "$.a[0].b"
    assert path_in(document, ("a", 0, "c"), is_missing=True) == "$.a[0].c"


def test_a_misspelt_field_is_told_with_the_one_that_was_meant_and_is_not_there_yet() -> None:
    document = '{"parts": [{"kount": 1, "code": "a", "coda": "b"}], "partz": 1}'

    assert _told(document) == [
        "$.parts[0].kount: there is no such field; did you mean “count”?",
        "$.parts[0].coda: there is no such field; check the spelling",
        "$.partz: there is no such field; check the spelling",
    ]


def test_a_flood_of_mistakes_told_apart_is_counted() -> None:
    with pytest.raises(WrongCase) as wrong:
        _read(json.dumps({"parts": [{"count": "a"}] * 70}))

    told = str(told_apart(wrong.value.problems))

    assert told.startswith("Not valid: $.parts[0].count: write a whole number; $.parts[1].count: ")
    assert told.endswith("; $.parts[49].count: write a whole number. And 20 more.")


@pytest.mark.parametrize("content", [b"[project]\n", b'{"parts": [', b"\xff"])
def test_a_file_that_cannot_be_read_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "family.json"
    file.write_bytes(content)

    with file.open("rb") as source, pytest.raises(WrongCase) as refused:
        read_case_file(source, Sample)

    assert [problem.path for problem in refused.value.problems] == [str(file)]
