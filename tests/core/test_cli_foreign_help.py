"""Commands of other people's plugins: their own catalogue says their help, what it lacks is told in English."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.cli_fixtures import call, told

from msingi.cli.entry import COMMANDS

COMMANDS_PY = '''"""Ships of a harbour."""
from enum import StrEnum
from pathlib import Path
from typing import Annotated
import typer
from datetime import datetime

class Flag(StrEnum):
    CHAD = "chad"
    MALI = "mali"

app = typer.Typer(help="Sail ships.", rich_markup_mode=%s)

@app.command()
def sail(
    port: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The harbour.")],
    flag: Annotated[Flag, typer.Option(help="Whose ship it is.", envvar="SHIP_FLAG")],
    crew: Annotated[tuple[str, str], typer.Option(help="Captain and mate.")] = ("A", "B"),
    on: Annotated[datetime, typer.Option(formats=["%%d.%%m.%%Y"])] = datetime(2026, 1, 2),
) -> None:
    """Sail a ship.

    It comes back
    by itself.

    Examples:
      msingi ships sail harbour
    """

@app.command(deprecated=True)
def sink() -> None:
    """Sink a ship."""
'''
MESSAGES = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

msgid "Sail ships."
msgstr "Faire naviguer des bateaux."

msgid "Sail a ship."
msgstr "Faire naviguer un bateau."

msgid "It comes back by itself."
msgstr ""
"Il revient "
"tout \"seul\"."

msgid "{port}"
msgstr "{port d'attache}"
"""


@pytest.fixture(params=["None", '"rich"'], ids=["plain", "panels"], autouse=True)
def ships(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command `ships` of a package with a French catalogue that is not complete."""
    name = "msingi_far_ships_plain" if request.param == "None" else "msingi_far_ships_panels"
    catalogue = tmp_path / name / "locale" / "fr" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(MESSAGES, encoding="utf-8")
    (tmp_path / name / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / name / "commands.py").write_text(COMMANDS_PY % request.param, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(COMMANDS, "ships", (f"{name}.commands", "Sail ships"))
    monkeypatch.setenv("COLUMNS", "300")
    yield
    sys.modules.pop(f"{name}.commands", None)
    sys.modules.pop(name, None)


def test_the_help_of_a_plugin_is_in_its_own_french() -> None:
    shown = call("ships", "sail", "--help").output

    assert "Utilisation : msingi ships sail [OPTIONS] {port d'attache}" in shown
    assert "Faire naviguer un bateau." in shown
    assert 'Il revient tout "seul".' in shown
    assert "Exemples :" in shown
    assert "[variable d'environnement : SHIP_FLAG" in shown
    assert "[par défaut : A, B" in shown
    assert "obligatoire]" in shown


def test_what_the_catalogue_lacks_is_told_in_english() -> None:
    shown = call("ships", "sail", "--help").output

    assert "Whose ship it is." in shown
    assert "<chad|mali>" in shown


def test_the_commands_of_a_plugin_are_listed_in_its_own_french() -> None:
    root, group = call("--help").output, call("ships", "--help").output

    assert "Faire naviguer des bateaux\n" in root
    assert "Faire naviguer un bateau." in group
    assert "Sink a ship." in group


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            "nowhere --flag chad",
            "Valeur non valable pour « port d'attache » : le dossier « nowhere » n'existe pas.",
        ),
        (
            "README.md --flag chad",
            "Valeur non valable pour « port d'attache » : « README.md » est un fichier, non un dossier.",
        ),
        (
            ". --flag peru",
            "Valeur non valable pour « --flag » (variable d'environnement : « SHIP_FLAG ») : « peru » n'est pas l'une de ces valeurs : « chad », « mali ».",
        ),
        (". --flag chad --crew one", "L'option « --crew » demande 2 valeurs."),
        (
            ". --flag chad --on 2026-01-02",
            "Valeur non valable pour « --on » : « 2026-01-02 » n'a pas l'une de ces formes : « %d.%m.%Y ».",
        ),
    ],
)
def test_a_wrong_call_of_a_plugin_is_told_in_french(
    words: str, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "README.md").touch()
    monkeypatch.chdir(tmp_path)

    status, said = told(call("ships", "sail", *words.split()))

    assert (status, said.splitlines()[-1]) == (2, f"Erreur : {error}")


def test_a_choice_that_is_missing_is_told_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, said = told(call("ships", "sail", str(tmp_path)))

    assert status == 2
    assert "Il manque l'option « --flag »" in said
    assert said.endswith("Choisissez parmi :\n\tchad,\n\tmali\n")
