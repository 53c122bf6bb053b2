"""Who asks, and what they may do where: actors, grant sets and scopes, all immutable values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What stands behind a request."""

    ANONYMOUS = "anonymous"
    USER = "user"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows an operation may touch: the subtrees below ``roots``, or all rows when ``everywhere``.

    An empty scope means no row at all (deny by default).
    """

    roots: frozenset[UUID] = frozenset()
    everywhere: bool = False


NOWHERE = Scope()
EVERYWHERE = Scope(everywhere=True)


@dataclass(frozen=True, slots=True)
class GrantSet:
    """Permission names by the jurisdiction root they are held for, compiled once per user and policy version.

    ``national`` holds the roots at the top of the tree: a permission held there covers every row, also those
    without a place (FR-7). ``ends`` holds the last day of those rights that have one; nobody passes them on
    for longer (attack 25).
    """

    by_root: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    national: frozenset[UUID] = frozenset()
    ends: Mapping[tuple[UUID, str], date] = field(default_factory=dict)

    def holds(self, permission: str) -> bool:
        """Whether the permission is held anywhere."""
        return any(permission in names for names in self.by_root.values())

    def scope(self, permission: str) -> Scope:
        """The rows that this permission opens."""
        roots = frozenset(root for root, names in self.by_root.items() if permission in names)
        return EVERYWHERE if roots & self.national else Scope(roots)

    def names(self) -> frozenset[str]:
        """Every permission held anywhere."""
        return frozenset().union(*self.by_root.values())

    def end_of(self, root: UUID, permission: str) -> date | None:
        """The last day on which the permission is held at this root, None when it has no end."""
        return self.ends.get((root, permission))

    def restricted_to(self, names: Iterable[str]) -> "GrantSet":
        """The same grants cut down to these permissions, as an API token carries them (attack 43)."""
        keep = frozenset(names)
        return GrantSet({root: held & keep for root, held in self.by_root.items()}, self.national, self.ends)


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an operation; ``on_behalf_of`` names the user for whom a job or a partner acts."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    grants: GrantSet = field(default_factory=GrantSet)
    language: str | None = None
    on_behalf_of: UUID | None = None
    session_id: UUID | None = None

    @property
    def authenticated(self) -> bool:
        """Whether somebody known stands behind the request."""
        return self.kind is not ActorKind.ANONYMOUS

    def holds(self, permission: str) -> bool:
        """Whether the actor holds the permission anywhere; the system holds all."""
        return self.kind is ActorKind.SYSTEM or self.grants.holds(permission)

    def scope(self, permission: str) -> Scope:
        """The rows that the permission opens to this actor."""
        return EVERYWHERE if self.kind is ActorKind.SYSTEM else self.grants.scope(permission)


ANONYMOUS = Actor(ActorKind.ANONYMOUS, name="anonymous")
SYSTEM = Actor(ActorKind.SYSTEM, name="system")
