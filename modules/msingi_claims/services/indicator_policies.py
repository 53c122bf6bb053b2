"""P1 to P9: policies, insured persons and contributions of a period, set-wise."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_claims.services.standing import covered_on, in_force_on
from msingi_claims.services.units import Units
from msingi_insurance import (
    Count,
    InsureePolicy,
    PaidCover,
    PayType,
    Policy,
    PolicyStatus,
    PolicySuspension,
    Premium,
    Product,
    allocated_amount,
)

if TYPE_CHECKING:
    from msingi_claims.services.indicators import Window


def policy_counts(work: Work, window: "Window") -> tuple[dict[Count, Decimal], Decimal]:
    """The counts and sums, and how many policies were active on the last day of the period before."""
    counts = {Count.P6: _insured(work, window), Count.P7: _newly_insured(work, window)}
    counts[Count.P1], active_before, counts[Count.P4] = _standing(work, window)
    counts[Count.P2], counts[Count.P5] = _begun(work, window)
    counts[Count.P3] = _suspended(work, window)
    found = {count: Decimal(number) for count, number in counts.items()}
    return found | _contributions(work, window), Decimal(active_before)


def below(
    column: InstrumentedAttribute[UUID] | ColumnElement[UUID], place_id: UUID | None
) -> list[ColumnElement[bool]]:
    """That rows lie below a place, when one is asked for."""
    if place_id is None:
        return []
    inside = select(JurisdictionClosure.descendant_id).where(JurisdictionClosure.ancestor_id == place_id)
    return [column.in_(inside)]


def _of(window: "Window") -> list[ColumnElement[bool]]:
    product = [] if window.product_id is None else [Policy.product_id == window.product_id]
    return [*below(Policy.jurisdiction_id, window.place_id), *product]


def _standing(work: Work, window: "Window") -> tuple[int, int, int]:
    """In force on the last day (P1), on the last day before, and ended in the period (P4), suspended or not."""

    def number(criterion: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((criterion, 1), else_=0))

    statement = select(
        number(in_force_on(window.until)),
        number(in_force_on(window.day_before)),
        number(Policy.expiry_date.between(window.since, window.until)),
    ).where(
        Policy.status.in_([PolicyStatus.ACTIVE, PolicyStatus.SUSPENDED, PolicyStatus.EXPIRED]),
        Policy.effective_date.is_not(None),
        Policy.expiry_date >= window.day_before,
        *_of(window),
    )
    row = work.session.execute(statement).one()
    return int(row[0] or 0), int(row[1] or 0), int(row[2] or 0)


def _begun(work: Work, window: "Window") -> tuple[int, int]:
    """Policies that took effect in the period: without one that came before (P2), and with one (P5)."""
    earlier = aliased(Policy)
    same = or_(earlier.product_id == Policy.product_id, _replaced(work, earlier.product_id))
    came_before = or_(
        Policy.previous_policy_id.is_not(None),
        exists().where(
            earlier.family_id == Policy.family_id,
            earlier.id != Policy.id,
            earlier.effective_date < Policy.effective_date,
            same,
        ),
    )
    statement = select(func.count(), func.sum(case((came_before, 1), else_=0))).where(
        Policy.effective_date.between(window.since, window.until), *_of(window)
    )
    every, renewed = work.session.execute(statement.select_from(Policy)).one()
    return int(every) - int(renewed or 0), int(renewed or 0)


def _replaced(work: Work, earlier: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """That the product of the earlier policy was replaced, at once or in steps, by that of the policy."""
    rows = work.session.execute(
        select(Product.id, Product.conversion_product_id).where(Product.conversion_product_id.is_not(None))
    )
    chains = _predecessors({product: into for product, into in rows if into is not None})
    return or_(
        false(),
        *(
            and_(Policy.product_id == product, earlier.in_(list(before)))
            for product, before in chains.items()
        ),
    )


def _predecessors(into: Mapping[UUID, UUID]) -> Mapping[UUID, set[UUID]]:
    """The products that each product replaced; conversions have no cycles (PRD-1)."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for first in into:
        here, seen = first, {first}
        while (here := into.get(here, first)) not in seen:
            seen.add(here)
            found[here].add(first)
    return found


def _suspended(work: Work, window: "Window") -> int:
    statement = (
        select(func.count(PolicySuspension.policy_id.distinct()))
        .join(Policy, Policy.id == PolicySuspension.policy_id)
        .where(PolicySuspension.suspended_on.between(window.since, window.until), *_of(window))
    )
    return work.session.scalar(statement) or 0


def _insured(work: Work, window: "Window") -> int:
    statement = (
        select(func.count(InsureePolicy.insuree_id.distinct()))
        .join(Policy, Policy.id == InsureePolicy.policy_id)
        .where(*covered_on(window.until), *_of(window))
    )
    return work.session.scalar(statement) or 0


def _newly_insured(work: Work, window: "Window") -> int:
    """Insurees whose first cover of all took effect in the period."""
    earlier = aliased(InsureePolicy)
    known = exists().where(
        earlier.insuree_id == InsureePolicy.insuree_id, earlier.effective_date < window.since
    )
    statement = (
        select(func.count(InsureePolicy.insuree_id.distinct()))
        .join(Policy, Policy.id == InsureePolicy.policy_id)
        .where(InsureePolicy.effective_date.between(window.since, window.until), ~known, *_of(window))
    )
    return work.session.scalar(statement) or 0


def _contributions(work: Work, window: "Window") -> dict[Count, Decimal]:
    """What was paid in the period (P8), and what belongs to its days of cover (P9)."""
    units = Units.of(work.platform.profile.currency)
    received = (
        select(func.sum(Premium.amount_minor))
        .join(Policy, Policy.id == Premium.policy_id)
        .where(
            Premium.pay_date.between(window.since, window.until),
            Premium.pay_type != PayType.CREDIT,
            *_of(window),
        )
    )
    covers = (
        select(
            *(Policy.effective_date, Policy.expiry_date),
            func.sum(Premium.amount_minor - Premium.credit_minor),
        )
        .join(Premium, Premium.policy_id == Policy.id)
        .where(
            Policy.effective_date <= window.until,
            Policy.expiry_date >= window.since,
            Premium.is_photo_fee.is_(False),
            *_of(window),
        )
        .group_by(Policy.effective_date, Policy.expiry_date)
    )
    paid = [
        PaidCover(units.major(int(minor)), effective, expiry)
        for effective, expiry, minor in work.session.execute(covers)
        if effective is not None
    ]
    return {
        Count.P8: units.major(int(work.session.scalar(received) or 0)),
        Count.P9: allocated_amount(paid, first=window.since, last=window.until, unit=units.unit),
    }
