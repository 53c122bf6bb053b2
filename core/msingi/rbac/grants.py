"""Grant and revoke roles, never wider than one's own; and the four-eyes rule for every module."""

from datetime import date
from uuid import UUID

from msingi.actor import ActorKind
from msingi.rbac.errors import AlreadyRevoked, PlaceClosed, SamePerson, WiderThanOwn, WrongPeriod
from msingi.rbac.models import Grant, Jurisdiction, Role
from msingi.rbac.plugin import GRANT
from msingi.rbac.roles import permissions_of, role_named
from msingi.rbac.rules import is_sound_period, not_held
from msingi.rbac.tree_queries import chains_of
from msingi.rbac.version import raise_version
from msingi.work import Work


def grant_role(
    work: Work,
    subject_id: UUID,
    *,
    role: str,
    jurisdiction_id: UUID,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Give a user or an API client a role for a place and everything below it, from today or later.

    Raises:
        Forbidden: the actor has no right to grant at this place.
        WiderThanOwn: the actor does not hold every permission of the role, there and that long (attack 25).
        WrongPeriod: the period begins before today or ends before it begins.
        PlaceClosed: the place is closed.
        UnknownRole: there is no such role.

    """
    place = _open_place(work, jurisdiction_id)
    begin = valid_from or work.today()
    if not is_sound_period(begin, valid_to, work.today()):
        raise WrongPeriod(valid_from=begin, valid_to=valid_to or "…")
    chosen = role_named(work, role)
    _refuse_wider(work, chosen, place.id, until=valid_to)
    raise_version(work)
    grant = Grant(
        subject_id=subject_id,
        role_id=chosen.id,
        jurisdiction_id=place.id,
        valid_from=begin,
        valid_to=valid_to,
        granted_by=work.actor.id,
        reason=reason,
    )
    work.add(grant)
    work.session.flush()
    return grant


def _open_place(work: Work, jurisdiction_id: UUID) -> Jurisdiction:
    place = work.get(Jurisdiction, jurisdiction_id)
    work.require(GRANT, place.id)
    if place.valid_to is not None:
        raise PlaceClosed(code=place.code, valid_to=place.valid_to)
    return place


def revoke_grant(work: Work, grant_id: UUID, *, expected_version: int | None = None) -> Grant:
    """Take a grant back at once; only who could have given the role may do it.

    Raises:
        NotFound: it does not exist or lies outside the scope.
        Forbidden: the actor has no right to grant at its place.
        WiderThanOwn: the actor does not hold every permission of the role there.
        AlreadyRevoked: somebody was faster.

    """
    grant = work.get(Grant, grant_id, expected_version=expected_version)
    work.require(GRANT, grant.jurisdiction_id)
    if grant.revoked_at is not None:
        raise AlreadyRevoked
    _refuse_wider(work, work.get(Role, grant.role_id), grant.jurisdiction_id, until=work.today())
    raise_version(work)
    grant.revoked_at, grant.revoked_by = work.now(), work.actor.id
    work.session.flush()
    return grant


def require_other_person(author_id: UUID | None, work: Work) -> None:
    """Refuse when the actor, or the user for whom he acts, is the author (four eyes).

    Raises:
        SamePerson: they are the same, or nobody known acts (attack 24).

    """
    acting = {work.actor.id, work.actor.on_behalf_of} - {None}
    if not acting or author_id in acting:
        raise SamePerson


def _refuse_wider(work: Work, role: Role, place_id: UUID, *, until: date | None) -> None:
    if work.actor.kind is ActorKind.SYSTEM:
        return
    above = chains_of(work, [place_id])[place_id]
    missing = not_held(permissions_of(work, [role.id])[role.id], work.actor.grants, above, until=until)
    if missing:
        raise WiderThanOwn.by(missing, role=role.name)
