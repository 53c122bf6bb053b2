"""What a reader asks of a report."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Question:
    """Which report, grouped by what, over which days (both included), and below which place."""

    report: str
    by: tuple[str, ...]
    since: date
    until: date
    place_id: UUID | None = None
