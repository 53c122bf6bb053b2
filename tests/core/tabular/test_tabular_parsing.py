"""Lines become typed records, or every error of every line is told."""

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.tabular import (
    REASONS,
    CellRefused,
    Column,
    LineError,
    Mapping,
    Mode,
    Numbered,
    Parsed,
    Parser,
    RefusedLine,
    Table,
    TabularError,
    cells,
    parse,
    parse_lines,
    read_csv,
)


@dataclass(frozen=True)
class Bed:
    """A line of the test file."""

    code: str
    beds: int
    price: Decimal | None = None
    since: dt.date | None = None

    @classmethod
    def build(cls, **fields: object) -> "Bed":
        bed = cls(**fields)  # type: ignore[arg-type]
        if bed.beds == 0 and bed.price is not None:
            raise CellRefused("tabular.too_small", column="beds", minimum=1)
        return bed


MAPPING = Mapping(
    Bed.build,
    (
        Column("code", "code", cells.text(maximum=5)),
        Column("lits", "beds", cells.integer(minimum=0, maximum=900), aliases=("beds",)),
        Column("prix", "price", cells.optional(cells.decimal(places=2, decimal_mark=",")), required=False),
        Column("depuis", "since", cells.optional(cells.date(maximum=dt.date(2026, 1, 1))), required=False),
    ),
)
KNOWN = "code, lits, prix, depuis"


def table(text: str) -> Table:
    return read_csv(io.BytesIO(text.encode()))


def parsed(text: str, mode: Mode = Mode.SKIP_AND_REPORT) -> Parsed[Bed]:
    return parse(table(text), MAPPING, mode)


def test_builds_typed_records() -> None:
    outcome = parsed("Beds;CODE;prix;depuis\n12;A;1,50;31/12/2025\n1 000 ;B;;\n")

    assert outcome.valid == (Numbered(2, Bed("A", 12, Decimal("1.50"), dt.date(2025, 12, 31))),)
    assert outcome.errors == (LineError(3, "Beds", "tabular.too_large", {"maximum": "900"}),)


def test_tells_all_errors_of_a_line_without_its_values() -> None:
    outcome = parsed("code;lits;prix;depuis\nSECRET;1,5;1,234;2027-01-01\n")

    assert outcome.errors == (
        LineError(2, "code", "tabular.too_long", {"maximum": 5}),
        LineError(2, "lits", "tabular.ambiguous_number", {"decimal": "."}),
        LineError(2, "prix", "tabular.too_many_decimals", {"places": 2}),
        LineError(2, "depuis", "tabular.too_large", {"maximum": "2026-01-01"}),
    )
    assert [error.message for error in outcome.errors] == [
        "The text is longer than 5 characters.",
        "Write the decimals with “.” and no other separator than spaces.",
        "At most 2 decimals are allowed.",
        "The largest allowed value is 2026-01-01.",
    ]


def test_a_builder_refuses_a_combination_and_blames_a_column() -> None:
    assert parsed("code,lits,prix\nA,0,1\n").errors == (
        LineError(2, "beds", "tabular.too_small", {"minimum": 1}),
    )


def test_a_refused_line_keeps_what_could_be_read_of_it() -> None:
    good, bad, combined = parse_lines(table("code,lits,prix\nB,1,1\nA,x,2\nC,0,1\n"), MAPPING)

    assert isinstance(good, Numbered)
    assert isinstance(bad, RefusedLine)
    assert dict(bad.fields) == {"code": "A", "price": Decimal(2), "since": None}
    assert not isinstance(combined, RefusedLine)


def test_refuses_cells_beyond_the_header() -> None:
    assert parsed("code,lits\nA,1,,x\n").errors == (LineError(2, "", "tabular.too_many_cells", {"cells": 2}),)


@pytest.mark.parametrize(
    ("header", "code", "columns"),
    [
        ("prix,depuis", "tabular.missing_column", "code, lits"),
        ("code,lits,prx,Lit", "tabular.unknown_column", "prx, Lit"),
        ("code,lits,beds", "tabular.unknown_column", "beds"),
        ("code,l\u0131ts", "tabular.missing_column", "lits"),
    ],
)
@pytest.mark.rule("attack 60")
def test_names_the_columns_that_do_not_fit(header: str, code: str, columns: str) -> None:
    with pytest.raises(TabularError) as refusal:
        parsed(header)

    told = {"columns": columns} | ({"known": KNOWN} if code == "tabular.unknown_column" else {})
    assert (refusal.value.code, refusal.value.params) == (code, told)


def test_ignores_unknown_columns_when_asked() -> None:
    mapping = Mapping(MAPPING.build, MAPPING.columns, ignore_unknown=True)

    outcome = parse(table("code,lits,note\nA,1,x\n"), mapping, Mode.ALL_OR_NOTHING)

    assert outcome == Parsed((Numbered(2, Bed("A", 1)),), (), 1, 0)


