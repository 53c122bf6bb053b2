"""What a demonstration leaves behind can be worked on by every command, and nothing else becomes a demonstration."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from tests.core.cli_fixtures import call, told

from msingi.cli.platforms import demo_secrets, platform_for
from msingi.demo.run import totals
from msingi.migrate import prepare, upgrade
from msingi.profile_files import settings_folder

URL = "sqlite:///left/demo.db"


@pytest.fixture(autouse=True)
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the database of a demonstration and its keys, and no key in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MSINGI_SECRETS_DIR", raising=False)
    (tmp_path / "left").mkdir()
    keys = demo_secrets(tmp_path / "left")
    with closing(platform_for("car", URL, demo=True, security=keys)) as platform:
        upgrade(platform)
        prepare(platform)
        assert totals(platform)[-1] == "audit: intact"
    return tmp_path


@pytest.mark.rule("attack 94")
def test_the_trail_of_a_demonstration_is_sealed_and_a_deleted_line_is_named(left: Path) -> None:
    whole = call(f"audit verify --profile car --database {URL}")
    with closing(platform_for("car", URL)) as platform, platform.database.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)")
    broken = call(f"audit verify --profile car --database {URL}")

    assert (whole.exit_code, broken.exit_code) == (0, 1)
    assert (left / "left/demo.db").is_file()


@pytest.mark.rule("attack 105")
def test_keys_of_a_demonstration_open_no_other_database(left: Path) -> None:
    elsewhere = told(call("migrate --profile car --database sqlite:///country.db"))
    beside = told(call("migrate --profile car --database sqlite:///left/country.db"))

    assert (elsewhere[0], beside[0]) == (2, 2)
    assert not list(left.rglob("country.db"))


@pytest.mark.rule("attack 27")
@pytest.mark.parametrize("modules", ["[]", '["ledger"]'])
def test_a_country_without_a_register_of_persons_has_its_demonstration(left: Path, modules: str) -> None:
    shipped = (settings_folder() / "cameroon.toml").read_text(encoding="utf-8")
    lines = re.sub(r"(?ms)^modules = \[.*?\]$", f"modules = {modules}", shipped)
    (left / "small.toml").write_text(re.sub(r"(?ms)^\[plugins\..*", "", lines), encoding="utf-8")

    shown = call("demo --profile small.toml --exit --port 0")

    assert shown.exit_code == 0
    assert shown.stdout.rstrip().endswith("audit: intact")


@pytest.mark.rule("attack 105")
def test_an_empty_file_or_one_half_set_up_never_becomes_a_demonstration(left: Path) -> None:
    (left / "left/country.db").touch()
    with closing(platform_for("car", URL)) as platform, platform.database.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM core_installation")

    shown = [
        told(call(f"migrate --profile car --database sqlite:///left/{name}.db"))
        for name in ("country", "demo")
    ]

    assert [status for status, _ in shown] == [2, 2]
    assert all("security.keys" in said for _, said in shown)
    assert not (left / "left/country.db").stat().st_size


@pytest.mark.rule("attack 97")
@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("address", ["nonsense", "", "postgresql://admin:pa@ss:w0rd@db/msingi"])
def test_an_address_that_cannot_be_read_is_refused_without_being_told(address: str) -> None:
    status, said = told(call("audit verify --profile car --database", address))

    assert status == 2
    assert "database.url" in said
    assert "w0rd" not in said


@pytest.mark.parametrize("broken", ["{", "[]", "{}", "\xff"])
def test_broken_keys_of_a_demonstration_are_told_by_their_file(left: Path, broken: str) -> None:
    (left / "left/demo-keys.json").write_bytes(broken.encode("latin-1"))

    status, said = told(call(f"audit verify --profile car --database {URL}"))

    assert status == 2
    assert "demo-keys.json" in "".join(said.split())
