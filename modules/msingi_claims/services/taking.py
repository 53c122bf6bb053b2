"""Takes claims in hand: found in scope, locked in the order of their ids, allowed by their status."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from msingi.errors import NotFound
from msingi.work import Work
from msingi_claims.errors import SomeNotFound, TooManyClaims
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.services.life import TRANSITIONS, Action, require_status
from msingi_claims.settings import ClaimsSettings
from msingi_registry import Facility

_CLAIM: Final = (
    *(Claim.id, Claim.version, Claim.jurisdiction_id, Claim.code, Claim.insuree_id, Claim.facility_id),
    *(Claim.diagnosis_id, Claim.diagnosis_code, Claim.date_from, Claim.date_to, Claim.target_date),
    *(Claim.date_claimed, Claim.visit_type, Claim.status, Claim.category, Claim.review_status),
    *(Claim.feedback_status, Claim.duplicate_released, Claim.decisions, Claim.currency, Claim.risk),
    *(Claim.claimed_minor, Claim.approved_minor, Claim.remunerated_minor, Claim.pre_authorisation_id),
    *(Claim.entered_by, Claim.submitted_by, Claim.reviewer_id, Claim.closed_by, Claim.rejection_code),
    *(Claim.sample_id, Claim.findings, Claim.co_author_id),
)
_FACILITY: Final = (
    *(Facility.code.label("facility_code"), Facility.standard_type, Facility.care_type),
    *(Facility.ownership, Facility.tier),
)
_ENTERED: Final = (
    *(ClaimLine.id, ClaimLine.claim_id, ClaimLine.position, ClaimLine.kind, ClaimLine.code),
    *(ClaimLine.quantity, ClaimLine.price_asked_minor, ClaimLine.contents, ClaimLine.approved_quantity),
    *(ClaimLine.approved_price_minor, ClaimLine.verdict, ClaimLine.deduction_rate),
    *(ClaimLine.submitted_reason, ClaimLine.submitted_policy_id),
)
_DECIDED: Final = (
    *(ClaimLine.status, ClaimLine.reason, ClaimLine.policy_id),
    *(ClaimLine.price_adjusted_minor, ClaimLine.accepted_quantity, ClaimLine.remunerated_minor),
    *(ClaimLine.product_id, ClaimLine.valuated_minor, ClaimLine.hospital, ClaimLine.limitation),
    *(ClaimLine.limitation_value, ClaimLine.price_origin, ClaimLine.gross_minor, ClaimLine.refused_minor),
    *(ClaimLine.deductible_minor, ClaimLine.patient_share_minor, ClaimLine.excess_minor),
    *(ClaimLine.excess_category_minor, ClaimLine.nominal_minor),
)


def take_claims(work: Work, claim_ids: Collection[UUID], action: Action) -> Sequence[Any]:
    """The claims with their facilities, in the order of their ids, locked until the work ends.

    Raises:
        TooManyClaims: there are more than one request may handle.
        NotFound: one claim does not exist or is not visible.
        SomeNotFound: the same for one of several.
        WrongStatus: the action is not possible for some of them, which are named; nothing was changed (attack 91).

    """
    wanted = set(claim_ids)
    most = work.settings(ClaimsSettings).direct_most
    if len(wanted) > most:
        raise TooManyClaims(most=most)
    found = _locked(work, wanted)
    if len(found) != len(wanted):
        raise NotFound(type="Claim") if len(wanted) == 1 else SomeNotFound(count=len(wanted) - len(found))
    require_status(action, found)
    return found


def take_possible(work: Work, claim_ids: Collection[UUID], action: Action) -> Sequence[Any]:
    """Those of the claims that are visible and whose status allows the action, locked: for jobs that resume."""
    allowed = TRANSITIONS[action].sources
    return [claim for claim in _locked(work, set(claim_ids)) if claim.status in allowed]


def take_claim(work: Work, claim_id: UUID, action: Action, *, expected_version: int | None = None) -> Claim:
    """One claim as an object, locked; its status allows the action.

    Raises:
        NotFound: it does not exist or is not visible.
        StaleVersion: it was changed since the caller read it.
        WrongStatus: the action is not possible.

    """
    work.session.get(Claim, claim_id, with_for_update=True, populate_existing=True)
    claim = work.get(Claim, claim_id, expected_version=expected_version)
    require_status(action, [claim])
    return claim


def lines_of(
    work: Work, claim_ids: Collection[UUID], *, decided: bool = True
) -> Mapping[UUID, Sequence[Any]]:
    """The lines of claims in their order, by claim, in one statement.

    A submission, which decides every line anew, reads them without what was ``decided`` before.
    """
    lines: dict[UUID, list[Any]] = {claim_id: [] for claim_id in claim_ids}
    for line in work.session.execute(_lines(decided), {"claims": list(claim_ids)}):
        lines[line.claim_id].append(line)
    return lines


def _locked(work: Work, wanted: set[UUID]) -> Sequence[Any]:
    return work.session.execute(_locking(), {"claims": sorted(wanted)}).all()


# Built once: to build these statements costs more than to run them for one claim.


@cache
def _locking() -> Select[Any]:
    return (
        select(*_CLAIM, *_FACILITY)
        .join(Facility, Facility.id == Claim.facility_id)
        .where(Claim.id.in_(bindparam("claims", expanding=True)))
        .order_by(Claim.id)
        .with_for_update(of=Claim)
    )


@cache
def _lines(decided: bool) -> Select[Any]:  # noqa: FBT001 - the key of the cache
    return (
        select(*_ENTERED, *(_DECIDED if decided else ()))
        .where(ClaimLine.claim_id.in_(bindparam("claims", expanding=True)))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    )
