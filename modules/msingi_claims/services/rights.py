"""Who must not decide on a claim: its author, and anybody whose right comes from the facility itself (attack 24)."""

from collections.abc import Collection
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


def refuse_own(work: Work, claims: Collection[Any]) -> None:
    """Refuse a decision on a claim by who wrote or submitted it; the system itself decides on all.

    Raises:
        OwnClaim: at least one claim is the actor's own.

    """
    if work.actor.id is not None:
        refuse_author(work.actor.id, claims)


def refuse_author(person: UUID, claims: Collection[Any]) -> None:
    """Refuse this person as the one who decides: nobody judges what they entered, edited, keyed or submitted.

    Raises:
        OwnClaim: at least one claim is theirs.

    """
    if any(person in {claim.entered_by, claim.co_author_id, claim.submitted_by} for claim in claims):
        raise OwnClaim


def refuse_inside(work: Work, permission: Permission, places: Collection[UUID]) -> None:
    """Refuse a decision under a right that is held at the facility only, and nowhere above it.

    Raises:
        OwnFacility: at least one of the leaves is covered by nothing but a grant on itself.

    """
    if work.actor.kind is ActorKind.SYSTEM:
        return
    scope = work.actor.scope(permission.name)
    if scope.everywhere:
        return
    for leaf in set(places) & scope.roots:
        if not work.covers(Scope(scope.roots - {leaf}), leaf):
            raise OwnFacility


def refuse_unfit(work: Work, person: UUID, places: Collection[UUID]) -> None:
    """Refuse a person as the reviewer of claims of these leaves: not active, without the right there, or inside only.

    Raises:
        NotAReviewer: at least one of the leaves is not covered by a grant of this person above it.

    """
    active = False not in work.ask(SubjectHooks.is_subject_active)(work=work, subject_id=person)
    scope = compile_grants(work, person, status_active=active).scope(REVIEW_CLAIMS.name)
    wanted = set(places)
    above = scope if scope.everywhere else Scope(scope.roots - wanted)
    if work.visible_places(wanted, above) != wanted:
        raise NotAReviewer


def refuse_begun_reviews(claims: Collection[Any]) -> None:
    """Refuse to go on while somebody is in the middle of a review.

    Raises:
        ReviewOpen: a selected claim has a reviewer and is not delivered.

    """
    if any(claim.review_status is Selection.SELECTED and claim.reviewer_id is not None for claim in claims):
        raise ReviewOpen


def may_process(work: Work, claim: Any) -> bool:
    """Whether the actor may process this claim: a large run leaves out the others instead of stopping."""
    try:
        refuse_own(work, [claim])
        refuse_begun_reviews([claim])
        refuse_inside(work, PROCESS_CLAIMS, [claim.jurisdiction_id])
    except (OwnClaim, OwnFacility, ReviewOpen):
        return False
    return True
