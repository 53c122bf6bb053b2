"""What holds for the whole suite: garbage is looked for as seldom as in a server, and logs stay where they were."""

import gc
from collections.abc import Iterator

import pytest
import structlog


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set aside modules, schemas and collected tests: a million objects that live as long as the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Undo the set-up of logs by commands, whose streams end with the test."""
    yield
    structlog.reset_defaults()
