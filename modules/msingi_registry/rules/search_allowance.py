"""How many searches a user has left: they come back evenly over a minute, as one instant tells (ID-23)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Searches of one user; all are back at ``full_at``."""

    full_at: datetime

    def wait(self, *, per_minute: int, now: datetime) -> timedelta:
        """How long until one search is there; zero when it is."""
        return max(self.full_at - (now + MINUTE - MINUTE / per_minute), timedelta())

    def spend(self, amount: int, *, per_minute: int, now: datetime) -> "Allowance":
        """What is left after this many searches; when there are fewer, all of them go."""
        spent = max(self.full_at, now) + amount * MINUTE / per_minute
        return Allowance(min(spent, now + MINUTE))
