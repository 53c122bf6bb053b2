"""What holds for the whole suite: its order, its patience, how seldom garbage is looked for, and where logs go."""

import gc
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_sessionstart() -> None:
    """Look for no garbage during collection: nearly everything that it makes stays."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests: one process works on them while the others take the rest, and none waits at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set aside modules, schemas and collected tests: a million objects that live as long as the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Undo the set-up of logs by commands, whose streams end with the test."""
    handlers = list(logging.root.handlers)
    yield
    logging.root.handlers[:] = handlers
    structlog.reset_defaults()
