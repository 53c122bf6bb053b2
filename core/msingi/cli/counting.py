"""Processes that count together: each into a file of its own in one folder, which any of them adds up when asked."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library of the counters reads it when it is imported, so it has to be set before."""


@contextmanager
def counting_together(workers: int) -> Iterator[None]:
    """Let this many processes, forked inside the block, count together; a single one counts in its memory."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="msingi-metrics-") as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]
