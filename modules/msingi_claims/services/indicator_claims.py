"""P10 to P12, and the sums behind D4, D8 and D9: the claims whose first day lies in a period, set-wise."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ColumnElement, case, cast, exists, extract, func, select
from sqlalchemy.orm import aliased

from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import Feedback, FeedbackPrompt
from msingi_claims.models.line import ClaimLine
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.indicator_policies import below
from msingi_claims.services.units import Units
from msingi_insurance import Count

if TYPE_CHECKING:
    from msingi_claims.services.indicators import Window

_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the claims of a period come to."""

    counts: dict[Count, Decimal]
    days_to_payment: Decimal
    claims_paid: int
    feedback_marks: Decimal
    feedback_received: int
    feedback_asked: int


def claim_facts(work: Work, window: "Window") -> ClaimFacts:
    """Count and add up, in four statements."""
    claims = _of(window)
    took = cast(extract("epoch", Claim.paid_at), BigInteger) - cast(
        extract("epoch", Claim.submitted_at), BigInteger
    )
    statement = select(
        func.count(Claim.id),
        func.sum(case((Claim.status == ClaimStatus.REJECTED, 1), else_=0)),
        func.count(Claim.paid_at),
        func.sum(took),
    ).where(*claims)
    number, rejected, paid, seconds = work.session.execute(statement).one()
    marks = select(func.count(Feedback.id), func.sum(Feedback.mark))
    received, total = work.session.execute(
        marks.join(Claim, Claim.id == Feedback.claim_id).where(*claims)
    ).one()
    asked = select(func.count(FeedbackPrompt.id)).join(Claim, Claim.id == FeedbackPrompt.claim_id)
    return ClaimFacts(
        counts={
            Count.P10: Decimal(number),
            Count.P11: _remunerated(work, window, claims),
            Count.P12: Decimal(int(rejected or 0)),
        },
        days_to_payment=Decimal(int(seconds or 0)) / _SECONDS,
        claims_paid=paid,
        feedback_marks=Decimal(int(total or 0)),
        feedback_received=received,
        feedback_asked=work.session.scalar(asked.where(*claims)) or 0,
    )


def _of(window: "Window") -> list[ColumnElement[bool]]:
    """The claims of a period that were not deleted; of a product, those with a line that it was charged."""
    criteria = [
        Claim.date_from.between(window.since, window.until),
        Claim.status != ClaimStatus.VOID,
        *below(Claim.jurisdiction_id, window.place_id),
    ]
    if window.product_id is not None:
        line = aliased(ClaimLine)
        charged = exists().where(line.claim_id == Claim.id, line.product_id == window.product_id)
        criteria.append(charged)
    return criteria


def _remunerated(work: Work, window: "Window", claims: list[ColumnElement[bool]]) -> Decimal:
    """What is paid for claims whose value is final; of a product, for its lines."""
    if window.product_id is None:
        statement = select(func.sum(Claim.remunerated_minor))
    else:
        statement = (
            select(func.sum(ClaimLine.remunerated_minor))
            .join(Claim, Claim.id == ClaimLine.claim_id)
            .where(ClaimLine.product_id == window.product_id)
        )
    final = statement.where(Claim.status == ClaimStatus.VALUATED, *claims)
    return Units.of(work.platform.profile.currency).major(int(work.session.scalar(final) or 0))
