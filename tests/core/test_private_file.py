"""A new database in a file is readable by its owner only, together with its journal."""

import os
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.core.cli_fixtures import call, installed, told

from msingi.cli.platforms import platform_for

__all__ = ["installed"]


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob("own.db*")}


@pytest.mark.usefixtures("installed")
def test_a_new_database_and_its_journal_belong_to_their_owner(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'own.db'}"
    before = os.umask(0o022)
    try:
        assert told(call("migrate --profile cameroon --database", address)) == (0, "")
        with (
            closing(platform_for("cameroon", address)) as platform,
            platform.work() as work,
        ):
            work.session.execute(text("CREATE TABLE notes (word TEXT)"))
            modes = _modes(tmp_path)
    finally:
        os.umask(before)

    assert modes == {"own.db": 0o600, "own.db-wal": 0o600, "own.db-shm": 0o600}


@pytest.mark.usefixtures("installed")
def test_a_file_that_exists_keeps_the_mode_that_its_administrator_chose(tmp_path: Path) -> None:
    file = tmp_path / "own.db"
    file.touch()
    file.chmod(0o640)

    assert told(call("migrate --profile cameroon --database", f"sqlite:///{file}")) == (0, "")

    assert _modes(tmp_path) == {"own.db": 0o640}
