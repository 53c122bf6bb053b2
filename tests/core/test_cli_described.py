"""The list of commands says what each is for, also those of plugins, without running any of their code."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import CliRunner

from msingi.cli.described import help_line
from msingi.cli.entry import GROUP, app
from msingi.cli.voice import Voice, voice_for

ENGLISH = Voice("en", {})
HEAVY = {"babel", "pydantic", "rich", "sqlalchemy", "strawberry"}
LIST = "import sys; sys.argv = ['msingi', '--help']\nfrom msingi.cli import main\ntry:\n    main()\nfinally:\n    print(*sys.modules)"


def test_every_command_of_a_module_is_listed_with_a_sentence_of_its_own() -> None:
    listed = CliRunner().invoke(app, ["--help"]).output
    unsaid = [
        entry.name
        for entry in entry_points(group=GROUP)
        if f"{entry.name} " not in listed or help_line(entry.value, ENGLISH).startswith("Commands of ")
    ]

    assert unsaid == []
    assert "Commandes de" not in listed


@pytest.mark.parametrize(
    ("language", "title"), [("en_GB", "Commands:"), ("fr_FR", "Commandes :"), ("C", "Commandes :")]
)
def test_the_list_of_commands_imports_no_module_and_nothing_heavy(language: str, title: str) -> None:
    listed = subprocess.run(
        [sys.executable, "-c", LIST],
        env={**os.environ, "LANG": language},
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = listed.stdout.splitlines()[-1].split()

    assert title in listed.stdout
    assert [name for name in loaded if name.startswith("msingi_") or name in HEAVY] == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('"""Ships."""\nimport typer\napp = typer.Typer(help="Load ships.")\n', "Load ships"),
        ('"""`msingi ships`: what sails."""\napp = make()\n', "`msingi ships`: what sails"),
        ("raise SystemExit\n", "msingi_odd_ships.commands"),
        ("this is no python\n", "Commands of msingi_odd_ships"),
    ],
)
def test_a_plugin_that_says_little_or_is_broken_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    package = tmp_path / "msingi_odd_ships"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit\n", encoding="utf-8")
    (package / "commands.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert help_line("msingi_odd_ships.commands:app", ENGLISH) == said


def test_a_plugin_that_is_gone_is_still_named() -> None:
    french = voice_for("fr", "msingi_nowhere.commands")

    assert help_line("msingi_nowhere.commands:app", ENGLISH) == "Commands of msingi_nowhere"
    assert help_line("msingi_nowhere.commands:app", french) == "Commandes de msingi_nowhere"
