"""Uninstalling: only on purpose, only what is off and no other needs, and never without a line in the audit trail."""

from collections.abc import Iterator
from pathlib import Path

import garden
import pytest
from sqlalchemy import inspect, select
from tests.core.cli_fixtures import call, installed, told
from typer.testing import CliRunner

from msingi import Plugin
from msingi.audit.models import AuditEntry
from msingi.cli.entry import app
from msingi.errors import ConfigurationError
from msingi.migrate import pending, prepare
from msingi.platform import Platform
from msingi.testing import MakePlatform, small_profile
from msingi.uninstall import holding_of, uninstall

__all__ = ["installed"]
HERE = ("--profile", "car", "--database", "sqlite:///here.db")


@pytest.fixture
def without(make_platform: MakePlatform, database_url: str) -> Iterator[Platform]:
    """A platform that has switched the garden off, on a database in which Awa and Issa own trees."""
    with_garden = make_platform(garden.plugin)
    with with_garden.work() as work:
        work.add(garden.Owner(name="Awa"))
        work.add(garden.Owner(name="Issa"))
    platform = Platform(
        small_profile(database={"url": database_url}), plugins=[garden.plugin, Plugin("pond")]
    )
    yield platform
    platform.close()


def _tables(platform: Platform) -> set[str]:
    with platform.database.read.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_tables_and_rows_go_and_the_audit_trail_says_so(without: Platform) -> None:
    before = {name for name in _tables(without) if name.startswith("garden_")}

    holding = holding_of(without, "garden")
    uninstall(without, holding)

    assert (holding.tables, holding.rows) == (len(before), 2)
    assert not [name for name in _tables(without) if name.startswith("garden_")]
    with without.work(writes=False) as work:
        columns = select(AuditEntry.entity, AuditEntry.changes)
        lines = work.session.execute(columns.where(AuditEntry.action == "core.uninstall")).all()
    assert lines == [("garden", {"tables": len(before), "rows": 2})]


def test_what_was_uninstalled_may_come_again(without: Platform, database_url: str) -> None:
    uninstall(without, holding_of(without, "garden"))
    again = Platform(
        small_profile(modules=["garden"], database={"url": database_url}), plugins=[garden.plugin]
    )

    try:
        assert [step.plugin for step in pending(again)] == ["garden"]
        prepare(again)
        assert "garden_owner" in _tables(again)
    finally:
        again.close()


def test_a_plugin_that_is_on_keeps_its_tables(make_platform: MakePlatform) -> None:
    platform = make_platform(garden.plugin)

    with pytest.raises(ConfigurationError, match="“garden” is switched on: its tables are in use"):
        holding_of(platform, "garden")


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("gardn", "No plugin is called “gardn”. Installed: audit, auth, core, garden, pond, rbac."),
        ("pond", "“pond” has no tables in this database."),
    ],
)
def test_what_is_not_there_is_told(without: Platform, name: str, refusal: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        holding_of(without, name)

    assert str(refused.value) == refusal


@pytest.mark.usefixtures("installed")
def test_what_others_build_on_goes_last(tmp_path: Path) -> None:
    modules = 'modules = ["registry", "catalogue", "ledger", "insurance", "claims"]'
    profile = _car_with(tmp_path, modules)
    assert call("migrate", "--profile", str(profile), *HERE[2:]).exit_code == 0

    refused = call("uninstall", "insurance", "--yes", *HERE)
    removed = call("uninstall", "claims", "--yes", *HERE)
    refused_again = call("uninstall", "claims", "--yes", *HERE)
    after = call("uninstall", "insurance", "--yes", *HERE)

    assert told(refused) == (
        2,
        (
            "msingi: « insurance » est exigé par des greffons qui ont encore des tables ici. "
            "Désinstallez d'abord ceux-ci : claims.\n"
        ),
    )
    assert (removed.exit_code, after.exit_code) == (0, 0)
    assert removed.stdout.endswith("\nElles ont été supprimées.\n")
    assert told(refused_again) == (2, "msingi: « claims » n'a aucune table dans cette base de données.\n")


@pytest.mark.usefixtures("installed")
def test_the_name_has_to_be_typed_once_more(tmp_path: Path) -> None:
    profile = _car_with(tmp_path, 'modules = ["registry", "catalogue"]')
    assert call("migrate", "--profile", str(profile), *HERE[2:]).exit_code == 0
    words = ["uninstall", "catalogue", *HERE]

    doubted = CliRunner().invoke(app, words, input="catalog\n")
    silent = CliRunner().invoke(app, words)
    sure = CliRunner().invoke(app, words, input="catalogue\n")

    assert told(doubted) == (1, "C'est un autre nom. Rien n'a été supprimé.\n")
    assert silent.exit_code == 1
    assert (sure.exit_code, sure.stdout.endswith("Elles ont été supprimées.\n")) == (0, True)


def _car_with(folder: Path, modules: str) -> Path:
    """The profile of the Central African Republic, with other modules than its own."""
    shipped = Path(__file__).parents[2] / "settings" / "car.toml"
    lines = [
        modules if line.startswith("modules = ") else line
        for line in shipped.read_text(encoding="utf-8").splitlines()
    ]
    profile = folder / "car.toml"
    profile.write_text("\n".join(lines), encoding="utf-8")
    return profile
