"""The published contracts: what is exported, what counts as stale, what breaks a caller."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from msingi.contracts import breaking_changes, compare_contracts, contracts, write_contracts
from msingi.profile_files import profile_names

BEFORE = """
directive @allow(permission: String!) on FIELD_DEFINITION
type Tree { id: ID!, label: String, owner: String @allow(permission: "garden.read") }
type Query { tree(id: ID!): Tree @allow(permission: "garden.read") }
"""


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    return contracts()


def test_every_profile_the_settings_and_the_events_are_published(files: Mapping[str, str]) -> None:
    schemas = {name for name in files if name.endswith(".graphql")}
    assert schemas == {"full.graphql", *(f"{name}.graphql" for name in profile_names())}
    settings = json.loads(files["settings.schema.json"])
    assert settings["properties"]["plugins"]["additionalProperties"] is False
    assert settings["$defs"]["DatabaseSettings"]["properties"]["pool_size"]["maximum"] == 200
    created = json.loads(files["events/auth.UserCreated.json"])
    assert sorted(created["required"]) == ["jurisdiction_id", "user_id"]
    assert (
        "| `rbac.grant` | Grant and revoke roles, never wider than one's own |  |" in files["permissions.md"]
    )


def test_the_schema_says_which_permission_a_field_needs(files: Mapping[str, str]) -> None:
    assert '@allow(permission: "rbac.grant")' in files["full.graphql"]
    assert "directive @allow(" in files["full.graphql"]


def test_exported_files_are_up_to_date_until_one_changes(files: Mapping[str, str], tmp_path: Path) -> None:
    write_contracts(files, tmp_path)
    assert compare_contracts(files, tmp_path) == []

    (tmp_path / "permissions.md").write_text("old", encoding="utf-8")
    (tmp_path / "events" / "garden.Felled.json").write_text("{}", encoding="utf-8")
    (tmp_path / "settings.schema.json").unlink()

    assert compare_contracts(files, tmp_path) == [
        f"{tmp_path}/events/garden.Felled.json describes nothing that exists; run `msingi schema export`.",
        f"{tmp_path}/permissions.md is stale; run `msingi schema export`.",
        f"{tmp_path}/settings.schema.json is missing; run `msingi schema export`.",
    ]


def test_exporting_removes_the_schemas_of_events_that_are_gone(tmp_path: Path) -> None:
    gone = tmp_path / "events" / "garden.Felled.json"
    gone.parent.mkdir()
    gone.write_text("{}", encoding="utf-8")

    write_contracts({"permissions.md": "# Permissions\n"}, tmp_path)

    assert not gone.exists()
    assert (tmp_path / "permissions.md").read_text(encoding="utf-8") == "# Permissions\n"


def test_breaking_changes_come_before_stale_files_and_once(tmp_path: Path) -> None:
    write_contracts({"full.graphql": BEFORE, "a.graphql": BEFORE}, tmp_path)
    after = BEFORE.replace("label: String, ", "")

    problems = compare_contracts({"full.graphql": after, "a.graphql": after}, tmp_path)

    assert problems == [
        "breaking change in full.graphql: Field Tree.label was removed.",
        f"{tmp_path}/a.graphql is stale; run `msingi schema export`.",
        f"{tmp_path}/full.graphql is stale; run `msingi schema export`.",
    ]


def test_another_permission_is_a_breaking_change() -> None:
    after = BEFORE.replace(
        'owner: String @allow(permission: "garden.read")', 'owner: String @allow(permission: "x.y")'
    )

    assert breaking_changes(BEFORE, after) == ["Tree.owner needs the permission x.y; it was garden.read."]


def test_a_new_field_breaks_nobody() -> None:
    assert breaking_changes(BEFORE, BEFORE.replace("label: String,", "label: String, kind: String,")) == []
