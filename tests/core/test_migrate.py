"""Migrations: one history per plugin, one transaction per run, nothing lost and nothing half done."""

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import garden
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from msingi.errors import ConfigurationError
from msingi.migrate import differences, downgrade, pending, prepare, scripts_of, status, upgrade
from msingi.platform import Platform, installed_plugins
from msingi.testing import MakePlatform, small_profile

ROOT = Path(__file__).parents[2]
HEAD = (
    'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{number}"\ndown_revision = {before!r}\n\n'
)
FIRST = """def upgrade() -> None:
    op.create_table("hello_note", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.Text()))
    op.execute("INSERT INTO hello_note (id, text) VALUES (1, 'Awa came')")
"""
SECOND = """def upgrade() -> None:
    with op.batch_alter_table("hello_note") as batch_op:
        batch_op.add_column(sa.Column("author", sa.String(100), nullable={nullable}))
"""


@dataclass(frozen=True, slots=True)
class Notes:
    """A plugin of one table with one row, whose second revision a test writes."""

    folder: Path
    platform: Platform

    @property
    def reason(self) -> str:
        if self.platform.database.is_sqlite:
            return "Cannot add a NOT NULL column with default value NULL"
        return "NotNullViolation hello_note.author"

    def add_column(self, *, nullable: bool) -> None:
        self.write_second(SECOND.format(nullable=nullable))

    def write_second(self, code: str) -> None:
        head = HEAD.format(number="0002", before="0001")
        (self.folder / "0002_add_the_author.py").write_text(head + code, encoding="utf-8")

    def rows(self) -> list[dict[str, object]]:
        with self.platform.database.read.connect() as connection:
            return [dict(row) for row in connection.execute(text("SELECT * FROM hello_note")).mappings()]


@pytest.fixture
def notes(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notes]:
    package = tmp_path / "notes_of_a_test"
    migrations = package / "migrations"
    migrations.mkdir(parents=True)
    (package / "__init__.py").write_text("from msingi import Plugin\n\nplugin = Plugin('notes')\n")
    (migrations / "0001_initial.py").write_text(HEAD.format(number="0001", before=None) + FIRST)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, package.name, raising=False)
    plugin = importlib.import_module(package.name).plugin
    platform = Platform(small_profile(modules=["notes"], database={"url": database_url}), plugins=[plugin])
    upgrade(platform)
    yield Notes(migrations, platform)
    platform.close()


@pytest.fixture
def empty(database_url: str) -> Iterator[Platform]:
    platform = Platform(
        small_profile(modules=["garden"], database={"url": database_url}), plugins=[garden.plugin]
    )
    yield platform
    platform.close()


def _tables(platform: Platform) -> set[str]:
    with platform.database.read.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_an_empty_database_is_brought_to_the_release(empty: Platform) -> None:
    planned = pending(empty)

    done = upgrade(empty)

    assert done == planned
    assert list(dict.fromkeys(step.plugin for step in done))[:2] == ["core", "rbac"]
    assert all(line.behind == 0 for line in status(empty))
    assert {"garden_tree", "alembic_version_garden", "alembic_version_core"} <= _tables(empty)


def test_a_second_run_changes_nothing(empty: Platform) -> None:
    prepare(empty)

    assert prepare(empty) == []


def test_models_and_migrated_tables_agree(empty: Platform) -> None:
    upgrade(empty)

    assert {plugin.name: differences(empty, plugin) for plugin in empty.plugins} == {
        plugin.name: [] for plugin in empty.plugins
    }


def test_removing_one_plugin_leaves_the_others(empty: Platform) -> None:
    upgrade(empty)

    downgrade(empty, garden.plugin)

    assert "garden_tree" not in _tables(empty)
    assert "rbac_jurisdiction" in _tables(empty)


def test_a_disabled_module_keeps_its_tables_and_data(make_platform: MakePlatform, database_url: str) -> None:
    with_garden = make_platform(garden.plugin)
    with with_garden.work() as work:
        work.add(garden.Owner(name="Awa"))

    without = Platform(small_profile(database={"url": database_url}), plugins=[garden.plugin])

    assert upgrade(without) == []
    assert "garden_owner" in _tables(without)
    without.close()


@pytest.mark.rule("F30")
def test_a_revision_that_does_not_fit_the_data_is_told_and_changes_nothing(notes: Notes) -> None:
    notes.add_column(nullable=False)

    with pytest.raises(ConfigurationError) as refused:
        upgrade(notes.platform)

    told = "Revision 0002 of “notes” does not fit this database (" + notes.reason + "). Nothing was changed: "
    assert str(refused.value).startswith(told)
    assert isinstance(refused.value.__cause__, DBAPIError)
    assert notes.rows() == [{"id": 1, "text": "Awa came"}]
    assert [line.behind for line in status(notes.platform) if line.plugin == "notes"] == [1]


def test_a_required_column_may_come_to_an_empty_table(notes: Notes) -> None:
    with notes.platform.database.write.begin() as connection:
        connection.execute(text("DELETE FROM hello_note"))
    notes.add_column(nullable=False)

    assert [step.revision for step in upgrade(notes.platform)] == ["0002"]


def test_the_revision_of_the_guide_fills_the_rows_that_are_there(notes: Notes) -> None:
    guide = (ROOT / "docs" / "how-to" / "write-a-module.md").read_text(encoding="utf-8")
    block = re.search(r"^## Change a table\n.*?^```python\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert block is not None
    notes.write_second(block[1])

    upgrade(notes.platform)

    assert notes.rows() == [{"id": 1, "text": "Awa came", "author": "Awa came"}]


@pytest.mark.rule("F33")
def test_a_database_of_a_newer_release_is_refused_untouched(empty: Platform) -> None:
    upgrade(empty)
    with empty.database.write.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version_garden SET version_num = '9999'")

    with pytest.raises(ConfigurationError, match="at revision 9999, which this release does not know"):
        upgrade(empty)


def test_revision_files_are_numbered_in_order() -> None:
    names = [Path(script.path).name for script in scripts_of(garden.plugin).walk_revisions()]

    assert names == ["0001_initial.py"]


def test_a_plugin_without_its_tables_is_behind_and_then_at_its_head(empty: Platform) -> None:
    before = {line.plugin: (line.current, line.behind > 0) for line in status(empty)}
    upgrade(empty)
    after = {line.plugin: (line.current, line.head, line.behind) for line in status(empty)}

    assert before["garden"] == (None, True)
    heads = {plugin.name: scripts_of(plugin).get_current_head() for plugin in empty.plugins}
    assert after == {name: (head, head, 0) for name, head in heads.items()}


def test_the_number_of_a_file_is_its_revision() -> None:
    """The state of a database is told from the names of the files alone."""
    for plugin in installed_plugins().values():
        for script in scripts_of(plugin).walk_revisions():
            assert Path(script.path).name.startswith(f"{script.revision}_")
            assert len(script.nextrev) <= 1
