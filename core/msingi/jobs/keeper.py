"""Keeps the leases of running jobs alive, so that only a dead worker loses its job."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from msingi.jobs.queue import renew

if TYPE_CHECKING:
    from msingi.platform import Platform

_log = structlog.get_logger("msingi.jobs")


class Keeper:
    """One thread that prolongs every lease in hand at each third of its length."""

    def __init__(self, platform: "Platform", lease: timedelta) -> None:
        self._platform = platform
        self._lease = lease
        self._held: set[str] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def hold(self, token: str) -> Iterator[None]:
        """Keep this lease alive during the block."""
        with self._lock:
            self._held.add(token)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="msingi-leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(token)

    def close(self) -> None:
        """Stop the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._lease.total_seconds() / 3):
            with self._lock:
                tokens = sorted(self._held)
            if tokens:
                self._renew(tokens)

    def _renew(self, tokens: list[str]) -> None:
        try:
            with self._platform.work() as work:
                renew(work.session, tokens, work.now() + self._lease)
        except SQLAlchemyError:
            _log.warning("jobs.leases_not_renewed", jobs=len(tokens))
