"""In whose name a job runs: exactly the rights of the one who asked for it, read again at the start."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from msingi.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from msingi.errors import NotAuthenticated
from msingi.jobs.queue import Claim

if TYPE_CHECKING:
    from msingi.platform import Platform


def actor_for(platform: "Platform", claim: Claim) -> Actor:
    """The system for its own jobs; otherwise the user, with the rights held now and never more than the token had.

    Raises:
        NotAuthenticated: the account is gone, closed or expired; the job does nothing.

    """
    if claim.as_system:
        return replace(SYSTEM, on_behalf_of=claim.actor_id)
    if claim.actor_id is None:
        return ANONYMOUS
    actor = _user(platform, claim.actor_id)
    if claim.limits is None:
        return actor
    return replace(actor, kind=ActorKind.TOKEN, grants=actor.grants.restricted_to(claim.limits))


def _user(platform: "Platform", user_id: UUID) -> Actor:
    from msingi.auth.models import User
    from msingi.auth.rules.statuses import is_open
    from msingi.rbac.access import compile_grants

    with platform.work(writes=False) as work:
        user = work.find(User, user_id)
        if user is None or not is_open(user.status, user.valid_to, work.today()):
            raise NotAuthenticated
        grants = compile_grants(work, user_id, status_active=True)
        return Actor(ActorKind.USER, id=user_id, name=user.username, grants=grants, language=user.language)
