"""Lines that wait: those of changes for the commit, those of refusals and reads even for the end of an undone work."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msingi.audit.reads import Readable
from msingi.errors import DomainError
from msingi.plugin import Permission

if TYPE_CHECKING:
    from msingi.work import Work

Line = dict[str, Any]
"""One row of ``audit_entry``."""

_KEPT = "audit_kept"
_WAITING = "audit_waiting"


@dataclass(frozen=True, slots=True)
class PendingRead:
    """A page given under a sensitive permission; what was loaded of it is counted at the end."""

    permission: Permission
    answer: Readable
    place: UUID | None


@dataclass(slots=True)
class Kept:
    """What one work keeps for the trail; ``saved`` lines are in a commit that is under way."""

    lines: list[Line] = field(default_factory=list)
    reads: list[PendingRead] = field(default_factory=list)
    refusals: list[DomainError] = field(default_factory=list)
    saved: int = 0

    def forget_saved(self) -> None:
        """Drop the lines that a commit has saved."""
        del self.lines[: self.saved]
        self.saved = 0

    def is_new(self, error: DomainError) -> bool:
        """Whether this very refusal comes for the first time; it is remembered."""
        if any(error is known for known in self.refusals):
            return False
        self.refusals.append(error)
        return True


def kept_by(work: "Work") -> Kept:
    """What the work keeps, begun when first asked for."""
    kept: Kept = work.session.info.setdefault(_KEPT, Kept())
    return kept


def kept_if_any(info: dict[Any, Any]) -> Kept | None:
    """What the session's work keeps, or None when it kept nothing so far."""
    kept: Kept | None = info.get(_KEPT)
    return kept


def waiting_in(info: dict[Any, Any]) -> list[Line]:
    """The lines that wait for the commit of the session."""
    waiting: list[Line] = info.setdefault(_WAITING, [])
    return waiting


def take_waiting(info: dict[Any, Any]) -> list[Line]:
    """The lines that wait, which wait no longer."""
    waiting: list[Line] = info.pop(_WAITING, [])
    return waiting
