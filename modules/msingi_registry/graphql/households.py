"""GraphQL operations on households."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.person import Person
from msingi_registry.plugin import EDIT_PERSONS, LIST_PERSONS, READ_PERSONS, REGISTER_PERSONS, plugin
from msingi_registry.services import household_changes as changing
from msingi_registry.services import households as registering
from msingi_registry.services import persons as records
from msingi_registry.services.drafts import HouseholdDraft
from msingi_registry.services.household_changes import NewMember

plugin.expose(Household, *("id", "code", "address", "jurisdiction_id", "version"), allow=READ_PERSONS)


@dataclass(frozen=True, slots=True)
class HouseholdRegistration:
    """A household that was just registered."""

    household: Household = field(metadata={"doc": "The household."})
    members: list[Person] = field(metadata={"doc": "Its members, in the order of the draft."})


@plugin.connection(Household, allow=LIST_PERSONS, where=("id", "code"), order=("id", "code"))
def households(work: Work) -> Select[tuple[Household]]:  # noqa: ARG001 - every connection receives it
    """Households registered in the reader's places."""
    return select(Household)


@plugin.mutation(allow=REGISTER_PERSONS)
def register_household(work: Work, input: HouseholdDraft) -> HouseholdRegistration:  # noqa: A002 - as callers see it
    """Register a household with all its members, or nothing of it."""
    made = registering.register_household(work, input)
    return HouseholdRegistration(made.household, list(made.members))


@plugin.mutation(allow=EDIT_PERSONS)
def found_household(work: Work, head_id: UUID, jurisdiction_id: UUID, address: str = "") -> Household:
    """Make a household around a registered person, who heads it."""
    return changing.found_by_hand(work, head_id, jurisdiction_id, address=address)


@plugin.mutation(allow=EDIT_PERSONS)
def join_household(work: Work, household_id: UUID, members: list[NewMember]) -> Household:
    """Put registered persons into a household."""
    return changing.join_by_hand(work, household_id, members)


@plugin.mutation(allow=EDIT_PERSONS)
def leave_household(work: Work, person_ids: list[UUID]) -> bool:
    """Take persons out of their households; a head leaves last."""
    changing.leave_by_hand(work, person_ids)
    return True


@plugin.mutation(allow=EDIT_PERSONS)
def change_household_head(
    work: Work,
    household_id: UUID,
    person_id: UUID,
    former_role: HouseholdRole,
    expected_version: int | None = None,
) -> Household:
    """Make another member the head of a household."""
    return changing.head_by_hand(
        work, household_id, person_id, former_role=former_role, expected_version=expected_version
    )


@plugin.mutation(allow=EDIT_PERSONS)
def update_household(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    address: str,
    expected_version: int | None = None,
) -> Household:
    """Correct where a household lives, in words."""
    return changing.correct_address(work, id, address, expected_version=expected_version)


@plugin.extend(Household, allow=LIST_PERSONS)
def members(parents: Sequence[Household], work: Work) -> dict[UUID, list[Person]]:
    """The members of the household."""
    return records.members_of(work, parents)
