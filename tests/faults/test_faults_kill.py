"""Drills F1 and F3: the server or its database is killed in the middle of writes; nothing acknowledged is lost."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import garden
import pytest
from sqlalchemy import func, select
from tests.faults.conftest import Orchard, OwnPostgres, plant_orchard, until_ready
from tests.faults.history import History, clerks, plant
from tests.faults.served import serve
from tests.processes import Start

from msingi.audit.models import AuditEntry
from msingi.audit.services import seal, verify


@pytest.mark.rule("F1", "F19", "I1", "I5")
def test_a_killed_server_keeps_every_acknowledged_write_once(
    orchard: Orchard, start: Start, tmp_path: Path, engine_name: str, seed: int
) -> None:
    history, drill = History(tmp_path / "history.jsonl"), f"engine {engine_name}, seed {seed}"
    wanted = random.Random(seed).randrange(5, 25)

    server = start(serve, orchard.profile, orchard.port)
    until_ready(orchard)
    with clerks(orchard, history, 3):
        _wait(lambda: len(history.acknowledged()) >= wanted)
        server.kill()
    start(serve, orchard.profile, orchard.port)
    until_ready(orchard)

    retry_and_check(orchard, history, drill)


@pytest.mark.rule("F3", "I1", "I5")
def test_a_killed_database_keeps_every_acknowledged_write_once(
    own_postgres: OwnPostgres, start: Start, tmp_path: Path, seed: int
) -> None:
    orchard = plant_orchard(own_postgres.url)
    history, drill = History(tmp_path / "history.jsonl"), f"engine postgresql, seed {seed}"
    wanted = random.Random(seed).randrange(5, 25)

    server = start(serve, orchard.profile, orchard.port)
    until_ready(orchard)
    with clerks(orchard, history, 2):
        _wait(lambda: len(history.acknowledged()) >= wanted)
        own_postgres.kill()
        own_postgres.start_again()
        _wait(lambda: len(history.acknowledged()) >= 2 * wanted)
        server.kill()
    start(serve, orchard.profile, orchard.port)
    until_ready(orchard)

    retry_and_check(orchard, history, drill)
    orchard.platform.close()


def retry_and_check(orchard: Orchard, history: History, drill: str) -> None:
    """Send every key again, as clients do, then compare the database with their memory."""
    first = history.acknowledged()
    with orchard.client() as client:
        again = {key: plant(client, orchard, history, key) for key in history.asked()}

    assert {key: again[key] for key in first} == first, drill
    expected = {key: answer["data"]["plantTree"]["id"] for key, answer in again.items()}
    with orchard.platform.work() as work:
        trees = work.session.execute(select(garden.Tree.label, garden.Tree.id)).all()
        notes = Counter(work.session.scalars(select(garden.Note.text)))
        lines = work.session.scalar(
            select(func.count()).where(AuditEntry.entity == "garden_tree", AuditEntry.action == "insert")
        )
        seal(work, everything=True)
    assert sorted((label, str(tree_id)) for label, tree_id in trees) == sorted(expected.items()), drill
    assert notes == Counter(f"hello {key}" for key in expected), drill
    assert lines == len(expected), drill
    with orchard.platform.work(writes=False) as work:
        assert verify(work).intact, drill


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "the drill made no progress"
        time.sleep(0.02)
