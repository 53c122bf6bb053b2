"""What the contributions of a product bring to a period (BAT-2, P9), in one statement for all its policies."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from msingi.work import Work
from msingi_claims.rules.batch import PaidCover, Period, allocated
from msingi_claims.services.units import Units
from msingi_insurance import Policy, Premium


def allocated_funds(work: Work, product_id: UUID, period: Period, units: Units) -> Fraction:
    """The part of all contributions to a product that belongs to a period; reversals count with their sign.

    What families paid too much is theirs, and fees for photos buy no cover: neither is counted (PAY-6).
    """
    return allocated(_covers(work, product_id, period, units), period)


def _covers(work: Work, product_id: UUID, period: Period, units: Units) -> Iterator[PaidCover]:
    statement = (
        select(
            *(Policy.effective_date, Policy.expiry_date),
            func.sum(Premium.amount_minor - Premium.credit_minor),
        )
        .join(Premium, Premium.policy_id == Policy.id)
        .where(
            Policy.product_id == product_id,
            Policy.effective_date < period.end,
            Policy.expiry_date >= period.start,
            Policy.effective_date <= Policy.expiry_date,
            Premium.is_photo_fee.is_(False),
        )
        .group_by(Policy.effective_date, Policy.expiry_date)
    )
    rows: Iterable[Any] = work.session.execute(statement)
    for effective, expiry, minor in rows:
        yield PaidCover(units.major(int(minor)), effective, expiry)
