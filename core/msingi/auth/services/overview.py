"""What accounts look like to their owners and to administrators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from msingi.auth.models import AttemptCount, KnownAddress, TotpSecret, User
from msingi.auth.rules.lockout import Count, locked_until
from msingi.auth.services.attempts import account_keys, brakes_of
from msingi.errors import NotAuthenticated
from msingi.rbac.models import Jurisdiction
from msingi.work import Work


@dataclass(frozen=True, slots=True)
class HeldRights:
    """What a person may do at one place and everything below it."""

    jurisdiction_id: UUID = field(metadata={"doc": "The place the rights are held for."})
    place: str = field(metadata={"doc": "Name of the place."})
    permissions: list[str] = field(metadata={"doc": "Names of the permissions held there."})


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person."""

    id: UUID = field(metadata={"doc": "Identifier of the account."})
    username: str = field(metadata={"doc": "Name for signing in."})
    display_name: str = field(metadata={"doc": "Name of the person."})
    language: str | None = field(metadata={"doc": "Language chosen for screens and messages."})
    second_factor: bool = field(metadata={"doc": "Whether a second factor is set up."})
    permissions: list[str] = field(metadata={"doc": "Every permission held anywhere, by name."})
    grants: list[HeldRights] = field(metadata={"doc": "The permissions by the place they are held for."})


def describe_me(work: Work) -> Me:
    """The signed-in person and what they may do where.

    Raises:
        NotAuthenticated: the caller is no person: a job, or nobody.

    """
    actor = work.actor
    with work.everywhere():
        user = work.find(User, actor.id) if actor.id is not None else None
        if user is None:
            raise NotAuthenticated
        return Me(
            id=user.id,
            username=user.username,
            display_name=user.display_name,
            language=user.language,
            second_factor=user.id in users_with_second_factor(work, [user.id]),
            permissions=sorted(actor.grants.names()),
            grants=_held(work),
        )


def _held(work: Work) -> list[HeldRights]:
    by_root = work.actor.grants.by_root
    places = work.by_ids(Jurisdiction, by_root)
    held = [
        HeldRights(root, places[root].name, sorted(names))
        for root, names in by_root.items()
        if root in places
    ]
    return sorted(held, key=lambda rights: rights.place)


def users_with_second_factor(work: Work, user_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the accounts that have a second factor."""
    statement = select(TotpSecret.user_id).where(
        TotpSecret.user_id.in_(list(user_ids)), TotpSecret.confirmed_at.is_not(None)
    )
    return set(work.session.scalars(statement))


def last_logins(work: Work, user_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each account was last opened with its password."""
    statement = (
        select(KnownAddress.user_id, func.max(KnownAddress.last_at))
        .where(KnownAddress.user_id.in_(list(user_ids)))
        .group_by(KnownAddress.user_id)
    )
    return {row[0]: row[1] for row in work.session.execute(statement)}


def locks(work: Work, users: Sequence[Any]) -> dict[UUID, datetime]:
    """Until when each locked account stays closed to addresses it does not know."""
    brakes, now = brakes_of(work.platform), work.now()
    keys = account_keys(work.keyring, [user.username for user in users])
    rows = work.session.scalars(select(AttemptCount).where(AttemptCount.key.in_(keys.values())))
    ends = {row.key: locked_until(Count(row.failures, row.first_at, row.last_at), brakes) for row in rows}
    found = {user.id: ends.get(keys[user.username]) for user in users}
    return {user_id: end for user_id, end in found.items() if end is not None and end > now}
