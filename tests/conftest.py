"""What holds for the whole suite: garbage is looked for as seldom as in a server."""

import gc

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set aside modules, schemas and collected tests: a million objects that live as long as the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
