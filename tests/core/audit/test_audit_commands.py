"""The commands of the trail, run as an administrator runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from msingi.audit.commands import app
from msingi.audit.models import ENTRIES
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import KEYS

PROFILE = """
name = "trial"
demo = true
languages = ["fr", "en"]
currency = "XAF"
timezone = "Africa/Douala"
modules = []
levels = [{{ code = "country", names = {{ fr = "Pays" }} }}]
country = {{ iso2 = "CM", iso3 = "CMR", names = {{ fr = "Cameroun" }} }}
branding = {{ application = {{ fr = "Essai" }}, abbreviation = "T", organisation = {{ fr = "M" }} }}
security = {{ keys = ["{key}"], index_key = "{index_key}" }}
"""


@pytest.fixture
def options(tmp_path: Path, platform: Platform, database_url: str) -> list[str]:
    """A profile file with the keys of the test platform, and three lines, one of them hostile."""
    with platform.work() as work:
        work.audit("first", entity="claim", entity_id=new_id())
        work.audit("second", entity="claim", details={"text": "a\n\x1b[31m[/red]"})
        work.audit("third", entity="policy")
    path = tmp_path / "trial.toml"
    path.write_text(PROFILE.format(key=KEYS["keys"][0], index_key=KEYS["index_key"]), encoding="utf-8")
    return ["--profile", str(path), "--database", database_url]


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


@pytest.mark.rule("attack 94")
def test_verify_tells_intact_and_names_the_first_broken_line(platform: Platform, options: list[str]) -> None:
    sound = call("verify", *options)
    with platform.database.write.begin() as connection:
        connection.execute(update(ENTRIES).where(ENTRIES.c.action == "second").values(door="x"))
    broken = call("verify", *options)
    as_json = json.loads(call("verify", *options, "--json")[1])

    assert sound[0] == 0
    assert sound[1].startswith("INTACT : 0 bloc, 0 ligne scellée, 3 lignes pas encore scellées. Ancre")
    assert broken[0] == 1
    assert "ROMPU : id " in broken[1]
    assert "n'a pas été écrite par cette installation" in broken[1]
    assert (as_json["intact"], as_json["first_broken"]["fault"]) == (False, "entry_forged")


def test_an_anchor_of_another_form_is_no_broken_trail(options: list[str]) -> None:
    refused = CliRunner().invoke(app, ["verify", *options, "--anchor", "1440-9f2c"])

    assert (refused.exit_code, "NUMÉRO:EMPREINTE" in refused.output) == (2, True)


def test_search_filters_and_shows_control_characters_as_text(options: list[str]) -> None:
    code, shown = call("search", *options, "--entity", "claim")
    found = json.loads(call("search", *options, "--entity", "claim", "--first", "1", "--json")[1])

    assert code == 0
    assert "\x1b" not in shown
    assert "third" not in shown
    assert [(line["action"], line["changes"]) for line in found] == [
        ("second", {"text": "a\n\x1b[31m[/red]"})
    ]


@pytest.mark.rule("X-09")
def test_seal_and_export_give_a_file_that_verifies_itself(options: list[str], tmp_path: Path) -> None:
    file = tmp_path / "trail.ndjson"

    sealed = call("seal", *options, "--everything", "--json")
    exported = call("export", str(file), *options)
    again = CliRunner().invoke(app, ["export", str(file), *options])

    program = tmp_path / "trail.verify.py"
    done = subprocess.run([sys.executable, "-I", program, file], capture_output=True, text=True, check=False)
    assert sealed[0] == 0
    assert exported[0] == 0
    assert (done.returncode, done.stdout[:6]) == (0, "INTACT")
    refused = "un fichier de ce nom existe déjà. Rien n'a été remplacé ; donnez un autre nom."
    assert (again.exit_code, again.stderr) == (2, f"msingi: {file}: {refused}\n")
