"""Case files: exact numbers, errors with their place, comparison, and the command that runs them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from msingi_claims.case.comparing import differences
from msingi_claims.case.deciding import decide_case
from msingi_claims.case.errors import WrongCase
from msingi_claims.case.reading import parse_case
from msingi_claims.commands import app

M12 = Path(__file__).parent / "m12.json"


def _m12(**changes: Any) -> str:
    return json.dumps({**json.loads(M12.read_text(encoding="utf-8")), **changes})


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["adjudicate", *arguments])
    return result.exit_code, result.stdout, result.stderr


def _problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(WrongCase) as caught:
        decide_case(parse_case(text))
    return [(problem.path, problem.text) for problem in caught.value.problems]


@pytest.mark.rule("INS-A1")
def test_numbers_are_read_exactly() -> None:
    case = parse_case(M12.read_text(encoding="utf-8").replace('"price_asked": 100', '"price_asked": 0.1'))

    assert str(case.claim.items[0].price_asked) == "0.1"


def test_every_error_names_its_place() -> None:
    claim = json.loads(M12.read_text(encoding="utf-8"))["claim"]
    claim["items"][0] |= {"price_asked": -1, "quantity": 3}

    assert _problems(_m12(claim=claim, currency="sh")) == [
        ("$.currency", "String should match pattern '^[A-Z]{3}$'"),
        ("$.claim.items[0].price_asked", "Input should be greater than or equal to 0"),
        ("$.claim.items[0].quantity", "Extra inputs are not permitted"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "$"),
        ('{"claim": NaN}', "$"),
        ('{"claim": 1, "claim": 2}', "$"),
        (_m12(policies=[{"product": "X", "start_date": "2026-01-01", "expiry_date": "2026-12-31"}]), "$.policies[0].product"),
        (_m12(price_list=[{"item": "I1", "service": "S1"}]), "$.price_list[0]"),
        (_m12(currency="XXZ"), "$.currency"),
        (_m12(insurees=[]), "$.insurees"),
    ],
    ids=["not_json", "not_a_number", "twice", "product", "two_things", "currency", "nobody"],
)  # fmt: skip
def test_what_a_case_gets_wrong_is_told_by_path(text: str, path: str) -> None:
    assert [place for place, _ in _problems(text)] == [path]


def test_differences_name_the_path_and_compare_amounts_by_value() -> None:
    answer: Any = {"approved": "100.50", "lines": [{"reason": 0, "product": None}], "has_duplicate": False}

    assert list(differences({"approved": 100.5, "lines": [{"reason": "0"}]}, answer)) == []
    assert list(differences({"approved": "100.51", "lines": [{"reason": 4}], "x": 1}, answer)) == [
        "$.approved: expected 100.51, got 100.50",
        "$.lines[0].reason: expected 4, got 0",
        "$.x: the answer has no such value",
    ]
    assert list(differences({"lines": [], "has_duplicate": 0}, answer)) == [
        "$.lines: expected 0 entries, got 1",
        "$.has_duplicate: expected 0, got False",
    ]


@pytest.mark.rule("ADJ-9", "X-01")
def test_the_command_answers_as_json_in_both_languages() -> None:
    code, out, _ = _run(str(M12), "--json")

    answer = json.loads(out)
    assert (code, answer["approved"], answer["lines"][0]["quantity_provided"]) == (0, "200.00", "4")
    explanation = answer["lines"][0]["explanation"]
    assert explanation["en"][1] == "At most 5 in the policy period, 3 used before: 2 of 4 accepted. (ADJ-8)"
    assert (
        explanation["fr"][1] == "Au plus 5 par période de police, 3 déjà utilisés : 2 sur 4 acceptés. (ADJ-8)"
    )


@pytest.mark.rule("ADJ-9")
def test_the_command_explains_amounts_as_the_reader_writes_them() -> None:
    _, out, _ = _run(str(M12), "--explain", "--lang", "fr")

    assert "2 \N{MULTIPLICATION SIGN} 100,00 TZS = 200,00 TZS. (ADJ-2)" in out.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_the_command_fails_when_the_decision_is_not_the_expected_one(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(_m12(expect={"approved": "300"}), encoding="utf-8")

    code, _, told = _run(str(case), "--json")

    assert (code, told) == (1, "$.approved: expected 300, got 200.00\n")


def test_the_command_tells_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(_m12(claim=None), encoding="utf-8")

    code, out, told = _run(str(case))

    assert (code, out) == (2, "")
    assert told.startswith("$.claim: ")


def test_the_command_knows_two_languages() -> None:
    assert _run(str(M12), "--lang", "de")[0] == 2
