"""The end of a server: told once, what lasts ends of itself, and what must end knows how much time is left."""

from time import monotonic
from typing import Final

CLOSE_SECONDS: Final = 20.0
"""How long work in hand is waited for where nobody says how much time is left."""
STATE: Final = "ending"
"""Where the application leaves its ``Ending`` for the server, in the state of the lifespan."""
_LEAST_SECONDS: Final = 1.0


class Ending:
    """Whether an application was told to end, and until when."""

    def __init__(self) -> None:
        self._end: float | None = None

    def tell(self, *, within: float) -> None:
        """End everything within so many seconds."""
        self._end = monotonic() + within

    @property
    def is_told(self) -> bool:
        """Whether the end has begun."""
        return self._end is not None

    def seconds_left(self) -> float:
        """The time that is left for what still works, at least one second."""
        return CLOSE_SECONDS if self._end is None else max(_LEAST_SECONDS, self._end - monotonic())
