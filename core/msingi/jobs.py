"""Durable jobs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msingi.ids import new_id

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work


class Jobs:
    """Enqueues inside the caller's transaction."""

    def __init__(self, platform: "Platform") -> None:
        self.platform = platform

    def enqueue(self, work: "Work", name: str, *, key: str | None, arguments: Mapping[str, Any]) -> UUID:
        """Queue a job."""
        return new_id()

    def committed(self, work: "Work") -> None:
        """Wake the workers."""
