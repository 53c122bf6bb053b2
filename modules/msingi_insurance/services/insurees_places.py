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


def check_village(work: Work, place_id: UUID) -> None:
    """Refuse a place where no family lives: a facility, or a place of another level than villages (INS-1).

    Raises:
        NotFound: the place does not exist or is out of scope.
        FamilyPlaceInvalid: families do not live there.

    """
    level = work.settings(InsuranceSettings).village_level
    work.check_places({place_id})
    row = work.session.execute(
        select(Jurisdiction.kind, Jurisdiction.level).where(Jurisdiction.id == place_id)
    ).one_or_none()
    if row is None:
        raise NotFound(type="Jurisdiction")
    if row.kind != ADMIN:
        raise FamilyPlaceInvalid
    if level is not None:
        check_place(level=row.level, village_level=level)


def check_facilities(work: Work, facility_ids: Collection[UUID]) -> None:
    """Refuse facilities that do not exist anywhere; a facility of choice may lie outside the caller's places (INS-6).

    Raises:
        NotFound: at least one of them.

    """
    if not facility_ids:
        return
    with work.everywhere():
        found = set(work.session.scalars(select(Facility.id).where(Facility.id.in_(facility_ids))))
    if found != set(facility_ids):
        raise NotFound(type="Facility")


def place_codes(work: Work, place_id: UUID) -> tuple[str, ...]:
    """Codes of the places from the country down to this one."""
    statement = (
        select(Jurisdiction.code)
        .join(JurisdictionClosure, JurisdictionClosure.ancestor_id == Jurisdiction.id)
        .where(JurisdictionClosure.descendant_id == place_id)
        .order_by(JurisdictionClosure.depth.desc())
    )
    return tuple(work.session.scalars(statement))
