"""Commands about contracts, rules, profiles and skeletons, as they are called."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from msingi.cli.entry import COMMANDS, app

ROOT = Path(__file__).parents[2]


def _call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    result = _call(name, "--help")

    assert result.exit_code == 0
    assert "Utilisation :" in result.output


def test_the_command_line_lists_its_commands() -> None:
    result = _call("--help")

    assert result.exit_code == 0
    assert [name for name in COMMANDS if f"  {name} " not in result.output] == []


def test_an_unknown_command_is_refused() -> None:
    assert _call("demolish").exit_code == 2


def test_exported_contracts_are_up_to_date_and_a_change_is_found(tmp_path: Path) -> None:
    assert _call("schema", "export", "--folder", str(tmp_path)).exit_code == 0
    fresh = _call("schema", "check", "--folder", str(tmp_path))
    (tmp_path / "permissions.md").write_text("old", encoding="utf-8")
    stale = _call("schema", "check", "--folder", str(tmp_path))

    assert (fresh.exit_code, fresh.output) == (0, "The published schemas are up to date.\n")
    assert stale.exit_code == 1
    assert stale.output == f"{tmp_path}/permissions.md is stale; run `msingi schema export`.\n"


def test_rules_without_a_test_end_in_an_error(tmp_path: Path) -> None:
    rules = tmp_path / "docs" / "rules"
    rules.mkdir(parents=True)
    (rules / "codes.md").write_text("- **ID-1** A code has twelve digits.\n", encoding="utf-8")

    result = _call("rules", "--root", str(tmp_path))

    assert result.exit_code == 1
    assert "Without a test: ID-1" in result.output


def test_rules_can_be_read_by_machines(tmp_path: Path) -> None:
    rules = tmp_path / "docs" / "rules"
    rules.mkdir(parents=True)
    (rules / "codes.md").write_text("- **ID-2** Later (planned: no cards yet).\n", encoding="utf-8")

    result = _call("rules", "--root", str(tmp_path), "--json")

    assert result.exit_code == 0
    assert json.loads(result.output) == [
        {
            "id": "ID-2",
            "text": "Later (planned: no cards yet).",
            "document": "codes.md",
            "planned": "no cards yet",
            "tests": [],
        }
    ]


def test_a_skeleton_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    result = _call("new", "plugin", "cold_chain", "--folder", str(tmp_path))

    assert result.exit_code == 0
    assert (tmp_path / "msingi-cold-chain" / "msingi_cold_chain" / "plugin.py").is_file()
    assert str(tmp_path / "msingi-cold-chain" / "pyproject.toml") in result.output


def test_equal_profiles_have_no_difference_and_others_are_told() -> None:
    equal = _call("settings", "diff", "cameroon", "cameroon")
    different = _call("settings", "diff", "cameroon", "algeria")

    assert (equal.exit_code, equal.output) == (0, "Les profils sont égaux.\n")
    assert different.exit_code == 1
    assert "currency: 'XAF' -> 'DZD'" in different.output


@pytest.mark.rule("attack 98")
def test_the_settings_in_force_are_shown_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSINGI__SECURITY__INDEX_KEY", "c2VjcmV0LWluZGV4LWtleS1vZi0zMi1ieXRlcy1sb25n")
    monkeypatch.setenv("MSINGI__DATABASE__URL", "postgresql://health:hunter2@localhost/health")

    result = _call("settings", "show", "--profile", "tanzania")

    shown = json.loads(result.output)
    assert shown["currency"] == "TZS"
    assert "hunter2" not in result.output
    assert "c2VjcmV0" not in result.output


def test_keys_are_random_and_long() -> None:
    first, second = (_call("key").output.strip() for _ in range(2))

    assert first != second
    assert len(first) == 44
