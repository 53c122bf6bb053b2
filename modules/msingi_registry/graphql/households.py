"""GraphQL operations on households."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_registry.models.household import Household
from msingi_registry.models.person import Person
from msingi_registry.plugin import LIST_PERSONS, READ_PERSONS, REGISTER_PERSONS, plugin
from msingi_registry.services import households as registering
from msingi_registry.services import persons as records
from msingi_registry.services.drafts import HouseholdDraft

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


@plugin.extend(Household, allow=LIST_PERSONS)
def members(parents: Sequence[Household], work: Work) -> dict[UUID, list[Person]]:
    """The members of the household."""
    return records.members_of(work, parents)
