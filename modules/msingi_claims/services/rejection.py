"""Rejects checked claims by hand, takes such a rejection back, and releases claims that only looked odd (F36)."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from msingi.work import Work
from msingi_claims.errors import NotReleasable, RejectedByChecks
from msingi_claims.events import ClaimsRejected, RejectionsUndone
from msingi_claims.models.claim import Claim
from msingi_claims.models.states import Occasion
from msingi_claims.plugin import PROCESS_CLAIMS, REVIEW_CLAIMS, UNDO_CLAIMS
from msingi_claims.rules.codes import Reason, Stage, Verdict
from msingi_claims.services.changing import change_locked
from msingi_claims.services.deciding import decide_claims
from msingi_claims.services.life import Action, require_reason
from msingi_claims.services.restoring import refuse_taken_up
from msingi_claims.services.rights import refuse_inside, refuse_own
from msingi_claims.services.submission import Outcome, outcomes_of, submit_taken
from msingi_claims.services.taking import take_claims
from msingi_claims.services.tasks import close_selected, reopen_selected
from msingi_claims.services.writing import write_decisions

_RELEASABLE: Final = {int(Reason.DUPLICATE), int(Reason.INVALID_CLAIM), int(Reason.REFUSED_BY_SCORING)}


def reject_claims(work: Work, claim_ids: Collection[UUID], *, reason: str) -> list[Outcome]:
    """Reject checked claims as a whole; what they had used up is given back (ADJ-5).

    Raises:
        ReasonRequired, WrongStatus, OwnClaim, OwnFacility: nothing was changed.

    """
    require_reason(reason)
    claims = take_claims(work, claim_ids, Action.REJECT)
    refuse_own(work, claims)
    refuse_inside(work, PROCESS_CLAIMS, claims)
    decisions = decide_claims(work, claims, Stage.REVIEW, verdict=Verdict.REFUSE)
    by_hand = (Reason.REFUSED_BY_REVIEWER,)
    for one in decisions.decided:
        one.decision = one.decision._replace(reasons=by_hand)
        one.result = one.result._replace(reasons=by_hand)
    write_decisions(work, decisions, Occasion.REJECT, {claim.id: (reason,) for claim in claims})
    close_selected(work, claims)
    work.emit(ClaimsRejected(claim_ids=tuple(claim.id for claim in claims)))
    return outcomes_of(decisions)


def undo_rejections(work: Work, claim_ids: Collection[UUID]) -> list[Outcome]:
    """Take back rejections that a person made in error: the claims are checked again, and book anew (F36).

    Raises:
        RejectedByChecks: a claim was rejected by the checks; restore it as a new one instead.
        TakenUpAgain: the care of a claim stands on another one by now.
        WrongStatus, OwnClaim, OwnFacility: nothing was changed.

    """
    claims = take_claims(work, claim_ids, Action.UNDO_REJECTION)
    checked = [claim for claim in claims if claim.rejection_code != int(Reason.REFUSED_BY_REVIEWER)]
    if checked:
        raise RejectedByChecks.of(claims, checked)
    refuse_taken_up(work, claims)
    refuse_own(work, claims)
    refuse_inside(work, UNDO_CLAIMS, claims)
    decisions = decide_claims(work, claims, Stage.REVIEW)
    write_decisions(work, decisions, Occasion.UNDO, {claim.id: ("",) for claim in claims})
    reopen_selected(work, claims)
    work.emit(RejectionsUndone(claim_ids=tuple(claim.id for claim in claims)))
    return outcomes_of(decisions)


def release_claims(work: Work, claim_ids: Collection[UUID]) -> list[Outcome]:
    """Submit again claims that were rejected because they resemble others or look odd: they are different (check 6).

    Raises:
        NotReleasable: a claim was rejected for another reason.
        TakenUpAgain: the care of a claim stands on another one by now.
        WrongStatus, OwnClaim, OwnFacility: nothing was changed.

    """
    claims = take_claims(work, claim_ids, Action.RELEASE)
    kept = [claim for claim in claims if claim.rejection_code not in _RELEASABLE]
    if kept:
        raise NotReleasable.of(claims, kept)
    refuse_taken_up(work, claims)
    refuse_own(work, claims)
    refuse_inside(work, REVIEW_CLAIMS, claims)
    change_locked(work, Claim, ["duplicate_released"], [(claim.id, True) for claim in claims])
    return submit_taken(work, _released(claims))


def _released(claims: Sequence[Any]) -> Sequence[Any]:
    return [_Released(claim) for claim in claims]


class _Released:
    """A locked row that says it was released."""

    duplicate_released: Final = True

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
