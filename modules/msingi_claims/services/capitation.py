"""Capitation of a month: who is served by which facility, and what each facility is owed for it (BAT-7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.payment import BatchRun, CapitationShare, Catchment, PlaceFigures
from msingi_claims.rules.batch import Period, pool_period
from msingi_claims.rules.bills import BillKind
from msingi_claims.rules.capitation import (
    CatchmentPlace,
    Component,
    FacilityCounts,
    catchment_count,
    is_eligible,
    share_capitation,
)
from msingi_claims.rules.codes import ClaimStatus, LineStatus
from msingi_claims.services.bills import Owed
from msingi_claims.services.funds import allocated_funds
from msingi_claims.services.units import Units
from msingi_insurance import InsureePolicy, Policy, PolicyStatus, PoolPeriod, Product, Terms
from msingi_registry import Facility

_PLACES, _UNIT_PLACES = 4, 8
_Served = Mapping[UUID, Sequence[tuple[UUID, Any]]]


@dataclass(frozen=True, slots=True)
class _Month:
    period: Period
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        return datetime.combine(self.period.start, time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.period.end, time(), self.zone)


def capitation_owed(work: Work, run: BatchRun, products: Mapping[UUID, tuple[Product, Terms]]) -> list[Owed]:
    """What eligible facilities are owed for each product with capitation; every component is kept."""
    period = pool_period(PoolPeriod.MONTH, run.year, run.month)
    if period is None:
        return []
    month = _Month(period, ZoneInfo(work.platform.profile.timezone))
    return [
        owed
        for product, terms in products.values()
        if terms.capitation is not None
        for owed in _of_product(work, run, product, terms, month)
    ]


def _of_product(work: Work, run: BatchRun, product: Product, terms: Terms, month: _Month) -> list[Owed]:
    capitation = terms.capitation
    if capitation is None:
        return []
    facilities = [
        one
        for one in _facilities(work, product)
        if is_eligible(capitation, level=one.standard_type or "", sublevel=one.type)
    ]
    if not facilities:
        return []
    units = Units.of(run.currency)
    counts = _counts(work, product, [one.id for one in facilities], month)
    given = [FacilityCounts(str(one.id), counts[one.id]) for one in facilities]
    funds = allocated_funds(work, product.id, month.period, units)
    result = share_capitation(capitation, funds, given, unit=units.unit)
    rows = [
        _share(run, product, facility, component, payment, result.pools[component].unit_price, units)
        for facility, payment in zip(facilities, result.payments, strict=True)
        for component in Component
        if payment.amounts[component]
    ]
    work.insert_rows(CapitationShare, rows)
    return [
        Owed(facility.id, product.id, BillKind.CAPITATION, (), units.minor(payment.total))
        for facility, payment in zip(facilities, result.payments, strict=True)
        if payment.total
    ]


def _share(
    run: BatchRun,
    product: Product,
    facility: Facility,
    component: Component,
    payment: Any,
    unit_price: Fraction | None,
    units: Units,
) -> dict[str, Any]:
    return {
        "jurisdiction_id": facility.jurisdiction_id,
        "batch_id": run.id,
        "product_id": product.id,
        "facility_id": facility.id,
        "component": component.value,
        "count": _decimal(payment.counts.get(component, Fraction(0)), _PLACES),
        "unit": _decimal(unit_price or Fraction(0), _UNIT_PLACES),
        "currency": run.currency,
        "amount_minor": units.minor(payment.amounts[component]),
    }


def _facilities(work: Work, product: Product) -> list[Facility]:
    """The facilities in the area of a product."""
    inside = select(JurisdictionClosure.descendant_id).where(
        JurisdictionClosure.ancestor_id == product.jurisdiction_id
    )
    statement = select(Facility).where(Facility.jurisdiction_id.in_(inside)).order_by(Facility.code)
    return list(work.session.scalars(statement))


def _counts(
    work: Work, product: Product, facilities: Sequence[UUID], month: _Month
) -> dict[UUID, dict[Component, Fraction]]:
    served = _served(work, facilities)
    by_place = {
        Component.POPULATION: _figures(work, PlaceFigures.population),
        Component.FAMILIES: _figures(work, PlaceFigures.families),
        Component.INSURED_POPULATION: _insured(work, product, month, func.count(InsureePolicy.id)),
        Component.INSURED_FAMILIES: _insured(work, product, month, func.count(Policy.family_id.distinct())),
    }
    visits, amounts = _care(work, product, month)
    found: dict[UUID, dict[Component, Fraction]] = {}
    for facility_id in facilities:
        counts = {
            component: catchment_count(
                CatchmentPlace(figures.get(place_id, 0), percent)
                for place_id, percent in served.get(facility_id, ())
            )
            for component, figures in by_place.items()
        }
        counts[Component.INSURED_VISITS] = Fraction(visits.get(facility_id, 0))
        counts[Component.ADJUSTED_AMOUNT] = Fraction(amounts.get(facility_id, 0))
        found[facility_id] = counts
    return found


def _served(work: Work, facilities: Sequence[UUID]) -> _Served:
    found: dict[UUID, list[tuple[UUID, Any]]] = defaultdict(list)
    statement = select(Catchment.facility_id, Catchment.place_id, Catchment.percent)
    for facility_id, place_id, percent in work.session.execute(
        statement.where(Catchment.facility_id.in_(facilities))
    ):
        found[facility_id].append((place_id, percent))
    return found


def _figures(work: Work, column: Any) -> dict[UUID, int]:
    return dict(work.session.execute(select(PlaceFigures.jurisdiction_id, column)).all())


def _insured(work: Work, product: Product, month: _Month, count: Any) -> dict[UUID, int]:
    """How many are covered on the last day of the month below each place that some facility serves."""
    last = month.period.last_day
    statement: Select[Any] = (
        select(Catchment.place_id, count)
        .select_from(Catchment)
        .join(JurisdictionClosure, JurisdictionClosure.ancestor_id == Catchment.place_id)
        .join(Policy, Policy.jurisdiction_id == JurisdictionClosure.descendant_id)
        .join(InsureePolicy, InsureePolicy.policy_id == Policy.id)
        .where(
            Policy.product_id == product.id,
            Policy.status.in_([PolicyStatus.ACTIVE, PolicyStatus.EXPIRED]),
            InsureePolicy.effective_date <= last,
            InsureePolicy.expiry_date >= last,
        )
        .group_by(Catchment.place_id, Catchment.facility_id)
    )
    return dict(_pairs(work, statement))


def _care(work: Work, product: Product, month: _Month) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Claims of the month with a line that the product covers, and what these lines were worth, by facility."""
    statement = (
        select(
            Claim.facility_id,
            func.count(Claim.id.distinct()),
            func.sum(ClaimLine.gross_minor - ClaimLine.refused_minor),
        )
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            Claim.status.in_([ClaimStatus.PROCESSED, ClaimStatus.VALUATED]),
            Claim.processed_at >= month.start,
            Claim.processed_at < month.end,
            ClaimLine.product_id == product.id,
            ClaimLine.status == LineStatus.PASSED,
        )
        .group_by(Claim.facility_id)
    )
    rows: list[Any] = list(work.session.execute(statement))
    return {row[0]: row[1] for row in rows}, {row[0]: int(row[2] or 0) for row in rows}


def _pairs(work: Work, statement: Select[Any]) -> Iterable[tuple[UUID, int]]:
    yield from work.session.execute(statement)


def _decimal(value: Fraction, places: int) -> Decimal:
    return Decimal(round(value * 10**places)).scaleb(-places)
