"""What facilities count for capitation: the people around them, and the care of the month (BAT-7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import func, select

from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.payment import Catchment, PlaceFigures
from msingi_claims.rules.batch import Period
from msingi_claims.rules.capitation import CatchmentPlace, Component, catchment_count
from msingi_claims.rules.codes import ClaimStatus, LineStatus
from msingi_claims.services.scheme_time import start_of
from msingi_claims.services.standing import covered_on
from msingi_claims.services.units import Units
from msingi_insurance import InsureePolicy, Policy

Counts: TypeAlias = dict[Component, Fraction]


def counts_of(
    work: Work, product_id: UUID, facilities: Sequence[UUID], period: Period, units: Units
) -> dict[UUID, Counts]:
    """What each facility counts for each component, in five statements whatever their number."""
    served = _served(work, facilities)
    figures = _figures(work) | _insured(work, product_id, period.last_day)
    care = _care(work, product_id, period, units)
    return {
        facility_id: {
            component: catchment_count(
                CatchmentPlace(by_place.get(place_id, 0), percent)
                for place_id, percent in served.get(facility_id, ())
            )
            for component, by_place in figures.items()
        }
        | care.get(facility_id, {})
        for facility_id in facilities
    }


def _served(work: Work, facilities: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, Decimal]]]:
    found: dict[UUID, list[tuple[UUID, Decimal]]] = defaultdict(list)
    statement = select(Catchment.facility_id, Catchment.place_id, Catchment.percent)
    for facility_id, place_id, percent in work.session.execute(
        statement.where(Catchment.facility_id.in_(list(facilities)))
    ):
        found[facility_id].append((place_id, percent))
    return found


def _figures(work: Work) -> dict[Component, Mapping[UUID, int]]:
    statement = select(PlaceFigures.jurisdiction_id, PlaceFigures.population, PlaceFigures.families)
    rows = work.session.execute(statement).all()
    return {
        Component.POPULATION: {place: population for place, population, _ in rows},
        Component.FAMILIES: {place: families for place, _, families in rows},
    }


def _insured(work: Work, product_id: UUID, day: date) -> dict[Component, Mapping[UUID, int]]:
    """How many persons and families are covered on a day below each place that some facility serves."""
    statement = (
        select(
            JurisdictionClosure.ancestor_id,
            func.count(InsureePolicy.insuree_id.distinct()),
            func.count(Policy.family_id.distinct()),
        )
        .select_from(JurisdictionClosure)
        .join(Policy, Policy.jurisdiction_id == JurisdictionClosure.descendant_id)
        .join(InsureePolicy, InsureePolicy.policy_id == Policy.id)
        .where(
            JurisdictionClosure.ancestor_id.in_(select(Catchment.place_id)),
            Policy.product_id == product_id,
            *covered_on(day),
        )
        .group_by(JurisdictionClosure.ancestor_id)
    )
    rows = work.session.execute(statement).all()
    return {
        Component.INSURED_POPULATION: {row[0]: row[1] for row in rows},
        Component.INSURED_FAMILIES: {row[0]: row[2] for row in rows},
    }


def _care(work: Work, product_id: UUID, period: Period, units: Units) -> dict[UUID, Counts]:
    """Claims processed in a period with a line that the product covers, and what these lines were worth."""
    statement = (
        select(
            Claim.facility_id,
            func.count(Claim.id.distinct()),
            func.sum(ClaimLine.gross_minor - ClaimLine.refused_minor),
        )
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            Claim.status.in_([ClaimStatus.PROCESSED, ClaimStatus.VALUATED]),
            Claim.processed_at >= start_of(work, period.start),
            Claim.processed_at < start_of(work, period.end),
            ClaimLine.product_id == product_id,
            ClaimLine.status == LineStatus.PASSED,
        )
        .group_by(Claim.facility_id)
    )
    return {
        facility_id: {
            Component.INSURED_VISITS: Fraction(visits),
            Component.ADJUSTED_AMOUNT: Fraction(units.major(int(amount or 0))),
        }
        for facility_id, visits, amount in work.session.execute(statement)
    }
