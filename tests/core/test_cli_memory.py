"""Processes that serve set aside what they made while they started."""

import gc
from collections.abc import Iterator

import pytest

from msingi.cli.memory import settle_memory


@pytest.fixture
def usual_collection() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("usual_collection")
def test_what_lives_as_long_as_the_process_is_set_aside() -> None:
    before = gc.get_freeze_count()

    settle_memory()

    assert gc.get_freeze_count() > before + 10_000
    assert gc.get_threshold() == (20_000, 20, 20)


@pytest.mark.usefixtures("usual_collection")
def test_circles_made_later_are_still_collected() -> None:
    settle_memory()
    circle: list[object] = []
    circle.append(circle)
    del circle

    assert gc.collect() >= 1
