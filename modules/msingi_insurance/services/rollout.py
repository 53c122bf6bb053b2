"""Waves: where a product is sold already, and where it is only invited (TZA-07, TZA-13)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.scoping import scope_criterion
from msingi.work import Work
from msingi_insurance.models.product import Product
from msingi_insurance.models.rollout import Rollout


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """The wave of a place, and its first day when it is known."""

    wave: int
    starts_on: date | None


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


def plan_waves(work: Work, product_id: UUID, waves: Mapping[UUID, PlannedWave]) -> None:
    """Put many places into the waves of a product, in a fixed number of statements; the same plan changes nothing."""
    known = {
        row.jurisdiction_id: row
        for row in work.session.scalars(select(Rollout).where(Rollout.product_id == product_id))
    }
    added = [
        {
            "jurisdiction_id": place_id,
            "product_id": product_id,
            "wave": planned.wave,
            "starts_on": planned.starts_on,
            "version": 1,
        }
        for place_id, planned in waves.items()
        if place_id not in known
    ]
    work.insert_rows(Rollout, added)
    for place_id, planned in waves.items():
        if (row := known.get(place_id)) is not None:
            row.wave, row.starts_on = planned.wave, planned.starts_on
    work.session.flush()


def state_of_rollout(work: Work, product_id: UUID, on: date) -> RolloutState:
    """How many places the waves of a product name, and in how many it is sold on a day."""
    planned = select(func.count()).select_from(Rollout).where(Rollout.product_id == product_id)
    places = work.session.scalar(planned) or 0
    started = work.session.scalar(planned.where(Rollout.starts_on <= on)) or 0
    return RolloutState(places, started, on)


def has_started(work: Work, product_id: UUID, places: Collection[UUID], on: date) -> bool:
    """Whether a product is sold on a day in a place, given with those above it; one without waves is sold everywhere."""
    with work.everywhere():
        planned = select(Rollout.jurisdiction_id, Rollout.starts_on).where(Rollout.product_id == product_id)
        waves = work.session.execute(planned).all()
    return not waves or any(place in places and day is not None and day <= on for place, day in waves)
