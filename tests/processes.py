"""Processes of tests: forked from one that has imported what they need, or one after the other at a cache."""

import fcntl
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from msingi.bench.processes import descendants


class Start(Protocol):
    """Start a function in a process of its own."""

    def __call__(self, function: Callable[..., None], *arguments: Any) -> BaseProcess: ...


@contextmanager
def starting(imported: ModuleType) -> Iterator[Start]:
    """Processes that have imported a module; they and what they started are gone afterwards."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([imported.__name__])
    started: list[BaseProcess] = []

    def start(function: Callable[..., None], *arguments: Any) -> BaseProcess:
        process = processes.Process(target=function, args=arguments)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        pid = int(process.pid or 0)
        for one in [pid, *descendants(pid)]:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.join()


@contextmanager
def alone_at(cache: Path) -> Iterator[None]:
    """One process after the other: the second one finds in the cache what the first one would work out beside it."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "turn.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
