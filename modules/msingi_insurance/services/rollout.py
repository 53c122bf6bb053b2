"""Waves: where a product is sold already, and where it is only invited (TZA-07, TZA-13)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from msingi.db import scope_criterion
from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_insurance.models.product import Product
from msingi_insurance.models.rollout import Rollout


@dataclass(frozen=True, slots=True)
class RolloutState:
    """How far a product has come."""

    places: int = field(metadata={"doc": "Places of the waves."})
    started: int = field(metadata={"doc": "Places where it is sold on that day."})
    on: date = field(metadata={"doc": "The day."})


def plan_rollout(
    work: Work, product_id: UUID, place_id: UUID, *, wave: int, starts_on: date | None
) -> Rollout:
    """Put a place into a wave, or change its wave and first day.

    Raises:
        NotFound: the product or the place does not exist or lies outside the scope.

    """
    work.get(Product, product_id)
    criterion = scope_criterion(Jurisdiction.id, work.scope)
    place = select(Jurisdiction.id).where(Jurisdiction.id == place_id)
    if work.session.scalar(place if criterion is None else place.where(criterion)) is None:
        raise NotFound(type="Jurisdiction")
    known = select(Rollout).where(Rollout.product_id == product_id, Rollout.jurisdiction_id == place_id)
    row = work.session.scalar(known)
    if row is None:
        row = work.add(
            Rollout(product_id=product_id, jurisdiction_id=place_id, wave=wave, starts_on=starts_on)
        )
    else:
        row.wave, row.starts_on = wave, starts_on
    return row


def state_of_rollout(work: Work, product_id: UUID, on: date) -> RolloutState:
    """How many places the waves of a product name, and in how many it is sold on a day."""
    planned = select(func.count()).select_from(Rollout).where(Rollout.product_id == product_id)
    places = work.session.scalar(planned) or 0
    started = work.session.scalar(planned.where(Rollout.starts_on <= on)) or 0
    return RolloutState(places, started, on)


def places_not_started(work: Work, product_id: UUID, places: Sequence[UUID], on: date) -> set[UUID]:
    """Those of the places where a product with waves is not sold on a day; a product without waves is sold everywhere."""
    with work.everywhere():
        planned = select(Rollout.jurisdiction_id, Rollout.starts_on).where(Rollout.product_id == product_id)
        waves: dict[UUID, date | None] = dict(work.session.execute(planned).all())
        if not waves:
            return set()
        open_now = [place for place, day in waves.items() if day is not None and day <= on]
        below = select(JurisdictionClosure.descendant_id).where(
            JurisdictionClosure.ancestor_id.in_(open_now), JurisdictionClosure.descendant_id.in_(places)
        )
        return set(places) - set(work.session.scalars(below))
