"""An installation for commands: keys in bare secret files, and a folder of its own to stand in."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from msingi.cli.entry import app
from msingi.keyring import generate_key

FILE = "README.md"
"""The one file in the folder."""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the commands of a test run; `tmp_path / "secrets"` holds the keys."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "security__keys").write_text(f"{generate_key()}\n", encoding="utf-8")
    (secrets / "security__index_key").write_text(generate_key(), encoding="utf-8")
    for file in secrets.iterdir():
        file.chmod(0o600)
    monkeypatch.setenv("MSINGI_SECRETS_DIR", str(secrets))
    place = tmp_path / "here"
    place.mkdir()
    (place / FILE).write_text("", encoding="utf-8")
    monkeypatch.chdir(place)
    return place


def call(command: str, *more: str) -> Result:
    """Run a command as it is typed."""
    return CliRunner().invoke(app, [*command.split(), *more])


def told(result: Result) -> tuple[int, str]:
    """The exit status and what stands on standard error; anything else than an exit is a defect."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr
