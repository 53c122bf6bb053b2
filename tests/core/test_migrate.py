"""Migrations: one history per plugin, one transaction per run, nothing lost and nothing half done."""

from collections.abc import Iterator
from pathlib import Path

import garden
import pytest
from sqlalchemy import inspect

from msingi.errors import ConfigurationError
from msingi.migrate import differences, downgrade, pending, prepare, scripts_of, status, upgrade
from msingi.platform import Platform, installed_plugins
from msingi.testing import MakePlatform, small_profile


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
