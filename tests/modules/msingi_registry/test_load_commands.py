"""`msingi load` as it is typed: the data of the profile's own country, and files that are no list."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.core.cli_fixtures import call, installed, told

from msingi.cli.platforms import platform_for
from msingi.migrate import prepare
from msingi_registry import progress_bar
from msingi_registry.models.facility import Facility
from msingi_registry.models.imports import ImportPart

__all__ = ["installed"]


@pytest.fixture
def tanzania(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation of Tanzania in a French terminal."""
    monkeypatch.setenv("MSINGI__MODULES", '["registry"]')
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    with closing(platform_for("tanzania")) as platform:
        prepare(platform)
    return installed


@pytest.mark.usefixtures("tanzania")
def test_the_data_of_another_country_than_the_profiles_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    french = told(call("load country cmr --profile tanzania"))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    english = told(call("load country CMR --profile tanzania"))

    assert french == (
        2,
        (
            "msingi: CMR n'est pas le pays du profil tanzania, qui est TZA. Chargez TZA, ou choisissez le profil de CMR "
            "avec une base de données à lui.\n"
        ),
    )
    assert english == (
        2,
        (
            "msingi: CMR is not the country of the profile tanzania, which is TZA. Load TZA, or choose the profile of CMR "
            "with a database of its own.\n"
        ),
    )
    with closing(platform_for("tanzania")) as platform, platform.work(writes=False) as work:
        assert work.session.scalar(select(func.count(Facility.id))) == 0


@pytest.mark.usefixtures("tanzania")
@pytest.mark.rule("X-01")
def test_a_column_without_its_field_is_told_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    names = tmp_path / "list.csv"
    names.write_text("Nom\n", encoding="utf-8")

    code, text = told(call("load facilities --profile tanzania --map Nom", str(names)))

    assert code == 2
    assert "Écrivez COLONNE=CHAMP au lieu de « Nom »." in text


@pytest.mark.usefixtures("tanzania")
def test_a_list_that_ctrl_c_ends_says_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tmp_path / "list.csv"
    names.write_text("name,place,type\n" + "A,TZ,Hospital\n" * 2_000, encoding="utf-8")

    @contextmanager
    def interrupting(_label: str) -> Iterator[Callable[[int, int | None], None]]:
        yield lambda _done, _total: signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(progress_bar, "progress_bar", interrupting)

    ended = told(call("load facilities --profile tanzania", str(names)))

    assert ended == (
        130,
        "interrompu ; ce qui n'était pas encore enregistré est annulé, et la liste est supprimée\n",
    )
    with closing(platform_for("tanzania")) as platform, platform.work(writes=False) as work:
        assert work.session.scalar(select(func.count(ImportPart.id))) == 0
