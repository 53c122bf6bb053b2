"""The hand-off from the event loop to worker threads; waiting for a free one is bounded by the edge (F38)."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from msingi.failures import refusing

_Value = TypeVar("_Value")


class Threads:
    """At most ``size`` operations at work at once."""

    def __init__(self, size: int) -> None:
        self._limiter = CapacityLimiter(size)

    async def run(self, function: Callable[[], _Value]) -> _Value:
        """Run a synchronous function in a worker thread.

        Raises:
            DomainError: the database failed in a way that the caller can act on (F3, F7, F38).

        """
        return await to_thread.run_sync(refusing, function, limiter=self._limiter)
