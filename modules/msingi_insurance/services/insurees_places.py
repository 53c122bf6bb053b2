"""Where families live and where they are cared for: villages and facilities that drafts name."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.rbac.models import ADMIN, Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_insurance.rules.family import check_place
from msingi_insurance.rules.refusals import FamilyPlaceInvalid
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Facility

_VILLAGES = "insurance.villages"


def check_village(work: Work, place_id: UUID) -> None:
    """Refuse a place where no family lives: a facility, or a place of another level than villages (INS-1).

    Raises:
        NotFound: the place does not exist or is out of scope.
        FamilyPlaceInvalid: families do not live there.

    """
    work.check_places({place_id})
    if not _is_admin(work, place_id):
        raise FamilyPlaceInvalid
    village_level = work.settings(InsuranceSettings).village_level
    if village_level is not None:
        level = select(Jurisdiction.level).where(Jurisdiction.id == place_id)
        check_place(level=work.session.scalars(level).one(), village_level=village_level)


def _is_admin(work: Work, place_id: UUID) -> bool:
    """Whether a place is no facility; that never changes, so a process asks once."""

    def load(missing: Collection[UUID]) -> dict[UUID, bool]:
        columns = select(Jurisdiction.id, Jurisdiction.kind).where(Jurisdiction.id.in_(missing))
        return {row.id: row.kind == ADMIN for row in work.session.execute(columns)}

    found = work.platform.kept("insurance.place_is_admin", size=100_000).get_many([place_id], load)
    if place_id not in found:
        raise NotFound(type="Jurisdiction")
    return bool(found[place_id])


def check_facilities(work: Work, facility_ids: Collection[UUID]) -> None:
    """Refuse facilities that do not exist anywhere; a facility of choice may lie outside the caller's places (INS-6).

    Raises:
        NotFound: at least one of them.

    """
    if unknown_facilities(work, facility_ids):
        raise NotFound(type="Facility")


def unknown_facilities(work: Work, facility_ids: Collection[UUID]) -> set[UUID]:
    """Those of the facilities that do not exist anywhere, in one statement."""
    if not facility_ids:
        return set()
    with work.everywhere():
        found = set(work.session.scalars(select(Facility.id).where(Facility.id.in_(facility_ids))))
    return set(facility_ids) - found


def villages_of(work: Work, place_ids: Collection[UUID]) -> dict[UUID, Jurisdiction]:
    """The places by id, in one statement; a work that only reads asks once for each of them."""
    known: dict[UUID, Jurisdiction] = {} if work.writes else work.session.info.setdefault(_VILLAGES, {})
    missing = set(place_ids) - known.keys()
    if missing:
        known.update(work.by_ids(Jurisdiction, missing))
    return {place_id: known[place_id] for place_id in place_ids}


def place_codes(work: Work, place_id: UUID) -> tuple[str, ...]:
    """Codes of the places from the country down to this one."""
    statement = (
        select(Jurisdiction.code)
        .join(JurisdictionClosure, JurisdictionClosure.ancestor_id == Jurisdiction.id)
        .where(JurisdictionClosure.descendant_id == place_id)
        .order_by(JurisdictionClosure.depth.desc())
    )
    return tuple(work.session.scalars(statement))
