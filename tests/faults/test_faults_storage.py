"""Drills F7 and F9: no room left on the disk; writes are refused, reads go on, and room brings writes back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import garden
import httpx2 as httpx
import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient
from tests.faults.conftest import Orchard, OwnPostgres, plant_orchard
from tests.faults.served import COUNT, PLANT, plant_under_a_limit, tree
from tests.processes import Start

from msingi.http import create_app

MOST = 4000


@pytest.mark.rule("F7", "I1")
def test_a_full_disk_refuses_writes_and_keeps_reading_on_sqlite(
    small_disk: Callable[..., Path], tmp_path: Path, seed: int
) -> None:
    disk = small_disk(tmp_path / "disk", 16)
    orchard = plant_orchard(f"sqlite:///{disk / 'garden.db'}")

    _fill_and_recover(orchard, disk, f"engine sqlite, seed {seed}")


@pytest.mark.rule("F7", "I1")
def test_a_full_disk_refuses_writes_and_keeps_reading_on_postgresql(
    own_postgres: OwnPostgres, small_disk: Callable[..., Path], seed: int
) -> None:
    disk = small_disk(own_postgres.folder / "disk", 48)
    (disk / "space").mkdir()
    owner = (own_postgres.folder / "pg" / "PG_VERSION").stat()
    shutil.chown(disk / "space", owner.st_uid, owner.st_gid)
    engine = create_engine(own_postgres.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{disk / 'space'}'"))
        connection.execute(text("CREATE DATABASE garden TABLESPACE small"))
    engine.dispose()
    orchard = plant_orchard(make_url(own_postgres.url).set(database="garden").render_as_string(False))

    _fill_and_recover(orchard, disk, f"engine postgresql, seed {seed}")


@pytest.mark.rule("F9", "I1")
def test_a_write_limit_refuses_writes_and_keeps_reading(
    orchard: Orchard, start: Start, tmp_path: Path
) -> None:
    if not orchard.platform.database.is_sqlite:
        pytest.skip("the limit is on the process that writes the files: of PostgreSQL's servers see F7")
    report = tmp_path / "report.json"
    orchard.platform.close()

    process = start(plant_under_a_limit, orchard.profile, str(orchard.place), 300_000, str(report))
    process.join(120)

    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["refused"]["code"] == "core.storage_full"
    assert told["during"]["data"]["trees"]["totalCount"] == len(told["planted"]) + 1
    assert told["after"]["data"]["plantTree"]["label"].startswith(f"{told['refused']['number']:06}")


def _fill_and_recover(orchard: Orchard, disk: Path, drill: str) -> None:
    headers = {"authorization": f"Bearer {orchard.token}", "x-msingi-request": "1", "accept-language": "en"}
    ballast = disk / "ballast"
    with TestClient(create_app(orchard.platform), base_url="http://localhost", headers=headers) as client:
        _plant(client, orchard, 0)
        _fill(ballast)
        acknowledged, refusal = _plant_until_refused(client, orchard)
        during = client.post("/graphql", json={"query": COUNT}).json()
        again = _plant(client, orchard, len(acknowledged))
        ballast.unlink()
        after = _plant(client, orchard, len(acknowledged))

        assert refusal.status_code == again.status_code == 507, drill
        assert refusal.json()["errors"][0]["extensions"]["code"] == "core.storage_full", drill
        assert during["data"]["trees"]["totalCount"] == len(acknowledged), drill
        assert after.status_code == 200, (drill, after.text)
        with orchard.platform.work(writes=False) as work:
            labels = set(work.session.scalars(select(garden.Tree.label)))
            count = work.session.scalar(select(func.count(garden.Tree.id)))
    assert labels == {*acknowledged, _label(len(acknowledged))}, drill
    assert count == len(labels), drill


def _plant_until_refused(client: TestClient, orchard: Orchard) -> tuple[list[str], httpx.Response]:
    acknowledged = [_label(0)]
    for number in range(1, MOST):
        reply = _plant(client, orchard, number)
        if reply.status_code != 200:
            return acknowledged, reply
        acknowledged.append(_label(number))
    raise AssertionError("the disk never filled up")


def _plant(client: TestClient, orchard: Orchard, number: int) -> Any:
    body = {"query": PLANT, "variables": tree(_label(number), orchard.place)}
    return client.post("/graphql", json=body, headers={"idempotency-key": f"key-{number}"})


def _label(number: int) -> str:
    return f"{number:06} {'x' * 40}"


def _fill(ballast: Path) -> None:
    """Leave about 200 kB of room."""
    free = shutil.disk_usage(ballast.parent).free - 200_000
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free)))
