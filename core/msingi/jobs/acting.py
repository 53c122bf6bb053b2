"""In whose name a job runs: exactly the rights of the one who asked for it, read again at the start."""

from dataclasses import replace
from typing import TYPE_CHECKING

from msingi.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from msingi.jobs.queue import Claim

if TYPE_CHECKING:
    from msingi.platform import Platform


def actor_for(platform: "Platform", claim: Claim) -> Actor:
    """The system for its own jobs; otherwise the user, with the rights held now and never more than the token had.

    Raises:
        DomainError: the account is gone or closed; the job fails and is parked with that reason.

    """
    if claim.as_system:
        return replace(SYSTEM, on_behalf_of=claim.actor_id)
    if claim.actor_id is None:
        return ANONYMOUS
    actor = _user(platform, claim)
    if claim.limits is None:
        return actor
    return replace(actor, kind=ActorKind.TOKEN, grants=actor.grants.restricted_to(claim.limits))


def _user(platform: "Platform", claim: Claim) -> Actor:
    from msingi.auth import actor_of

    assert claim.actor_id is not None  # noqa: S101 - the caller checked
    with platform.work(writes=False) as work:
        return actor_of(work, claim.actor_id)