@pytest.mark.rule("attack 74")
def test_all_or_nothing_gives_nothing_for_one_bad_line() -> None:
    text = "code,lits\n" + "A,1\n" * 5_000 + "A,x\n" + "A,1\n" * 5_000

    outcome = parsed(text, Mode.ALL_OR_NOTHING)

    assert outcome == Parsed((), (LineError(5_002, "lits", "tabular.not_a_number"),), 10_001, 1)


@pytest.mark.rule("attack 74")
def test_skip_and_report_keeps_the_others_and_counts_all() -> None:
    text = "code,lits\n" + "A,1\n" * 5_000 + "A,x\n" + "A,1\n" * 5_000

    outcome = parsed(text)

    assert len(outcome.valid) == 10_000
    assert (outcome.lines, outcome.refused_lines, len(outcome.errors)) == (10_001, 1, 1)


@pytest.mark.rule("attack 74")
@pytest.mark.parametrize("mode", Mode)
def test_a_file_that_breaks_midway_gives_no_half(mode: Mode) -> None:
    with pytest.raises(TabularError) as refusal:
        parsed('code,lits\nA,1\n"B,2\n', mode)

    assert refusal.value.code == "tabular.broken_quoting"


@pytest.mark.rule("attack 74")
def test_lists_a_bounded_number_of_errors_and_counts_the_rest() -> None:
    outcome = parse(table("code,lits\n" + "A,x\n" * 30), MAPPING, Mode.SKIP_AND_REPORT, maximum_errors=10)

    assert (len(outcome.errors), outcome.refused_lines, outcome.lines) == (10, 30, 30)


@pytest.mark.rule("attack 74")
@given(st.lists(st.booleans(), max_size=40))
def test_no_line_is_lost(good: list[bool]) -> None:
    text = "code,lits\n" + "".join("A,1\n" if each else "A,x\n" for each in good)

    kept = parsed(text)
    strict = parsed(text, Mode.ALL_OR_NOTHING)

    assert [each.line for each in kept.valid] == [line for line, each in enumerate(good, start=2) if each]
    assert [error.line for error in kept.errors] == [
        line for line, each in enumerate(good, start=2) if not each
    ]
    assert strict.valid == (kept.valid if all(good) else ())
    assert strict.errors == kept.errors
    assert kept.lines == strict.lines == len(good)


def test_lines_come_one_at_a_time() -> None:
    outcomes = parse_lines(table("code,lits\nA,1\nB,x\n"), MAPPING)

    assert next(outcomes) == Numbered(2, Bed("A", 1))
    assert next(outcomes) == (LineError(3, "lits", "tabular.not_a_number"),)


@pytest.mark.parametrize(
    ("parser", "cell", "code"),
    [
        (cells.text(), "  ", "tabular.required"),
        (cells.text(), "a\0b", "tabular.control_character"),
        (cells.text(), "a\ud800", "tabular.control_character"),
        (cells.integer(), "", "tabular.required"),
        (cells.integer(), "1.5", "tabular.not_an_integer"),
        (cells.integer(minimum=1), "0", "tabular.too_small"),
        (cells.decimal(places=0), "1.5", "tabular.too_many_decimals"),
        (cells.decimal(maximum=Decimal(5)), "5.01", "tabular.too_large"),
        (cells.date(), "", "tabular.required"),
        (cells.date(minimum=dt.date(1900, 1, 1)), "31/12/1899", "tabular.too_small"),
        (cells.choice({"Public": 1}), "private", "tabular.unknown_choice"),
        (cells.optional(cells.integer()), "x", "tabular.not_a_number"),
    ],
)
@pytest.mark.rule("attack 54", "attack 57")
def test_each_parser_refuses_with_its_code(parser: Parser[object], cell: str, code: str) -> None:
    with pytest.raises(CellRefused) as refusal:
        parser(cell)

    error = LineError(2, "x", refusal.value.code, refusal.value.params)
    assert error.code == code
    assert "{" not in error.message


def test_parsers_give_typed_values() -> None:
    assert cells.choice({"Public": 1, "FBO": 2})(" fbo ") == 2
    assert cells.decimal(places=2)("9" * 36 + ".500") == Decimal("9" * 36 + ".5")
    assert cells.optional(cells.integer())(" ") is None
    assert cells.text()(" =kept ") == " =kept "


def test_every_reason_is_a_sentence() -> None:
    assert all(code.startswith("tabular.") and text.endswith(".") for code, text in REASONS.items())
    assert len(REASONS) == len(set(REASONS.values())) == 15
