"""Commands speak the language of the terminal, else the first one of the profile."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.cli_fixtures import call, installed, told

from msingi.cli.speech import Speech, language_of_terminal, speech_for
from msingi.contracts import full_platform
from msingi.sayings import Saying

__all__ = ["installed"]
pytestmark = pytest.mark.usefixtures("installed")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, None),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "fr_CM"}, "fr"),
        ({"LANG": "fr_FR", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, None),
    ],
)
def test_the_terminal_chooses_the_language(
    environment: dict[str, str], language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language_of_terminal() == language


@pytest.mark.parametrize(
    ("profile", "language"), [("cameroon", "fr"), ("tanzania", "en"), ("atlantis", "en")]
)
def test_without_a_wish_the_profile_chooses_the_language(profile: str, language: str) -> None:
    assert speech_for(profile).language == language


def test_a_refusal_speaks_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    assert told(call("ledger verify", "--profile", "cameroon", "--database", "sqlite:///typo.db")) == (
        2,
        "msingi: database.url: there is no database typo.db. Check the path, or make it with `msingi migrate`.\n",
    )


def test_one_is_one_and_many_are_many_in_both_languages() -> None:
    french, english = Speech("fr"), Speech("en")
    words = ("{number} block", "{number} blocks")

    assert [french.count(*words, number) for number in (0, 1, 2)] == ["0 bloc", "1 bloc", "2 blocs"]
    assert [english.count(*words, number) for number in (0, 1, 2)] == ["0 blocks", "1 block", "2 blocks"]


def test_the_demonstration_speaks_no_other_language() -> None:
    refused = call("demo", "--lang", "sw")

    assert refused.exit_code == 2
    assert "Choisissez parmi : fr, en." in refused.output


def _sentences() -> Iterator[tuple[str, str]]:
    """The English texts of commands, of what may stop them, and of reasons in refusals, as they stand in the sources."""
    files = [file for folder in ("core", "modules") for file in (ROOT / folder).rglob("*.py")]
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {
            statement.targets[0].id: statement.value
            for statement in tree.body
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        }
        for call_ in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if ast.unparse(call_.func).rpartition(".")[2] in {
                "say",
                "ConfigurationError",
                "KeyringError",
                "Saying",
            }:
                for argument in call_.args[:1]:
                    value = constants.get(argument.id) if isinstance(argument, ast.Name) else argument
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield file.name, value.value


@pytest.mark.rule("X-01")
def test_every_sentence_of_a_command_is_in_french() -> None:
    say = Speech("fr", full_platform().texts.folders)
    same = {"id", "description", "version", "Code", "{code} ({status})"}

    sentences = list(_sentences())
    silent = [text for _, text in sentences if say.tell(Saying(text)) == text and text not in same]

    assert len(sentences) > 50
    assert silent == [], silent
