"""The hand-off from the event loop to worker threads; waiting for a free one is bounded by the edge (F38)."""

import asyncio
import weakref
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, TypeAlias, TypeVar

from msingi.failures import refusing

_Value = TypeVar("_Value")
_END: Final = None


class Threads:
    """At most ``size`` operations at work at once, each in a thread of its own that is kept for the next one.

    Handing over costs a quarter of what a general executor takes: no lock is held, nothing is polled. An operation
    whose caller went away is finished all the same; nobody hears of it.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._jobs: _Jobs = SimpleQueue()
        self._started = 0
        self._busy = 0
        weakref.finalize(self, _end, self._jobs, size)

    async def run(self, function: Callable[[], _Value]) -> _Value:
        """Run a synchronous function in a worker thread.

        Raises:
            DomainError: the database failed in a way that the caller can act on (F3, F7, F38).

        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Value] = loop.create_future()
        self._busy += 1
        if self._started < min(self._busy, self._size):
            self._started += 1
            Thread(target=_serve, args=(self._jobs,), name="msingi-worker", daemon=True).start()
        self._jobs.put(_Job(lambda: refusing(function), copy_context(), loop, answer, self._free))
        return await answer

    def _free(self) -> None:
        self._busy -= 1


@dataclass(frozen=True, slots=True)
class _Job:
    """A function with the context it runs in, and where its answer goes."""

    function: Callable[[], Any]
    context: Context
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    free: Callable[[], None]

    def do(self) -> None:
        value: Any = None
        error: BaseException | None = None
        try:
            value = self.context.run(self.function)
        except StopIteration:  # a future cannot bear it
            error = RuntimeError("an operation raised StopIteration")
        except BaseException as raised:  # noqa: BLE001 - raised again where the answer is awaited
            error = raised
        with suppress(RuntimeError):  # the loop has closed: nobody waits any more
            self.loop.call_soon_threadsafe(self._tell, value, error)

    def _tell(self, value: Any, error: BaseException | None) -> None:
        self.free()
        if self.answer.cancelled():
            return
        if error is None:
            self.answer.set_result(value)
        else:
            self.answer.set_exception(error)


_Jobs: TypeAlias = "SimpleQueue[_Job | None]"


def _serve(jobs: _Jobs) -> None:
    while (job := jobs.get()) is not _END:
        job.do()
        del job


def _end(jobs: _Jobs, size: int) -> None:
    for _ in range(size):
        jobs.put(_END)
