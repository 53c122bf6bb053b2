"""Reviews a set of claims on a random sample, and carries what was taken off over to the others (CLM-8)."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from msingi.scoping import subtree_of
from msingi.work import Work
from msingi_claims.errors import NothingToSample, SampleClosed, SampleOpen
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.review import SampleReview
from msingi_claims.models.states import SampleState, SelectionRule
from msingi_claims.plugin import REVIEW_CLAIMS
from msingi_claims.rules.codes import ClaimStatus, LineStatus, Selection
from msingi_claims.services.changing import change_locked
from msingi_claims.services.life import Action
from msingi_claims.services.reviews import deliver_taken
from msingi_claims.services.rights import refuse_inside, refuse_own
from msingi_claims.services.selection import drawn, mark_selection, with_findings
from msingi_claims.services.taking import lines_of, take_claims, take_possible
from msingi_claims.services.tasks import open_tasks
from msingi_claims.settings import ClaimsSettings

_HUNDRED: Final = Decimal(100)
_RATE: Final = Decimal("0.0001")


def draw_sample(
    work: Work, *, place_id: UUID, facility_id: UUID | None, percent: Decimal, seed: str | None = None
) -> SampleReview:
    """Draw a sample of the idle checked claims below a place, of one facility or of all: it is selected for review.

    Without a seed one is drawn: who could choose it would choose the sample. Claims with findings stand beside the
    set and go to a reviewer on their own, if the setting says so: they would tell nothing about the others.

    Raises:
        NothingToSample: there is no such claim.

    """
    taken = take_claims(work, _idle_ids(work, place_id, facility_id), Action.SELECT)
    # another sample may have taken some of them while they were waited for
    idle = [claim for claim in taken if claim.review_status is Selection.IDLE]
    odd = with_findings(work, idle)
    claims = [claim for claim in idle if claim.id not in odd]
    if not claims:
        raise NothingToSample
    chosen_seed = seed or secrets.token_hex(16)
    chosen = drawn((claim.id for claim in claims), percent=percent, seed=chosen_seed)
    sampled = [claim for claim in claims if claim.id in chosen]
    sample = work.add(
        SampleReview(
            jurisdiction_id=place_id,
            facility_id=facility_id,
            seed=chosen_seed,
            percent=percent,
            claims=len(claims),
            sampled=len(sampled),
            members=_members(claims, chosen),
            made_at=work.now(),
            made_by=work.actor.id,
        )
    )
    work.session.flush()
    mark_selection(work, "review_status", idle, chosen | odd)
    open_tasks(work, sampled, SelectionRule.RANDOM)
    open_tasks(work, [claim for claim in idle if claim.id in odd], SelectionRule.RISK)
    return sample


def close_sample(work: Work, sample_id: UUID, *, extrapolate: bool, expected_version: int) -> SampleReview:
    """Accept what the sample said as it stands, or take the same share off what is paid for every line of the others.

    Claims that somebody selected or reviewed meanwhile keep what their own reviewer says.

    Raises:
        SampleClosed: it was decided before.
        SampleOpen: not every claim of the sample is reviewed.

    """
    sample = work.get(SampleReview, sample_id, expected_version=expected_version)
    if sample.state is not SampleState.OPEN:
        raise SampleClosed
    before = {UUID(claim_id): amount for claim_id, amount in sample.members["sample"].items()}
    sample.deduction_rate = _rate(before, _after(work, before))
    others = [UUID(claim_id) for claim_id in sample.members["others"]]
    if extrapolate:
        possible = take_possible(work, others, Action.REVIEW)
        unjudged = [claim for claim in possible if claim.review_status is Selection.NOT_SELECTED]
        _carry_over(work, sample, unjudged)
    sample.state = SampleState.EXTRAPOLATED if extrapolate else SampleState.ACCEPTED
    sample.closed_at, sample.closed_by = work.now(), work.actor.id
    return sample


def _members(claims: Sequence[Any], chosen: Collection[UUID]) -> dict[str, Any]:
    """The amounts of the sample before its review, and the ids of the others."""
    before = {str(claim.id): claim.approved_minor for claim in claims if claim.id in chosen}
    return {"sample": before, "others": [str(claim.id) for claim in claims if claim.id not in chosen]}


def _idle_ids(work: Work, place_id: UUID, facility_id: UUID | None) -> list[UUID]:
    statement = select(Claim.id).where(
        Claim.status == ClaimStatus.CHECKED,
        Claim.review_status == Selection.IDLE,
        Claim.jurisdiction_id.in_(subtree_of([place_id])),
    )
    if facility_id is not None:
        statement = statement.where(Claim.facility_id == facility_id)
    return list(
        work.session.scalars(statement.order_by(Claim.id).limit(work.settings(ClaimsSettings).direct_most))
    )


def _after(work: Work, before: Mapping[UUID, int]) -> Mapping[UUID, int]:
    rows = work.session.execute(
        select(Claim.id, Claim.code, Claim.status, Claim.review_status, Claim.approved_minor)
        .where(Claim.id.in_(list(before)))
        .order_by(Claim.id)
    ).all()
    done = {
        row.id: row.approved_minor
        for row in rows
        if row.review_status is Selection.DELIVERED or row.status is ClaimStatus.REJECTED
    }
    if len(done) < len(before):
        raise SampleOpen.about([row for row in rows if row.id not in done], count=len(before) - len(done))
    return done


def _rate(before: Mapping[UUID, int], after: Mapping[UUID, int]) -> Decimal:
    """What the reviewers took off, in percent with four decimals; never below zero."""
    whole, left = sum(before.values()), sum(after.values())
    if whole == 0:
        return Decimal(0)
    return max(Decimal(0), Decimal(whole - left) * _HUNDRED / whole).quantize(_RATE, ROUND_HALF_EVEN)


def _carry_over(work: Work, sample: SampleReview, claims: Sequence[Any]) -> None:
    refuse_own(work, claims)
    refuse_inside(work, REVIEW_CLAIMS, claims)
    if not claims or sample.deduction_rate is None:
        return
    rows = [
        (line.id, sample.deduction_rate)
        for lines in lines_of(work, [claim.id for claim in claims]).values()
        for line in lines
        if line.status is LineStatus.PASSED
    ]
    change_locked(work, ClaimLine, ["deduction_rate"], rows)
    deliver_taken(work, claims, sample_id=sample.id)
