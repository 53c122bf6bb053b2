"""What commands print: tables, blocks where the screen is narrow, reports of imports."""

import json
from pathlib import Path

import pytest
from tests.core.cli_fixtures import call, installed

from msingi.cli.import_report import print_report
from msingi.cli.output import print_table
from msingi.cli.speech import Speech

ROOT = Path(__file__).parents[2]
__all__ = ["installed"]
pytestmark = pytest.mark.usefixtures("installed")


def test_a_wide_table_becomes_blocks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[dict[str, str | None]] = [
        {"code": "A", "place_of_birth": "x" * 90},
        {"code": "B", "place_of_birth": None},
    ]
    monkeypatch.setenv("COLUMNS", "80")

    print_table(rows, str.upper)

    assert capsys.readouterr().out == (
        f"CODE            A\nPLACE OF BIRTH  {'x' * 90}\n\nCODE            B\n\n"
    )


def test_a_long_text_is_folded_where_a_column_may_be(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    print_table([{"code": "A", "message": "word " * 30}], folded="message")

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["code", "message"]


def test_the_spaces_in_french_numbers_are_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"paid": "1\u202f000\u00a0XAF"}])

    assert "1\u202f000\u00a0XAF" in capsys.readouterr().out


def test_cells_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"name": "a\n\x1b[31m[/red]", "code": 1}])

    assert "a\\n\\x1b[31m[/red]" in capsys.readouterr().out


def test_a_document_is_printed_as_its_names_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"details": {"code": "core.forbidden", "places": ["CM", "\x1b[31m"]}}])

    assert "code: core.forbidden, places: CM, \\x1b[31m" in capsys.readouterr().out


def test_a_file_that_is_refused_as_a_whole_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    report = {"state": "done", "failure": "These columns are not known: x.", "messages": []}

    print_report(report, Speech("fr"), json=False)
    for_people = capsys.readouterr().out
    print_report(report, Speech("fr"), json=True)
    for_machines = json.loads(capsys.readouterr().out)

    assert "échoué" in for_people
    assert for_machines == {**report, "state": "failed"}


def test_a_report_of_an_import_shows_what_a_person_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    message = {
        "position": 1,
        "line": 3,
        "column": "name",
        "code": "x.y",
        "message": "Trop long.",
        "refuses": True,
    }
    counts = {"created": 2, "updated": 0, "ended": 0, "unchanged": 0, "suspicious": 0, "refused": 1}

    print_report(
        {"state": "done", **counts, "failure": None, "messages": [message]}, Speech("fr"), json=False
    )

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["état", "créés", "modifiés", "terminés", "inchangés", "suspects", "refusés"]
    assert lines[4].split() == ["ligne", "colonne", "code", "message"]


@pytest.mark.parametrize(
    ("mode", "refused", "times"),
    [("all_or_nothing", 1, 1), ("skip_and_report", 1, 0), ("all_or_nothing", 0, 0)],
)
def test_a_list_of_which_nothing_was_taken_says_so(
    mode: str, refused: int, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {"state": "done", "refused": refused, "mode": mode, "failure": None, "messages": []}

    print_report(report, Speech("fr"), json=False)

    assert capsys.readouterr().out.count("Rien n'a été repris") == times


@pytest.mark.parametrize(
    ("language", "verdict"), [("en", "Nothing would be taken"), ("fr", "Rien ne serait repris")]
)
def test_a_dry_run_says_what_would_be_done(
    language: str, verdict: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    counts = {"created": 2, "updated": 0, "ended": 3, "unchanged": 0, "suspicious": 0, "refused": 1}
    report = {"state": "done", "dry_run": True, "mode": "all_or_nothing", **counts, "failure": None}

    print_report({**report, "messages": []}, Speech(language), json=False)

    told = capsys.readouterr().out
    titles = {
        "en": [
            "state",
            "would",
            "create",
            "would",
            "update",
            "would",
            "end",
            "unchanged",
            "suspicious",
            "refused",
        ],
        "fr": ["état", "créerait", "modifierait", "terminerait", "inchangés", "suspects", "refusés"],
    }
    assert told.splitlines()[0].split() == titles[language]
    assert told.splitlines()[2].split()[-6:] == ["2", "0", "3", "0", "0", "1"]
    assert told.count(verdict) == 1


def test_modules_are_listed_in_words() -> None:
    listed = call("modules", "--profile", "cameroon").stdout
    machine = json.loads(call("modules", "--profile", "cameroon", "--json").stdout)

    (claims,) = [line for line in listed.splitlines() if line.split()[:1] == ["claims"]]
    assert claims.split()[2:5] == ["activé", "Les", "demandes"]
    assert "True" not in listed
    assert next(module for module in machine if module["name"] == "claims")["enabled"] is True


@pytest.mark.rule("X-01")
def test_a_module_that_is_not_enabled_says_in_french_too_what_it_is_for() -> None:
    listed = call("modules", "--profile", "car").stdout

    (claims,) = [line for line in listed.splitlines() if line.split()[:1] == ["claims"]]
    assert claims.split()[2:5] == ["désactivé", "Les", "demandes"]


def test_a_decided_claim_is_shown_in_the_words_of_the_reader(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = (ROOT / "docs" / "how-to" / "check-a-claim-by-hand.md").read_text(encoding="utf-8")
    case = text.partition("```json\n")[2].partition("```")[0].replace('"1600"', '"2000"')
    (installed / "case.json").write_text(case, encoding="utf-8")

    french = call("claims adjudicate case.json --lang fr")
    english = call("claims adjudicate case.json --lang en")

    assert [line.split() for line in french.stdout.splitlines() if "ligne" in line] == [
        ["ligne", "motif", "donné", "accepté", "prix", "valeur", "payé", "patient", "non", "couvert"]
    ]
    assert [line.split() for line in english.stdout.splitlines() if "line" in line] == [
        ["line", "reason", "given", "accepted", "price", "value", "paid", "patient", "not", "covered"]
    ]
    assert french.stderr.splitlines() == [
        "$.expect.approved: attendu 2000, obtenu 1600",
        "$.expect.lines[0].remunerated: attendu 2000, obtenu 1600",
    ]


def test_nothing_is_said_to_be_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([], Speech("fr"))

    assert capsys.readouterr().out == "Rien à afficher.\n"


def test_a_table_says_yes_and_no(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"code": "A", "balanced": True}, {"code": "B", "balanced": False}], Speech("fr"))

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if line[:1] in {"A", "B"}] == [["A", "oui"], ["B", "non"]]
