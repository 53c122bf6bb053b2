"""Processes that serve set aside what they made while they started."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from msingi.cli.memory import settle_memory


@pytest.fixture
def usual_collection() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)


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
from msingi.cli.memory import settle_memory
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
