"""The hand-off from the event loop to worker threads; waiting for a free one is bounded by the edge (F38)."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

_Value = TypeVar("_Value")


class Threads:
    """At most ``size`` operations at work at once."""

    def __init__(self, size: int) -> None:
        self._limiter = CapacityLimiter(size)

    async def run(self, function: Callable[[], _Value]) -> _Value:
        """Run a synchronous function in a worker thread."""
        return await to_thread.run_sync(function, limiter=self._limiter)
