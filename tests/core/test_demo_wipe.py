"""A demonstration empties only what is marked as one, as a whole, or what has no table at all (attack 105)."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from tests.core.cli_fixtures import call, installed, told

from msingi.cli.platforms import demo_secrets, platform_for
from msingi.demo.alone import alone
from msingi.errors import ConfigurationError
from msingi.kernel.installation import is_demonstration, wipe
from msingi.migrate import prepare, upgrade
from msingi.platform import Platform

__all__ = ["installed"]
pytestmark = [pytest.mark.usefixtures("installed"), pytest.mark.rule("attack 105")]
Make = Callable[[Platform], object]


def _opened(url: str, *, demo: bool) -> Platform:
    return platform_for("cameroon", url, demo=demo, security=demo_secrets(Path(".msingi")))


def _made(url: str, *steps: Make, demo: bool) -> set[str]:
    """A database that these steps made, and its tables."""
    with closing(_opened(url, demo=demo)) as platform:
        for step in steps:
            step(platform)
    return _tables(url)


def _tables(url: str) -> set[str]:
    with closing(_opened(url, demo=True)) as platform:
        return set(inspect(platform.database.read).get_table_names())


def _own_table(platform: Platform) -> None:
    with platform.database.write.begin() as connection:
        connection.execute(text("CREATE TABLE a_land_register (plot int)"))


def _refusal(url: str) -> str:
    with closing(_opened(url, demo=True)) as platform, pytest.raises(ConfigurationError) as refused:
        wipe(platform)
    return str(refused.value)


@pytest.mark.parametrize("steps", [(upgrade,), (_own_table,), (upgrade, _own_table)])
def test_tables_without_a_mark_stay(database_url: str, steps: tuple[Make, ...]) -> None:
    before = _made(database_url, *steps, demo=False)

    assert _refusal(database_url).startswith("This database holds tables, but no mark of a demonstration")
    assert _tables(database_url) == before


def test_tables_of_something_else_beside_a_demonstration_stay(database_url: str) -> None:
    before = _made(database_url, prepare, _own_table, demo=True)

    assert _refusal(database_url).endswith("The first of these is a_land_register.")
    assert _tables(database_url) == before


def test_a_demonstration_alone_is_taken_away_and_made_again(database_url: str) -> None:
    before = _made(database_url, prepare, demo=True)

    assert _made(database_url, wipe, demo=True) == set()
    assert _made(database_url, prepare, demo=True) == before


def test_a_real_installation_under_the_name_of_the_demonstration_stays(installed: Path) -> None:
    demo_secrets(Path(".msingi"))
    url = "sqlite:///.msingi/demo-cameroon.db"
    _made(url, prepare, demo=False)

    code, words = told(call("demo", "--profile", "cameroon", "--exit"))

    assert (code, "Cette base contient des données réelles" in words) == (2, True)
    with closing(_opened(url, demo=False)) as platform:
        assert is_demonstration(platform) is False
    assert (installed / ".msingi" / "demo-cameroon.db").is_file()


def test_a_name_that_sqlite_reads_itself_is_no_place_for_a_demonstration(installed: Path) -> None:
    url = f"sqlite:///file:{installed}/country.db?uri=true"
    before = _made(url, prepare, demo=True)

    code, words = told(call("demo", "--profile", "cameroon", "--exit", "--database", url))

    assert (code, "le simple chemin de son fichier" in words) == (2, True)
    assert _tables(url) == before


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr_FR.UTF-8", "msingi: Une démonstration tourne déjà sur cette base de données."),
        ("en_GB.UTF-8", "msingi: A demonstration is running on this database already."),
    ],
)
def test_a_second_demonstration_leaves_the_database_of_the_first(
    database_url: str, language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    before = _made(database_url, prepare, demo=True)

    with closing(_opened(database_url, demo=True)) as first, alone(first):
        code, words = told(call("demo --profile cameroon --exit --database", database_url))
        kept = _tables(database_url)
    with closing(_opened(database_url, demo=True)) as later, alone(later):
        wipe(later)

    assert (code, words.startswith(said)) == (2, True)
    assert kept == before
    assert _tables(database_url) == set()
