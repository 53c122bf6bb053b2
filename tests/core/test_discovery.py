"""Discovery: an installed plugin whose code fails stops only an installation that has switched it on."""

import sys
from pathlib import Path

import pytest
from tests.core.cli_fixtures import call, installed, told

from msingi.discovery import discover
from msingi.errors import ConfigurationError
from msingi.platform import Platform
from msingi.scaffold import write_migration
from msingi.testing import small_profile

__all__ = ["installed"]
FAULTS = {
    "import not_there_at_all": "ModuleNotFoundError: No module named 'not_there_at_all' (plugin.py:1)",
    "raise RuntimeError('first line\\nsecond line')": "RuntimeError: first line (plugin.py:1)",
    "raise LookupError": "LookupError (plugin.py:1)",
    "plugin = 7": "TypeError: msingi_faulty.plugin:plugin is not a Plugin",
}
PLUGIN = "from msingi import Plugin\n\nplugin = Plugin('faulty')\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed plugin that is called faulty; a test writes its code."""
    folder = tmp_path / "site"
    announced = folder / "msingi_faulty-0.3.dist-info"
    announced.mkdir(parents=True)
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: msingi-faulty\nVersion: 0.3\n")
    (announced / "entry_points.txt").write_text("[msingi.plugins]\nfaulty = msingi_faulty.plugin:plugin\n")
    package = folder / "msingi_faulty"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(folder)
    for module in [name for name in sys.modules if name.partition(".")[0] == package.name]:
        monkeypatch.delitem(sys.modules, module)
    return package


@pytest.mark.parametrize(("code", "reason"), FAULTS.items())
def test_a_plugin_that_is_switched_on_and_cannot_be_loaded_is_told(
    package: Path, code: str, reason: str
) -> None:
    (package / "plugin.py").write_text(code)

    with pytest.raises(ConfigurationError) as refused:
        Platform(small_profile(modules=["faulty"]))

    assert str(refused.value) == (
        f"modules: “faulty” (msingi-faulty 0.3) cannot be loaded: {reason}. "
        "Correct or update it, or take it out of `modules`."
    )
    assert refused.value.__cause__ is not None


def test_a_further_file_that_cannot_be_imported_is_told_in_the_same_way(package: Path) -> None:
    (package / "plugin.py").write_text(PLUGIN)
    (package / "events.py").write_text("\nprint(nobody_knows_it)\n")

    with pytest.raises(
        ConfigurationError, match=r"cannot be loaded: NameError: .*nobody_knows_it.*events\.py:2"
    ):
        Platform(small_profile(modules=["faulty"]))


def test_a_plugin_that_is_off_and_cannot_be_loaded_is_left_out(package: Path) -> None:
    (package / "plugin.py").write_text("import not_there_at_all")

    platform = Platform(small_profile(modules=["registry"], plugins={"faulty": {"days": 3}}))

    assert "faulty" not in platform.installed
    assert [one.name for one in platform.unloadable] == ["faulty"]
    assert {one.name for one in discover().plugins} >= {"registry", "claims"}


def test_no_migration_is_written_for_a_plugin_that_cannot_be_loaded(package: Path) -> None:
    (package / "plugin.py").write_text("import not_there_at_all")

    with pytest.raises(ConfigurationError, match=r"“faulty” .* cannot be loaded: ModuleNotFoundError"):
        write_migration("faulty", "anything")


@pytest.mark.usefixtures("installed")
def test_commands_work_beside_a_plugin_that_is_off_and_cannot_be_loaded(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (package / "plugin.py").write_text("import not_there_at_all")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    database = ("--database", "sqlite:///here.db")

    migrated, checked, listed = (call(command, *database) for command in ("migrate", "check", "modules"))

    remark = (
        "modules : « faulty » (msingi-faulty 0.3) est installé sans être activé ; il ne peut pas être chargé : "
        "ModuleNotFoundError: No module named 'not_there_at_all' (plugin.py:1).\n"
    )
    assert migrated.exit_code == 0
    assert (checked.exit_code, checked.output.endswith(remark)) == (0, True)
    assert told(listed) == (0, remark)
