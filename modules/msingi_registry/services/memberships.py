"""Changes who lives in which household, and who heads it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.work import Work
from msingi_registry.errors import PersonMerged
from msingi_registry.events import PersonUpdated
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.person import Person, PersonStatus
from msingi_registry.refusal_texts import SAID
from msingi_registry.rules.identifiers import make_code
from msingi_registry.services.households import HOUSEHOLD_CODE

_FIELDS = ("household_id", "household_role", "is_head")


def found_household(work: Work, jurisdiction_id: UUID, *, address: str, head_id: UUID) -> Household:
    """Make a household around a registered person, who heads it and leaves any other one.

    Raises:
        NotFound: the person is not visible.
        PersonMerged: another record carries on.

    """
    head = _living_record(work.get(Person, head_id))
    household = work.add(
        Household(
            id=new_id(),
            jurisdiction_id=jurisdiction_id,
            code=make_code(HOUSEHOLD_CODE),
            address=clean_text(address),
        )
    )
    work.session.flush()
    _place(head, household.id, HouseholdRole.HEAD)
    _tell(work, [head])
    return household


def join_household(work: Work, household_id: UUID, roles: Mapping[UUID, HouseholdRole]) -> dict[UUID, Person]:
    """Put registered persons into a household; its head stays.

    Raises:
        NotFound: a person or the household is not visible.
        PersonMerged: another record carries on.
        DomainError: a role is that of the head, or a person heads another household.

    """
    if HouseholdRole.HEAD in roles.values():
        raise SAID["registry.household_with_two_heads"]
    work.get(Household, household_id)
    persons = {person.id: person for person in _persons(work, roles)}
    for person in persons.values():
        check_joining(person, as_head=False)
    for person_id, role in roles.items():
        _place(persons[person_id], household_id, role)
    _tell(work, list(persons.values()))
    return persons


def check_joining(person: Person, *, as_head: bool) -> None:
    """Refuse a person who cannot join a household, or found one as its head.

    Raises:
        PersonMerged: another record carries on.
        DomainError: the person heads another household.

    """
    _living_record(person)
    if person.is_head and not as_head:
        raise SAID["registry.household_without_head"]


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
