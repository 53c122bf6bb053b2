"""The author of a plugin publishes and compares what it adds, and nothing of the modules beside it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import garden
import pytest
from graphql import build_schema
from typer.testing import CliRunner, Result

from msingi import Plugin, Work
from msingi.cli.entry import app
from msingi.contracts import PluginContracts, compare_contracts, plugin_contracts, write_contracts
from msingi.contracts.own import added_schema
from msingi.errors import ConfigurationError
from msingi.plugin import Permission

GROUND = """
directive @allow(permission: String!) on FIELD_DEFINITION
type Query { version: String }
type Tree { id: ID! }
"""


def _shed(returned: type = int, allow: Permission | None = None) -> Plugin[Any]:
    """A plugin that adds a field to the garden's trees."""
    plugin = Plugin("shed", requires=["garden"])
    lean = plugin.permission("lean", "Lean tools against trees")

    @plugin.extend(garden.Tree, allow=allow or lean)
    def tools(trees: Sequence[garden.Tree], work: Work) -> dict[UUID, Any]:
        """Tools that lean against this tree."""
        return {}

    tools.__annotations__["return"] = dict[UUID, returned]  # type: ignore[valid-type]
    return plugin


def _contracts(plugin: Plugin[Any]) -> PluginContracts:
    return plugin_contracts("shed", [garden.plugin, plugin])


def _compared(plugin: Plugin[Any], folder: Path) -> list[str]:
    own = _contracts(plugin)
    return compare_contracts(
        own.files, folder, ground=own.ground, remedy="msingi schema export --plugin shed"
    )


def test_a_plugin_publishes_what_it_adds() -> None:
    files = _contracts(_shed()).files

    assert sorted(files) == ["permissions.md", "shed.graphql", "shed.schema.json"]
    assert files["shed.graphql"] == (
        'extend type Tree {\n  """Tools that lean against this tree."""\n'
        '  tools: Int @allow(permission: "shed.lean")\n}\n'
    )
    assert "| `shed.lean` | Lean tools against trees |  |" in files["permissions.md"]
    assert "garden" not in files["permissions.md"]


def test_a_plugin_publishes_its_events_and_settings() -> None:
    files = plugin_contracts("garden", [garden.plugin]).files

    assert [name for name in files if name.startswith("events/")] == ["events/garden.TreePlanted.json"]
    assert sorted(json.loads(files["garden.schema.json"])["properties"]) == ["tallest"]
    assert "type Tree {" in files["garden.graphql"]
    assert "extend type Mutation {" in files["garden.graphql"]


def test_what_is_added_and_what_it_is_added_to_are_a_schema() -> None:
    own = _contracts(_shed())

    assert "tools" in build_schema(own.ground + own.files["shed.graphql"]).type_map["Tree"].fields  # type: ignore[attr-defined]


def test_what_did_not_change_is_up_to_date(tmp_path: Path) -> None:
    write_contracts(_contracts(_shed()).files, tmp_path)

    assert _compared(_shed(), tmp_path) == []


def test_another_type_or_right_breaks_callers(tmp_path: Path) -> None:
    write_contracts(_contracts(_shed()).files, tmp_path)
    stale = f"{tmp_path / 'shed.graphql'} is stale; run `msingi schema export --plugin shed`."

    assert _compared(_shed(returned=str), tmp_path) == [
        "breaking change in shed.graphql: Field Tree.tools changed type from Int to String.",
        stale,
    ]
    assert _compared(_shed(allow=garden.READ), tmp_path) == [
        "breaking change in shed.graphql: Tree.tools needs the permission garden.read; it was shed.lean.",
        stale,
    ]


def test_what_was_added_to_a_type_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "shed.graphql").write_text("extend type Bush { tools: Int }\n", encoding="utf-8")

    told = compare_contracts({"shed.graphql": "extend type Tree { tools: Int }\n"}, tmp_path, ground=GROUND)

    assert told[0].startswith(
        "breaking change in shed.graphql: what was exported does not fit the required modules any more:"
    )
    assert len(told) == 2


def test_only_what_is_new_is_added() -> None:
    whole = GROUND.replace("id: ID! }", 'id: ID! tools: [Tool!] @allow(permission: "shed.lean") }')

    added = added_schema(GROUND, whole + "type Tool { name: String }\nenum Kind { RAKE }\n")

    assert added == (
        'extend type Tree {\n  tools: [Tool!] @allow(permission: "shed.lean")\n}\n\n'
        "type Tool {\n  name: String\n}\n\nenum Kind {\n  RAKE\n}\n"
    )


def test_a_plugin_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError) as refused:
        plugin_contracts("shet", [garden.plugin, _shed()])

    assert str(refused.value) == "There is no plugin “shet” here. Installed plugins: garden, shed."


def _call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_the_command_exports_and_checks_one_plugin(tmp_path: Path) -> None:
    exported = _call("schema", "export", "--plugin", "ledger", "--folder", str(tmp_path))
    fresh = _call("schema", "check", "--plugin", "ledger", "--folder", str(tmp_path))
    (tmp_path / "permissions.md").write_text("old", encoding="utf-8")
    stale = _call("schema", "check", "--plugin", "ledger", "--folder", str(tmp_path))

    assert str(tmp_path / "ledger.graphql") in exported.output
    assert (fresh.exit_code, fresh.output) == (0, "The published schemas are up to date.\n")
    assert (stale.exit_code, stale.output) == (
        1,
        f"{tmp_path}/permissions.md is stale; run `msingi schema export --plugin ledger`.\n",
    )


def test_the_contracts_of_one_plugin_replace_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    theirs = {"full.graphql": GROUND, "events/garden.TreePlanted.json": "{}", "permissions.md": "theirs"}
    write_contracts(theirs, tmp_path)

    refused = _call("schema", "export", "--plugin", "ledger", "--folder", str(tmp_path))

    assert refused.exit_code == 2
    assert "holds the contracts of others. Name one of its own with --folder." in refused.output
    kept = {name: (tmp_path / name).read_text(encoding="utf-8") for name in theirs}
    assert kept == theirs
    assert not (tmp_path / "ledger.graphql").exists()


def test_the_command_names_the_plugins_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    refused = _call("schema", "check", "--plugin", "nobody")

    assert refused.exit_code == 2
    assert "msingi: There is no plugin “nobody” here. Installed plugins: " in refused.output
