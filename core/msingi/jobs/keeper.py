"""Keeps the leases of running jobs alive, so that only a dead worker loses its job."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from msingi.failures import error_kinds, places
from msingi.jobs.queue import renew

if TYPE_CHECKING:
    from msingi.platform import Platform

CLOSE_SECONDS: Final = 3.0
"""How long a thread that waits for its database is waited for."""
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
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="msingi-leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(token)

    def close(self) -> None:
        """Stop the thread; one that waits for its database is left behind after some seconds."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

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
        except Exception as error:  # noqa: BLE001 - the edge of a thread: without it long jobs would run twice
            _log.error("jobs.leases_not_renewed", error=error_kinds(error), at=places(error))
