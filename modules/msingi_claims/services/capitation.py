"""Capitation of a month: what each facility is owed for the people it serves and the care it gave (BAT-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_claims.models.payment import BatchRun, CapitationPool, CapitationShare
from msingi_claims.rules.batch import Period, pool_period
from msingi_claims.rules.bills import BillKind
from msingi_claims.rules.capitation import (
    CapitationResult,
    Component,
    FacilityCounts,
    is_eligible,
    share_capitation,
)
from msingi_claims.services.bills import Owed
from msingi_claims.services.capitation_counts import counts_of
from msingi_claims.services.funds import allocated_funds
from msingi_claims.services.product_terms import ProductOn
from msingi_claims.services.units import Units
from msingi_insurance import Capitation, PoolPeriod
from msingi_registry import Facility

_COUNT_PLACES: Final = 4
_UNIT_PLACES: Final = 8


@dataclass(frozen=True, slots=True)
class _Sharing:
    """One product's capitation of a month."""

    run: BatchRun
    owner: ProductOn
    capitation: Capitation
    period: Period
    units: Units


def capitation_owed(work: Work, run: BatchRun, products: Mapping[UUID, ProductOn]) -> list[Owed]:
    """What eligible facilities are owed for each product with capitation; every component is kept."""
    period = pool_period(PoolPeriod.MONTH, run.year, run.month)
    if period is None:
        return []
    units = Units.of(run.currency)
    return [
        owed
        for owner in products.values()
        if owner.terms.capitation is not None
        for owed in _share(work, _Sharing(run, owner, owner.terms.capitation, period, units))
    ]


def _share(work: Work, sharing: _Sharing) -> list[Owed]:
    product, units = sharing.owner.product, sharing.units
    facilities = _eligible(work, sharing)
    counts = counts_of(work, product.id, [one.id for one in facilities], sharing.period, units)
    given = [FacilityCounts(str(one.id), counts[one.id]) for one in facilities]
    funds = allocated_funds(work, product.id, sharing.period, units)
    result = share_capitation(sharing.capitation, funds, given, unit=units.unit)
    work.insert_rows(CapitationPool, [_pool(sharing, component, result) for component in Component])
    work.insert_rows(CapitationShare, _shares(sharing, facilities, result))
    return [
        Owed(facility.id, product.id, BillKind.CAPITATION, (), units.minor(payment.total))
        for facility, payment in zip(facilities, result.payments, strict=True)
        if payment.total
    ]


def _eligible(work: Work, sharing: _Sharing) -> list[Facility]:
    """The facilities in the area of the product that were open in the month and are of a level that receives it."""
    inside = select(JurisdictionClosure.descendant_id).where(
        JurisdictionClosure.ancestor_id == sharing.owner.product.jurisdiction_id
    )
    still_open = or_(Facility.closed_on.is_(None), Facility.closed_on > sharing.period.start)
    opened = or_(Facility.opened_on.is_(None), Facility.opened_on < sharing.period.end)
    statement = select(Facility).where(Facility.jurisdiction_id.in_(inside), still_open, opened)
    return [
        one
        for one in work.session.scalars(statement.order_by(Facility.code))
        if is_eligible(sharing.capitation, level=one.standard_type or one.type, sublevel=one.type)
    ]


def _pool(sharing: _Sharing, component: Component, result: CapitationResult) -> dict[str, Any]:
    pool = result.pools[component]
    return {
        "jurisdiction_id": sharing.run.jurisdiction_id,
        "batch_id": sharing.run.id,
        "product_id": sharing.owner.product.id,
        "component": component.value,
        "currency": sharing.run.currency,
        "amount_minor": sharing.units.minor(pool.amount),
        "undistributed_minor": sharing.units.minor(pool.undistributed),
        "unit": _decimal(pool.unit_price or Fraction(0), _UNIT_PLACES),
    }


def _shares(
    sharing: _Sharing, facilities: Sequence[Facility], result: CapitationResult
) -> list[dict[str, Any]]:
    return [
        {
            "jurisdiction_id": facility.jurisdiction_id,
            "batch_id": sharing.run.id,
            "product_id": sharing.owner.product.id,
            "facility_id": facility.id,
            "component": component.value,
            "count": _decimal(payment.counts.get(component, Fraction(0)), _COUNT_PLACES),
            "unit": _decimal(result.pools[component].unit_price or Fraction(0), _UNIT_PLACES),
            "currency": sharing.run.currency,
            "amount_minor": sharing.units.minor(payment.amounts[component]),
        }
        for facility, payment in zip(facilities, result.payments, strict=True)
        for component in Component
        if payment.counts.get(component)
    ]


def _decimal(value: Fraction, places: int) -> Decimal:
    return Decimal(round(value * 10**places)).scaleb(-places)
