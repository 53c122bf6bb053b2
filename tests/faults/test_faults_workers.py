"""Drill F43: one of several processes is killed in the middle of writes; the others go on, and it is replaced."""

import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import httpx2 as httpx
import pytest
from tests.faults.conftest import PAUSE, Orchard, until_ready
from tests.faults.history import History, plant
from tests.faults.served import serve_forked
from tests.faults.test_faults_kill import retry_and_check
from tests.processes import Start

from msingi.bench.processes import descendants

CLERKS: Final = 3
TREES: Final = 10
KILLS: Final = 3


@pytest.mark.rule("F1", "F43", "I1", "I5")
def test_killed_workers_are_replaced_and_keep_every_acknowledged_write_once(
    orchard: Orchard, start: Start, tmp_path: Path, engine_name: str, seed: int
) -> None:
    history, drill = History(tmp_path / "history.jsonl"), f"engine {engine_name}, seed {seed}"
    choice = random.Random(seed)

    server = start(serve_forked, orchard.profile, orchard.port, 2)
    until_ready(orchard)
    with ThreadPoolExecutor() as clerks:
        working = [clerks.submit(_plant_trees, orchard, history, name) for name in range(CLERKS)]
        for kills in range(1, KILLS + 1):
            _until_acknowledged(history, kills * 5)
            killed = choice.choice(sorted(_workers(server)))
            os.kill(killed, signal.SIGKILL)
            _until_replaced(server, killed)
        for work in working:
            work.result()

    assert len(history.acknowledged()) == CLERKS * TREES, drill
    retry_and_check(orchard, history, drill)
    os.kill(int(server.pid or 0), signal.SIGTERM)
    server.join(60)
    assert server.exitcode == 0


def _plant_trees(orchard: Orchard, history: History, name: int) -> None:
    """Plant one tree after the other; what was not answered is asked again under its key, of whoever is there."""
    with orchard.client() as client:
        for number in range(TREES):
            _until(partial(_is_planted, client, orchard, history, f"tree-{name}-{number}"))


def _is_planted(client: httpx.Client, orchard: Orchard, history: History, key: str) -> bool:
    try:
        return "errors" not in plant(client, orchard, history, key)
    except httpx.TransportError:
        return False


def _until_acknowledged(history: History, wanted: int) -> None:
    _until(lambda: len(history.acknowledged()) >= wanted)


def _until_replaced(server: BaseProcess, killed: int) -> None:
    _until(lambda: len(_workers(server) - {killed}) == 2)


def _workers(server: BaseProcess) -> set[int]:
    return descendants(int(server.pid or 0))


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "the drill made no progress"
        time.sleep(PAUSE)
