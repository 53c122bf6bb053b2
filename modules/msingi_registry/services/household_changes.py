"""Corrects households by hand: who founds one, joins, leaves or heads it, unless another module keeps it (INS-1)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.work import Work
from msingi_registry.errors import HouseholdKeptElsewhere
from msingi_registry.hooks import RegistryHooks
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.person import Person
from msingi_registry.refusal_texts import SAID
from msingi_registry.services.memberships import (
    change_head,
    found_household,
    join_household,
    leave_household,
)


class NewMember(BaseModel):
    """A registered person who comes to live in a household."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: UUID = Field(description="The person.")
    role: HouseholdRole = Field(description="What the person is there; not the head.")


def found_by_hand(work: Work, head_id: UUID, jurisdiction_id: UUID, *, address: str) -> Household:
    """Make a household around a registered person, who heads it and leaves any other one.

    Raises:
        NotFound: the person or the place is not visible.
        HouseholdKeptElsewhere, PersonMerged, DomainError: the person cannot leave the household of now.

    """
    work.check_places({jurisdiction_id})
    leave_by_hand(work, [head_id])
    return found_household(work, jurisdiction_id, address=address, head_id=head_id)


def join_by_hand(work: Work, household_id: UUID, members: Sequence[NewMember]) -> Household:
    """Put registered persons into a household, and so out of the one in which they lived.

    Raises:
        NotFound: a person or the household is not visible.
        HouseholdKeptElsewhere: another module keeps one of the two households.
        PersonMerged, DomainError: a role is that of the head, nobody heads it, or somebody heads another household.

    """
    household = work.get(Household, household_id)
    roles = {member.person_id: member.role for member in members}
    _refuse_unseen(work, roles)
    _one_at_a_time(work, [household_id])
    _refuse_kept(work, {*roles, *_members(work, [household_id])})
    if not _members(work, [household_id], heads_only=True):
        raise SAID["registry.household_without_head"]
    join_household(work, household_id, roles)
    return household


def leave_by_hand(work: Work, person_ids: Collection[UUID]) -> None:
    """Take persons out of their households; a head leaves with all others, or alone where nobody else lives.

    Raises:
        NotFound: one of them is not visible.
        HouseholdKeptElsewhere: another module keeps the household.
        DomainError: a household would be left without its head.

    """
    _refuse_unseen(work, person_ids)
    _refuse_kept(work, person_ids)
    lived_in = select(Person.household_id).where(Person.id.in_(list(person_ids)))
    _one_at_a_time(work, [home for home in work.session.scalars(lived_in) if home is not None])
    headed = select(Person.household_id).where(
        Person.id.in_(list(person_ids)), Person.is_head.is_(True), Person.household_id.is_not(None)
    )
    households = [household for household in work.session.scalars(headed) if household is not None]
    if _members(work, households) - set(person_ids):
        raise SAID["registry.household_without_head"]
    leave_household(work, person_ids)


def head_by_hand(
    work: Work,
    household_id: UUID,
    person_id: UUID,
    *,
    former_role: HouseholdRole,
    expected_version: int | None,
) -> Household:
    """Make another member the head; the former one takes ``former_role``.

    Raises:
        NotFound, StaleVersion: the household or the person in it is not visible, or it was changed meanwhile.
        HouseholdKeptElsewhere: another module keeps the household.
        DomainError: the former head would be head again.

    """
    if former_role is HouseholdRole.HEAD:
        raise SAID["registry.household_with_two_heads"]
    household = work.get(Household, household_id, expected_version=expected_version)
    _one_at_a_time(work, [household_id])
    _refuse_kept(work, _members(work, [household_id]))
    change_head(work, household_id, person_id, former_role=former_role)
    return household


def correct_address(
    work: Work, household_id: UUID, address: str, *, expected_version: int | None
) -> Household:
    """Correct where a household lives, in words.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.

    """
    household = work.get(Household, household_id, expected_version=expected_version)
    household.address = clean_text(address)
    work.session.flush()
    return household


def _members(work: Work, household_ids: Collection[UUID], *, heads_only: bool = False) -> set[UUID]:
    """Everybody who lives there, also those of other places."""
    statement = select(Person.id).where(Person.household_id.in_(list(household_ids)))
    if heads_only:
        statement = statement.where(Person.is_head.is_(True))
    with work.everywhere():
        return set(work.session.scalars(statement))


def _one_at_a_time(work: Work, household_ids: Collection[UUID]) -> None:
    """Nobody joins while the head leaves: who comes second sees what the first one did."""
    with work.everywhere():
        ordered = select(Household.id).where(Household.id.in_(list(household_ids))).order_by(Household.id)
        work.session.execute(ordered.with_for_update())


def _refuse_unseen(work: Work, person_ids: Collection[UUID]) -> None:
    """Nobody learns from another refusal that there is such a person (attack 15)."""
    if work.by_ids(Person, person_ids).keys() != set(person_ids):
        raise NotFound(type="Person")


def _refuse_kept(work: Work, person_ids: Collection[UUID]) -> None:
    answers = work.ask(RegistryHooks.kept_in_household)(work=work, person_ids=tuple(person_ids))
    if any(set(answer) for answer in answers):
        raise HouseholdKeptElsewhere
