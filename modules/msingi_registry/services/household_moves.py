"""Moves a household to another place; its persons stay registered where they were."""

from uuid import UUID

from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.work import Work
from msingi_registry.events import HouseholdMoved
from msingi_registry.models.household import Household
from msingi_registry.rules.identifiers import make_code
from msingi_registry.services.households import HOUSEHOLD_CODE


def move_household(
    work: Work, household_id: UUID, jurisdiction_id: UUID, *, address: str | None = None
) -> Household:
    """Move a household to another place, with a new address when one is given; its members move with it.

    Persons are registered once and for ever in the place of registration: their records stay there. A code is unique
    in its place; where another household of the new place bears it, the household gets a new one.

    Raises:
        NotFound: the household, or one of the two places, is not visible.

    """
    work.check_places({jurisdiction_id})
    household = work.find(Household, household_id, lock=True)
    if household is None:
        raise NotFound(type="Household")
    left = household.jurisdiction_id
    if left != jurisdiction_id:
        if _is_taken(work, household.code, jurisdiction_id):
            household.code = make_code(HOUSEHOLD_CODE)
        household.jurisdiction_id = jurisdiction_id
    if address is not None:
        household.address = clean_text(address)
    work.session.flush()
    if left != jurisdiction_id:
        work.emit(HouseholdMoved(household_id=household.id, from_id=left, to_id=jurisdiction_id))
    return household


def _is_taken(work: Work, code: str, place_id: UUID) -> bool:
    statement = select(Household.id).where(Household.jurisdiction_id == place_id, Household.code == code)
    return work.session.scalar(statement.limit(1)) is not None
