"""What lists show beside the columns of a facility, for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_registry.models.facility import Facility, QualityFinding
from msingi_registry.rules.hours import OpeningPeriod, is_open, is_stale


@dataclass(frozen=True, slots=True)
class FacilityHours:
    """One opening period of a week in local time."""

    weekday: int = field(metadata={"doc": "Weekday, 0 is Monday."})
    opens: str = field(metadata={"doc": "Opening time, HH:MM."})
    closes: str = field(metadata={"doc": "Closing time, HH:MM; not after opening means the next day."})


def places_above(work: Work, facilities: Sequence[Facility]) -> dict[UUID, Jurisdiction]:
    """The administrative place of each facility, in two queries."""
    leaves = [facility.jurisdiction_id for facility in facilities]
    rows = work.session.execute(
        select(Jurisdiction.id, Jurisdiction.parent_id).where(Jurisdiction.id.in_(leaves))
    )
    above: dict[UUID, UUID | None] = dict(rows.all())
    places = work.by_ids(Jurisdiction, above.values())
    return {
        facility.id: places[parent]
        for facility in facilities
        if (parent := above.get(facility.jurisdiction_id)) is not None
    }


def findings_of(work: Work, facilities: Sequence[Facility]) -> dict[UUID, list[QualityFinding]]:
    """The findings about each facility."""
    found: dict[UUID, list[QualityFinding]] = {facility.id: [] for facility in facilities}
    statement = select(QualityFinding).where(QualityFinding.facility_id.in_(list(found)))
    for finding in work.session.scalars(statement.order_by(QualityFinding.id)):
        if finding.facility_id is not None:
            found[finding.facility_id].append(finding)
    return found


def hours_of(facilities: Sequence[Facility]) -> dict[UUID, list[FacilityHours]]:
    """The opening periods of those facilities whose hours are known."""
    return {
        facility.id: [FacilityHours(*period) for period in facility.opening_hours]
        for facility in facilities
        if facility.opening_hours is not None
    }


def open_now(work: Work, facilities: Sequence[Facility]) -> dict[UUID, bool]:
    """Whether each facility whose hours are known is open at this moment in the country's time (NS-2)."""
    zone = ZoneInfo(work.platform.profile.timezone)
    return {
        facility.id: is_open(
            [
                OpeningPeriod(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
                for weekday, opens, closes in facility.opening_hours
            ],
            work.now(),
            zone,
        )
        for facility in facilities
        if facility.opening_hours is not None
    }


def stale(work: Work, facilities: Sequence[Facility]) -> dict[UUID, bool]:
    """Whether each record was not confirmed for so long that it is shown as stale (NS-2)."""
    today = work.today()
    return {facility.id: is_stale(facility.verified_on, today) for facility in facilities}


def count_below(work: Work, places: Sequence[UUID]) -> dict[UUID, int]:
    """Facilities at or below each place, of the present scope, in one query (attack 19)."""
    statement = (
        select(JurisdictionClosure.ancestor_id, func.count(Facility.id))
        .join(Facility, Facility.jurisdiction_id == JurisdictionClosure.descendant_id)
        .where(JurisdictionClosure.ancestor_id.in_(places))
        .group_by(JurisdictionClosure.ancestor_id)
    )
    return dict.fromkeys(places, 0) | dict(work.session.execute(statement).all())
