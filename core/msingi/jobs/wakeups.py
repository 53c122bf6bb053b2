"""How workers learn of a new job; the table stays the truth, a wake-up is only a hint."""

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session


class Wakeups(Protocol):
    """What a backend adds to the job table."""

    def announce(self, session: Session, jobs: Iterable[UUID], *, at: datetime | None = None) -> None:
        """Tell the workers of these jobs, in the same transaction as the jobs themselves."""

    def serve(self, stop: threading.Event) -> None:
        """Work until told to stop, finishing the jobs in hand."""
