"""Measurements of the trail: the price of one line in a flush, of sealing and of verification."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from msingi.audit.plugin import plugin

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work


@plugin.benchmark("audit_trail")
def audit_trail(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Processor time of a flush of one line in microseconds, and lines sealed and verified per second."""
    from msingi.audit.services import seal, verify

    count = 1_000 if quick else 50_000
    with _platform(database_url) as platform:
        with platform.work() as work:
            one = _seconds(lambda: _write(work, 200, batch=1)) / 200
            _write(work, count, batch=1_000)
        start = platform.clock()
        platform.clock = lambda: start + timedelta(minutes=1)
        with platform.work() as work:
            sealing = _seconds(lambda: seal(work))
        with platform.work(writes=False) as work:
            verifying = _seconds(lambda: verify(work))
    return {
        "line_microseconds": one * 1e6,
        "sealed_per_second": count / sealing,
        "verified_per_second": count / verifying,
    }


@contextmanager
def _platform(database_url: str | None) -> "Iterator[Platform]":
    from msingi.migrate import upgrade
    from msingi.platform import Platform
    from msingi.trial import small_profile

    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        platform = Platform(small_profile(database={"url": url}), plugins=[])
        try:
            upgrade(platform)
            yield platform
        finally:
            platform.close()


def _write(work: "Work", count: int, *, batch: int) -> None:
    from msingi.ids import new_id

    trail = work.platform.trail
    changes = {"state": ["new", "paid"], "amount_minor": [0, 1500]}
    for _ in range(count // batch):
        lines = [trail.line(work, "update", "claim", new_id(), changes, None) for _ in range(batch)]
        trail.write(work, lines)


def _seconds(function: Callable[[], object]) -> float:
    start = process_time()
    function()
    return process_time() - start
