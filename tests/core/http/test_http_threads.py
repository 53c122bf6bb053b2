"""The hand-off to worker threads: bounded, reused, with the caller's context, and never a caller left waiting."""

import asyncio
import gc
import threading
import time
from contextvars import ContextVar

import pytest

from msingi.errors import TooBusy
from msingi.http.threads import Threads

WHO: ContextVar[str] = ContextVar("who", default="nobody")


def test_an_operation_sees_the_context_of_its_caller_in_another_thread() -> None:
    async def ask() -> tuple[str, str]:
        WHO.set("Awa")
        return await Threads(2).run(lambda: (WHO.get(), threading.current_thread().name))

    assert asyncio.run(ask()) == ("Awa", "msingi-worker")


@pytest.mark.rule("F38")
def test_no_more_operations_work_at_once_than_there_are_threads() -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def operate() -> int:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.01)
        with lock:
            busy -= 1
        return threading.get_ident()

    async def ask() -> list[int]:
        threads = Threads(3)
        return await asyncio.gather(*(threads.run(operate) for _ in range(12)))

    idents = asyncio.run(ask())

    assert most == 3
    assert len(set(idents)) == 3


def test_one_after_the_other_they_share_a_thread() -> None:
    async def ask() -> set[int]:
        threads = Threads(8)
        return {await threads.run(threading.get_ident) for _ in range(5)}

    assert len(asyncio.run(ask())) == 1


@pytest.mark.parametrize(
    ("raised", "met"),
    [(TooBusy(seconds=1), TooBusy), (KeyError("x"), KeyError), (StopIteration(), RuntimeError)],
)
def test_what_an_operation_raises_is_raised_to_its_caller(raised: Exception, met: type[Exception]) -> None:
    def fail() -> None:
        raise raised

    async def ask() -> None:
        await asyncio.wait_for(Threads(1).run(fail), 5)

    with pytest.raises(met):
        asyncio.run(ask())


def test_an_operation_whose_caller_went_away_is_finished_and_its_thread_serves_on() -> None:
    begun, go, done = threading.Event(), threading.Event(), threading.Event()

    def operate() -> None:
        begun.set()
        go.wait(5)
        done.set()

    async def ask() -> int:
        threads = Threads(1)
        task = asyncio.create_task(threads.run(operate))
        await asyncio.to_thread(begun.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go.set()
        return await threads.run(lambda: 7)

    assert asyncio.run(ask()) == 7
    assert done.is_set()


def test_threads_end_with_what_owns_them() -> None:
    async def ask() -> threading.Thread:
        return await Threads(1).run(threading.current_thread)

    worker = asyncio.run(ask())
    gc.collect()
    worker.join(5)

    assert not worker.is_alive()
