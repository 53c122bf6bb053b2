"""Who lives where, and which facility serves them: what capitation is counted by (BAT-7)."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, select

from msingi.bulk import Recording, change_rows
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_claims.models.payment import Catchment, PlaceFigures
from msingi_claims.payment_errors import UnknownPlaces
from msingi_registry import Facility

_MOST_PEOPLE = 2_000_000_000


class ServedPlace(BaseModel):
    """The part of a place that a facility serves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facility_id: UUID = Field(description="The facility.")
    place_id: UUID = Field(description="The place.")
    percent: Decimal = Field(ge=0, le=100, description="Percent of its people; 0 takes the place away.")


class FiguresOfPlace(BaseModel):
    """How many people and families live in a place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place_id: UUID = Field(description="The place.")
    population: int = Field(ge=0, le=_MOST_PEOPLE, description="People.")
    families: int = Field(ge=0, le=_MOST_PEOPLE, description="Families.")


def set_catchments(work: Work, served: Sequence[ServedPlace]) -> int:
    """Say which parts of places facilities serve, in a fixed number of statements; the last word on a pair holds.

    Raises:
        UnknownPlaces: a facility or a place does not exist, or a facility lies outside the scope.

    """
    wanted = {(one.facility_id, one.place_id): one.percent for one in served}
    facilities = work.by_ids(Facility, {facility_id for facility_id, _ in wanted})
    _refuse_unknown(work, {place_id for _, place_id in wanted}, {f for f, _ in wanted} - set(facilities))
    found = select(Catchment).where(Catchment.facility_id.in_(list(facilities))).with_for_update()
    known = {(one.facility_id, one.place_id): one for one in work.session.scalars(found)}
    added = [
        {
            "jurisdiction_id": facilities[facility_id].jurisdiction_id,
            "facility_id": facility_id,
            "place_id": place_id,
            "percent": percent,
        }
        for (facility_id, place_id), percent in wanted.items()
        if percent and (facility_id, place_id) not in known
    ]
    work.insert_rows(Catchment, added)
    kept = {known[pair].id: percent for pair, percent in wanted.items() if pair in known}
    gone = [row_id for row_id, percent in kept.items() if not percent]
    changed = [
        (one.id, kept[one.id]) for one in known.values() if kept.get(one.id, one.percent) != one.percent
    ]
    rows = [row for row in changed if row[1]]
    change_rows(work, Catchment, ("id",), ("percent",), rows, recording=Recording.PER_ROW)
    if gone:
        work.session.execute(delete(Catchment).where(Catchment.id.in_(gone)))
    return len(wanted)


def set_place_figures(work: Work, figures: Sequence[FiguresOfPlace]) -> int:
    """Say how many people and families live in places, in a fixed number of statements.

    Raises:
        UnknownPlaces: a place does not exist.
        NotFound: a place lies outside the scope.

    """
    wanted = {one.place_id: one for one in figures}
    _refuse_unknown(work, set(wanted), set())
    work.check_places(set(wanted))
    found = select(PlaceFigures).where(PlaceFigures.jurisdiction_id.in_(list(wanted))).with_for_update()
    known = {one.jurisdiction_id: one for one in work.session.scalars(found)}
    added = [
        {
            "jurisdiction_id": place_id,
            "population": one.population,
            "families": one.families,
            "version": 1,
        }
        for place_id, one in wanted.items()
        if place_id not in known
    ]
    work.insert_rows(PlaceFigures, added)
    changed = [
        (row.id, wanted[place_id].population, wanted[place_id].families)
        for place_id, row in known.items()
        if (row.population, row.families) != (wanted[place_id].population, wanted[place_id].families)
    ]
    columns = ("population", "families")
    change_rows(work, PlaceFigures, ("id",), columns, changed, recording=Recording.PER_ROW)
    return len(wanted)


def _refuse_unknown(work: Work, places: set[UUID], facilities: set[UUID]) -> None:
    known = set(work.session.scalars(select(Jurisdiction.id).where(Jurisdiction.id.in_(list(places)))))
    missing = len(places - known) + len(facilities)
    if missing:
        raise UnknownPlaces(count=missing)
