"""Processes that serve set aside what they made while they started."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from msingi.cli import memory
from msingi.cli.memory import Tidying, resident_mb, settle_memory


@pytest.fixture
def usual_collection() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)


@pytest.fixture
def resting_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def _ticked(tidying: Tidying, times: int) -> int:
    """How often garbage was looked for meanwhile."""
    before: int = gc.get_stats()[2]["collections"]
    for _ in range(times):
        tidying.tick()
    after: int = gc.get_stats()[2]["collections"]
    return after - before


@pytest.mark.usefixtures("usual_collection")
def test_what_lives_as_long_as_the_process_is_set_aside() -> None:
    before = gc.get_freeze_count()
    made: list[list[object]] = [[] for _ in range(10_000)]

    settle_memory()

    assert gc.get_freeze_count() >= before + len(made)
    assert gc.get_threshold() == (20_000, 20, 20)


@pytest.mark.usefixtures("usual_collection")
def test_circles_made_later_are_still_collected() -> None:
    settle_memory()
    circle: list[object] = []
    circle.append(circle)
    del circle

    assert gc.collect() >= 1


def test_large_blocks_go_back_to_the_system() -> None:
    grown = """
from msingi.bench.processes import resident_mb
from msingi.cli.memory import Tidying, settle_memory
import os
settle_memory()
before = resident_mb({os.getpid()})
for _ in range(3):
    block = b"x" * (19 << 20)
    del block
print(resident_mb({os.getpid()}) - before)
"""
    told = subprocess.run([sys.executable, "-c", grown], capture_output=True, text=True, check=True)

    assert float(told.stdout) < 4


def test_what_a_large_request_left_is_given_back_within_seconds() -> None:
    grown = """
import gc
from msingi.cli.memory import Tidying, resident_mb, settle_memory
settle_memory()
gc.disable()
tidying = Tidying()
before = resident_mb()
for _ in range(300_000):
    circle = []
    circle.append(circle)
large = resident_mb() - before
for _ in range(10):
    tidying.tick()
print(large, resident_mb() - before)
"""
    told = subprocess.run([sys.executable, "-c", grown], capture_output=True, text=True, check=True)

    large, left = map(float, told.stdout.split())
    assert large > 20
    assert left < 8


@pytest.mark.usefixtures("resting_collector")
def test_a_process_that_has_not_grown_is_left_alone() -> None:
    assert _ticked(Tidying(), 100) == 0


@pytest.mark.usefixtures("resting_collector")
def test_a_process_that_needs_what_it_holds_is_tidied_ever_more_seldom() -> None:
    memory.give_back()
    tidying = Tidying()
    held = b"x" * (40 << 20)

    looked = [_ticked(tidying, 10) for _ in range(7)]

    assert len(held) == 40 << 20
    assert looked == [1, 0, 1, 0, 0, 0, 1]


@pytest.mark.usefixtures("resting_collector")
@pytest.mark.parametrize("said", [None, "", "many pages"])
def test_a_process_that_cannot_look_at_itself_is_left_alone(
    said: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "statm"
    if said is not None:
        told.write_text(said, encoding="ascii")
    tidying = Tidying()
    monkeypatch.setattr(memory, "_STATM", told)

    assert _ticked(tidying, 100) == 0
    assert resident_mb() is None
