"""Grants compiled to sets: once per subject, policy version and day, then every check is a set membership."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

from sqlalchemy import select

from msingi.actor import GrantSet
from msingi.rbac.engine import PolicyEngine
from msingi.rbac.models import Grant, Jurisdiction, Role
from msingi.rbac.roles import permissions_of
from msingi.rbac.rules import is_in_force, split_name
from msingi.rbac.tree_queries import roots
from msingi.rbac.version import current_stamp
from msingi.work import Work

if TYPE_CHECKING:
    from msingi.platform import Platform

_CACHED_SUBJECTS: Final = 10_000
_NOTHING: Final = GrantSet()
_Key: TypeAlias = tuple[UUID, UUID | None, date]


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that a subject holds somewhere, with everything that decides whether it counts today."""

    grant_id: UUID
    role_id: UUID
    role: str
    root: UUID
    valid_from: date
    valid_to: date | None
    revoked: bool
    place_from: date | None
    place_to: date | None

    def is_in_force(self, day: date) -> bool:
        """Whether the grant counts on this day: not revoked, inside its period, at a place that exists (FR-7)."""
        return not self.revoked and is_in_force(self, day) and self.place_exists(day)

    def place_exists(self, day: date) -> bool:
        """Whether the place of the grant is open on this day."""
        begun = self.place_from is None or self.place_from <= day
        return begun and (self.place_to is None or day <= self.place_to)


class GrantCache:
    """The compiled grant sets of one platform, the least recently used dropped first."""

    def __init__(self, size: int = _CACHED_SUBJECTS) -> None:
        self._sets: OrderedDict[_Key, GrantSet] = OrderedDict()
        self._lock = Lock()
        self._size = size

    def get(self, key: _Key) -> GrantSet | None:
        """The set compiled for this key, if it is still here."""
        with self._lock:
            if key in self._sets:
                self._sets.move_to_end(key)
            return self._sets.get(key)

    def put(self, key: _Key, grants: GrantSet) -> None:
        """Keep a set."""
        with self._lock:
            self._sets[key] = grants
            if len(self._sets) > self._size:
                self._sets.popitem(last=False)


def compile_grants(
    work: Work, subject_id: UUID, *, status_active: bool, stamp: UUID | None = None
) -> GrantSet:
    """What a user or API client may do where, today.

    Status comes before role: a subject who is not active holds nothing, whatever was granted (attack 23).
    ``stamp`` is the current policy version when the caller has read it already, to spare a statement.
    """
    if not status_active:
        return _NOTHING
    with work.everywhere():
        key = (subject_id, stamp or current_stamp(work), work.today())
        cache = work.platform.grant_cache
        grants = cache.get(key)
        if grants is None:
            grants = _compile(work, subject_id)
            cache.put(key, grants)
        return grants


def grants_of(platform: "Platform", subject_id: UUID, *, stamp: UUID | None) -> GrantSet:
    """What an active subject may do where, today; reads the database only when it is not known for this stamp."""
    known = platform.grant_cache.get((subject_id, stamp, platform.today()))
    if known is not None:
        return known
    with platform.work(writes=False) as work:
        return compile_grants(work, subject_id, status_active=True, stamp=stamp)


def held_roles(work: Work, subjects: Iterable[UUID]) -> dict[UUID, list[HeldRole]]:
    """Every grant of the subjects, also those that do not count, in one query and through the current scope."""
    wanted = list(subjects)
    statement = (
        select(
            Grant.subject_id,
            Grant.id,
            Grant.role_id,
            Role.name,
            Grant.jurisdiction_id,
            Grant.valid_from,
            Grant.valid_to,
            Grant.revoked_at.is_not(None),
            Jurisdiction.valid_from,
            Jurisdiction.valid_to,
        )
        .join(Role, Role.id == Grant.role_id)
        .join(Jurisdiction, Jurisdiction.id == Grant.jurisdiction_id)
        .where(Grant.subject_id.in_(wanted))
        .order_by(Grant.id)
    )
    held: dict[UUID, list[HeldRole]] = {subject: [] for subject in wanted}
    for subject, *values in work.session.execute(statement):
        held[subject].append(HeldRole(*values))
    return held


def engine_for(work: Work, subject_id: UUID, held: Sequence[HeldRole]) -> PolicyEngine:
    """The policy engine with the rules of these roles, and the subject linked to them."""
    names = {grant.role_id: grant.role for grant in held}
    rules = [
        (names[role], *split_name(permission))
        for role, permissions in permissions_of(work, names).items()
        for permission in permissions
    ]
    return PolicyEngine(rules, [(str(subject_id), name) for name in names.values()])


def _compile(work: Work, subject_id: UUID) -> GrantSet:
    today = work.today()
    held = [grant for grant in held_roles(work, [subject_id])[subject_id] if grant.is_in_force(today)]
    permissions = permissions_of(work, {grant.role_id for grant in held})
    by_root: dict[UUID, set[str]] = {}
    ends: dict[tuple[UUID, str], date | None] = {}
    for grant in held:
        names = permissions[grant.role_id]
        by_root.setdefault(grant.root, set()).update(names)
        for name in names:
            ends[grant.root, name] = _later(ends.get((grant.root, name), grant.valid_to), grant.valid_to)
    return GrantSet(
        {root: frozenset(names) for root, names in by_root.items()},
        roots(work) & by_root.keys(),
        {key: end for key, end in ends.items() if end is not None},
    )


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
