"""A supervisor: processes forked from one assembled application, so that they share its memory, and kept alive."""

import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

import structlog

from msingi.cli.serving import DRAIN_SECONDS, server_of, stop_quietly

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SILENT_TICKS: Final = 60
"""A process whose loop has not turned for so many seconds is ended and replaced."""
DRAIN_TICKS: Final = DRAIN_SECONDS + 5
"""Told to stop, a process has its drain time and a little more; then it is killed."""
_TICK_SECONDS: Final = 1.0
_SHORT_LIFE: Final = 1.0
"""Who ends sooner is replaced with the next tick, so that a fault cannot keep a processor busy."""
_NEVER_STARTED: Final = 3
"""Exit status of uvicorn when the application refuses to start: it would refuse again."""
_STOP: Final = frozenset({signal.SIGTERM, signal.SIGINT})
_HEARD: Final = _STOP | {signal.SIGCHLD, signal.SIGALRM}


@dataclass(slots=True)
class _Place:
    """Room for one process: the process, when it was made, and when its loop was last seen to turn."""

    number: int
    pid: int = 0
    born: float = -_SHORT_LIFE
    beats: int = 0
    silent: int = 0


class Supervisor:
    """Forks processes that serve one application on one socket, replaces those that end, and ends them all.

    A forked process shares the memory of what was assembled until one of the two writes to it. Whoever calls must
    hold no open database connection and no second thread: neither crosses a fork unharmed.
    """

    def __init__(
        self,
        app: "ASGIApp",
        listener: socket.socket,
        *,
        workers: int,
        silent_ticks: int = SILENT_TICKS,
        drain_ticks: int = DRAIN_TICKS,
    ) -> None:
        self._app = app
        self._listener = listener
        self._places = [_Place(number) for number in range(workers)]
        self._beats = memoryview(mmap.mmap(-1, 8 * workers)).cast("Q")
        self._silent_ticks = silent_ticks
        self._drain_ticks = drain_ticks
        self._log = structlog.get_logger("msingi.serve")

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT, which let every process finish its requests; returns the exit status.

        The second of these signals, or a process that outlives its drain time, ends all at once.
        """
        with _hearing():
            self._fill()
            while (heard := signal.sigwait(_HEARD)) not in _STOP:
                if _NEVER_STARTED in self._reap():
                    return self._end(_NEVER_STARTED)
                if heard == signal.SIGALRM:
                    self._end_silent()
                self._fill()
            return self._end(0)

    def _fill(self) -> None:
        for place in self._places:
            if not place.pid and time.monotonic() - place.born >= _SHORT_LIFE:
                self._start(place)

    def _start(self, place: _Place) -> None:
        supervisor = os.getpid()
        place.born, place.silent = time.monotonic(), 0
        place.pid = os.fork()
        if not place.pid:
            self._serve(place, supervisor)
        self._log.info("worker_started", pid=place.pid)

    def _serve(self, place: _Place, supervisor: int) -> NoReturn:
        """Be a worker, and end with it: nothing of the caller's may run a second time."""
        status = 1
        try:
            self._work(place, supervisor)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException as fault:  # noqa: BLE001 - the edge of a process: told, then over
            self._log.error("worker_failed", fault=type(fault).__name__)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _work(self, place: _Place, supervisor: int) -> None:
        async def beat() -> None:
            self._beats[place.number] += 1
            server.should_exit = server.should_exit or os.getppid() != supervisor

        server = server_of(self._app, beat)
        stop_quietly(server)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        server.run(sockets=[self._listener])

    def _reap(self) -> set[int]:
        """The exit statuses of the processes that ended of themselves."""
        statuses: set[int] = set()
        for pid, code in self._ended():
            self._log.warning("worker_ended", pid=pid, status=code)
            statuses.add(code)
        return statuses

    def _ended(self) -> Iterator[tuple[int, int]]:
        """The processes that have ended, each with its exit status; each leaves its place."""
        for place in self._places:
            ended, status = os.waitpid(place.pid, os.WNOHANG) if place.pid else (0, 0)
            if ended:
                place.pid = 0
                yield ended, os.waitstatus_to_exitcode(status)

    def _end_silent(self) -> None:
        """Ticks are counted, not seconds: while a whole machine stands still, nobody is to blame."""
        for place in self._places:
            beats = self._beats[place.number]
            place.silent = place.silent + 1 if beats == place.beats else 0
            place.beats = beats
            if place.pid and place.silent > self._silent_ticks:
                self._log.error("worker_silent", pid=place.pid)
                os.kill(place.pid, signal.SIGKILL)

    def _end(self, status: int) -> int:
        self._listener.close()
        for pid in self._alive():
            os.kill(pid, signal.SIGTERM)
        self._drain()
        for pid in self._alive():
            self._log.error("worker_killed", pid=pid)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._log.info("stopped", status=status)
        return status

    def _drain(self) -> None:
        """Wait until every process has ended, the time is over or a second signal says that it is."""
        ticks = 0
        while self._alive() and ticks < self._drain_ticks:
            heard = signal.sigwait(_HEARD)
            if heard in _STOP:
                return
            ticks += heard == signal.SIGALRM
            list(self._ended())

    def _alive(self) -> list[int]:
        return [place.pid for place in self._places if place.pid]


@contextmanager
def _hearing() -> Iterator[None]:
    """Let signals wait until they are asked for, one of them each second."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    ticking = signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, _TICK_SECONDS, _TICK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # a tick that still waits is forgotten
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGALRM, ticking)
