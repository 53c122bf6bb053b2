"""The recorder of the audit trail."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msingi.db import Model

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work


class Trail:
    """Writes audit rows in the transaction of the change."""

    def __init__(self, platform: "Platform") -> None:
        self.platform = platform

    def inserted(self, work: "Work", model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Record rows written in bulk."""

    def note(
        self,
        work: "Work",
        *,
        action: str,
        entity: str,
        entity_id: UUID | None,
        jurisdiction_id: UUID | None,
        details: Mapping[str, Any],
    ) -> None:
        """Record an action that is not a change of a row."""

    def settle(self, work: "Work") -> None:
        """Write what must be kept although the work was undone or only read."""
