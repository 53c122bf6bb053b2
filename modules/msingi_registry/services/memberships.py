"""Changes who lives in which household, and who heads it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.work import Work
from msingi_registry.errors import PersonMerged
from msingi_registry.events import PersonUpdated
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.person import Person, PersonStatus
from msingi_registry.refusal_texts import SAID

_FIELDS = ("household_id", "household_role", "is_head")


def join_household(work: Work, person_id: UUID, household_id: UUID, *, role: HouseholdRole) -> Person:
    """Put a registered person into another household; its head stays.

    Raises:
        NotFound: the person or the household is not visible.
        PersonMerged: another record carries on.
        DomainError: the role is that of the head, or the person heads another household.

    """
    if role is HouseholdRole.HEAD:
        raise SAID["registry.household_with_two_heads"]
    work.get(Household, household_id)
    person = _living_record(work.get(Person, person_id))
    if person.is_head and person.household_id != household_id:
        raise SAID["registry.household_without_head"]
    _place(person, household_id, role)
    _tell(work, [person])
    return person


def leave_household(work: Work, person_ids: Collection[UUID]) -> None:
    """Take persons out of their households; a household may stay empty.

    Raises:
        NotFound: one of them is not visible.

    """
    persons = _persons(work, person_ids)
    for person in persons:
        _place(person, None, None)
    _tell(work, persons)


def change_head(work: Work, household_id: UUID, person_id: UUID, *, former_role: HouseholdRole) -> None:
    """Make another member the head; the former head takes ``former_role``, all others keep theirs.

    Raises:
        NotFound: the person is no member, or not visible.

    """
    members = work.session.scalars(
        select(Person).where(
            Person.household_id == household_id, (Person.id == person_id) | Person.is_head.is_(True)
        )
    ).all()
    if person_id not in {member.id for member in members}:
        raise NotFound(type="Person")
    for member in members:
        is_new = member.id == person_id
        _place(member, household_id, HouseholdRole.HEAD if is_new else former_role)
    _tell(work, members)


def _persons(work: Work, person_ids: Collection[UUID]) -> Sequence[Person]:
    found = work.session.scalars(select(Person).where(Person.id.in_(list(person_ids)))).all()
    if len(found) != len(set(person_ids)):
        raise NotFound(type="Person")
    return found


def _living_record(person: Person) -> Person:
    if person.status is PersonStatus.MERGED:
        raise PersonMerged(person_id=person.replaced_by_id)
    return person


def _place(person: Person, household_id: UUID | None, role: HouseholdRole | None) -> None:
    person.household_id, person.household_role = household_id, role
    person.is_head = role is HouseholdRole.HEAD


def _tell(work: Work, persons: Sequence[Person]) -> None:
    work.session.flush()
    for person in persons:
        work.emit(PersonUpdated(person_id=person.id, fields=_FIELDS))
