"""Worker threads inside a process: they look at the table, and sleep until woken or until the next look."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from msingi.failures import error_kinds, places

_log = structlog.get_logger("msingi.jobs")


class Threads:
    """A group of threads that call ``drain`` until there is nothing left, then wait."""

    def __init__(self, drain: Callable[[threading.Event], None], poll_seconds: float) -> None:
        self._drain = drain
        self._poll_seconds = poll_seconds
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, number: int) -> None:
        """Start this many more threads."""
        for _ in range(number):
            thread = threading.Thread(target=self._run, name="msingi-jobs", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """Look at the table now."""
        self._wake.set()

    def close(self, *, within: float | None = None) -> None:
        """Let every thread finish its job, then end them.

        After ``within`` seconds what still works is left behind, to end with the process: a job that was not
        finished is taken up again when its lease is over.
        """
        self._stop.set()
        self._wake.set()
        end = None if within is None else time.monotonic() + within
        for thread in self._threads:
            thread.join(None if end is None else max(0.0, end - time.monotonic()))
        left = sum(thread.is_alive() for thread in self._threads)
        if left:
            _log.warning("jobs.left_behind", jobs=left)
        self._threads.clear()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            self._drain_once()
            if not self._stop.is_set():
                self._wake.wait(self._poll_seconds)

    def _drain_once(self) -> None:
        try:
            self._drain(self._stop)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: nobody would start it again
            _log.error("jobs.thread_failed", error=error_kinds(error), at=places(error))


class Embedded:
    """The backend for any database: nothing but the table and threads."""

    def __init__(self, threads: Callable[[], Threads], number: int) -> None:
        self._threads = threads
        self._number = number

    def announce(self, session: Session, jobs: Iterable[UUID], *, at: datetime | None = None) -> None:
        """Do nothing: threads of this process are woken after the commit, others look at the table."""

    def serve(self, stop: threading.Event) -> None:
        """Work in threads until told to stop."""
        threads = self._threads()
        threads.start(self._number)
        stop.wait()
        threads.close()
