"""Drills F30 and F33: a migration that fails at any step changes nothing; a newer database is left alone."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import garden
import pytest
from sqlalchemy import inspect, text
from starlette.testclient import TestClient

from msingi.errors import ConfigurationError
from msingi.http import create_app
from msingi.ids import new_id
from msingi.migrate import pending, prepare, upgrade
from msingi.platform import Platform
from msingi.plugin import Plugin
from msingi.testing import MakePlatform

STEPS = 3
REVISION = '''"""Step {number}."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{number:04}", {previous}
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table("{name}_{number}", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO {name}_{number} (id) VALUES ({number})")
    if Path(__file__).with_name("broken").read_text() == "{number}":
        raise RuntimeError("step {number} is broken")


def downgrade() -> None:
    op.drop_table("{name}_{number}")
'''
BreakAt = Callable[[int], None]


@pytest.fixture
def ladder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Plugin[Any], BreakAt]:
    """A plugin of three revisions, and a way to break one of them."""
    name = f"ladder{new_id().hex[-8:]}"
    folder = tmp_path / name / "migrations"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text(
        f'"""Three steps."""\nfrom msingi import Plugin\nplugin = Plugin("{name}")\n', encoding="utf-8"
    )
    for number in range(1, STEPS + 1):
        previous = repr(f"{number - 1:04}" if number > 1 else None)
        revision = REVISION.format(number=number, previous=previous, name=name)
        (folder / f"{number:04}_step.py").write_text(revision, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def break_at(step: int) -> None:
        (folder / "broken").write_text(str(step), encoding="utf-8")

    break_at(0)
    return importlib.import_module(name).plugin, break_at


@pytest.mark.rule("F30")
@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_migration_that_fails_at_any_step_is_undone_and_runs_again(
    make_platform: MakePlatform, ladder: tuple[Plugin[Any], BreakAt], engine_name: str, step: int
) -> None:
    plugin, break_at = ladder
    old = make_platform(garden.plugin)
    new = Platform(
        old.profile.model_copy(update={"modules": ["garden", plugin.name]}), plugins=[garden.plugin, plugin]
    )
    before = _everything(old)

    break_at(step)
    with pytest.raises(RuntimeError, match=f"step {step}"):
        upgrade(new)
    after_failure = _everything(old)
    still_serves = _trees(old)
    break_at(0)
    done = [line.revision for line in upgrade(new)]

    assert after_failure == before, f"engine {engine_name}, step {step}"
    assert still_serves == 0
    assert done == [f"{number:04}" for number in range(1, STEPS + 1)]
    assert pending(new) == []
    assert {f"{plugin.name}_{number}" for number in range(1, STEPS + 1)} <= _everything(new).keys()
    new.close()


@pytest.mark.rule("F33")
def test_a_database_of_a_newer_release_is_refused_and_left_alone(
    make_platform: MakePlatform, engine_name: str
) -> None:
    platform = make_platform(garden.plugin, jobs={"embedded_workers": 0})
    running = create_app(platform)
    with platform.database.write.begin() as connection:
        connection.execute(text("UPDATE alembic_version_garden SET version_num = '0999'"))
    before = _everything(platform)

    for attempt in (upgrade, prepare, pending, create_app):
        with pytest.raises(ConfigurationError, match="Install the newer release"):
            attempt(platform)
    with TestClient(running, base_url="http://localhost") as client:
        ready = client.get("/health/ready")

    assert _everything(platform) == before, f"engine {engine_name}"
    assert (ready.status_code, ready.json()) == (503, {"status": "database newer than the release"})


def _everything(platform: Platform) -> dict[str, list[Any]]:
    """Every table with its rows."""
    with platform.database.read.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: list(connection.execute(text(f'SELECT * FROM "{name}"'))) for name in names}


def _trees(platform: Platform) -> int:
    with platform.work(writes=False) as work:
        return len(work.session.query(garden.Tree).all())
