"""Who must not decide on a claim: its author, and anybody whose right comes from the facility itself (attack 24)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msingi.actor import ActorKind, Scope
from msingi.plugin import Permission
from msingi.rbac.access import compile_grants
from msingi.rbac.hooks import SubjectHooks
from msingi.work import Work
from msingi_claims.errors import NotAReviewer, OwnClaim, OwnFacility, ReviewOpen
from msingi_claims.plugin import PROCESS_CLAIMS, REVIEW_CLAIMS
from msingi_claims.rules.codes import Selection


def refuse_own(work: Work, claims: Sequence[Any]) -> None:
    """Refuse a decision on a claim by who wrote or submitted it; the system itself decides on all.

    Raises:
        OwnClaim: at least one claim is the actor's own.

    """
    if work.actor.id is not None:
        refuse_author(work.actor.id, claims)


def refuse_author(person: UUID, claims: Sequence[Any]) -> None:
    """Refuse this person as the one who decides: nobody judges what they entered, edited, keyed or submitted.

    Raises:
        OwnClaim: at least one claim is theirs.

    """
    own = [one for one in claims if person in {one.entered_by, one.co_author_id, one.submitted_by}]
    if own:
        raise OwnClaim.of(claims, own)


def refuse_inside(work: Work, permission: Permission, claims: Sequence[Any]) -> None:
    """Refuse a decision under a right that is held at the facility only, and nowhere above it.

    Raises:
        OwnFacility: the leaf of at least one claim is covered by nothing but a grant on itself.

    """
    if work.actor.kind is ActorKind.SYSTEM:
        return
    scope = work.actor.scope(permission.name)
    if scope.everywhere:
        return
    leaves = {claim.jurisdiction_id for claim in claims} & scope.roots
    inside = {leaf for leaf in leaves if not work.covers(Scope(scope.roots - {leaf}), leaf)}
    if inside:
        raise OwnFacility.of(claims, [claim for claim in claims if claim.jurisdiction_id in inside])


def refuse_unfit(work: Work, person: UUID, claims: Sequence[Any]) -> None:
    """Refuse a person as the reviewer of these claims: not active, without the right there, or inside only.

    Raises:
        NotAReviewer: the leaf of at least one claim is not covered by a grant of this person above it.

    """
    active = False not in work.ask(SubjectHooks.is_subject_active)(work=work, subject_id=person)
    scope = compile_grants(work, person, status_active=active).scope(REVIEW_CLAIMS.name)
    wanted = {claim.jurisdiction_id for claim in claims}
    above = scope if scope.everywhere else Scope(scope.roots - wanted)
    unfit = wanted - work.visible_places(wanted, above)
    if unfit:
        raise NotAReviewer.of(claims, [claim for claim in claims if claim.jurisdiction_id in unfit])


def refuse_begun_reviews(claims: Sequence[Any]) -> None:
    """Refuse to go on while somebody is in the middle of a review.

    Raises:
        ReviewOpen: a selected claim has a reviewer and is not delivered.

    """
    begun = [
        claim
        for claim in claims
        if claim.review_status is Selection.SELECTED and claim.reviewer_id is not None
    ]
    if begun:
        raise ReviewOpen.of(claims, begun)


def may_process(work: Work, claim: Any) -> bool:
    """Whether the actor may process this claim: a large run leaves out the others instead of stopping."""
    try:
        refuse_own(work, [claim])
        refuse_begun_reviews([claim])
        refuse_inside(work, PROCESS_CLAIMS, [claim])
    except (OwnClaim, OwnFacility, ReviewOpen):
        return False
    return True
