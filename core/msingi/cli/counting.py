"""Processes that count together: each into a file of its own in one folder, which any of them adds up when asked."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import structlog

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library of the counters reads it when it is imported, so it has to be set before."""
_logger = structlog.get_logger("msingi.metrics")


@contextmanager
def counting_together(workers: int) -> Iterator[None]:
    """Let this many processes, forked inside the block, count together; a single one counts in its memory.

    Without a place for the folder each counts alone, and a line of the log says so.
    """
    with ExitStack() as until_the_end:
        if workers > 1:
            _share(until_the_end)
        yield


def _share(until_the_end: ExitStack) -> None:
    try:
        folder = until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="msingi-metrics-"))
    except OSError as error:
        _logger.warning("metrics.counted_alone", error=type(error).__name__, reason=str(error))
        return
    os.environ[_FOLDER] = folder
    until_the_end.callback(os.environ.pop, _FOLDER, None)
