"""From drafts of insurees to persons of one household: new ones are registered, registered ones join."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from msingi.errors import DomainError
from msingi.work import Work
from msingi_insurance.errors import InsureeIncomplete, NamedTwice, NameRequired
from msingi_insurance.rules.states import Relationship
from msingi_insurance.services.families_drafts import FamilyDraft, InsureeDraft
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import (
    Household,
    HouseholdDraft,
    HouseholdRole,
    MemberDraft,
    Person,
    PersonDraft,
    PersonFields,
    found_household,
    join_household,
    register_household,
    register_persons,
)

ROLES: Final = {
    Relationship.SPOUSE: HouseholdRole.SPOUSE,
    Relationship.CHILD: HouseholdRole.CHILD,
    Relationship.PARENT: HouseholdRole.RELATIVE,
    Relationship.SIBLING: HouseholdRole.RELATIVE,
    Relationship.UNCLE_OR_AUNT: HouseholdRole.RELATIVE,
    Relationship.GRANDPARENT: HouseholdRole.RELATIVE,
    Relationship.OTHER_RELATIVE: HouseholdRole.RELATIVE,
    Relationship.EMPLOYEE: HouseholdRole.OTHER,
}
_PERSON_FIELDS: Final = tuple(PersonFields.model_fields)


@dataclass(frozen=True, slots=True)
class Housed:
    """A household and the persons of the drafts, in their order, the head first."""

    household: Household
    persons: tuple[Person, ...]


def check_named_once(drafts: Sequence[InsureeDraft]) -> None:
    """Refuse a registered person who is named twice.

    Raises:
        NamedTwice: with the position of the second time as ``member``.

    """
    for position in named_again(drafts):
        raise _of_member(NamedTwice(), position)


def named_again(drafts: Sequence[InsureeDraft]) -> list[int]:
    """The positions of drafts that name a registered person whom an earlier one names."""
    first = {draft.person_id: place for place, draft in reversed(list(enumerate(drafts)))}
    return [
        place for place, draft in enumerate(drafts) if draft.person_id and first[draft.person_id] != place
    ]


def house_family(work: Work, draft: FamilyDraft) -> Housed:
    """The household of a new family, with every person of the draft in it, or nothing.

    Raises:
        DomainError: a person is refused; the parameter ``member`` is the position from 0, the head first.

    """
    drafts = [draft.head, *draft.members]
    for position, person in enumerate(drafts):
        _check(work, person, position)
    if draft.head.person_id is None:
        return _new_household(work, draft)
    household = found_household(
        work, draft.jurisdiction_id, address=draft.address, head_id=draft.head.person_id
    )
    head = work.get(Person, draft.head.person_id)
    return Housed(
        household, (head, *house_members(work, household.id, household.jurisdiction_id, draft.members))
    )


def house_members(
    work: Work, household_id: UUID, place_id: UUID, drafts: Sequence[InsureeDraft]
) -> tuple[Person, ...]:
    """The persons of these drafts as members of a household that is visible, in their order.

    Raises:
        DomainError: a person is refused; the parameter ``member`` is the position from 0.

    """
    for position, draft in enumerate(drafts):
        _check(work, draft, position)
    found: dict[int, Person] = _join(work, household_id, drafts)
    new = {position: draft for position, draft in enumerate(drafts) if draft.person_id is None}
    if new:
        persons = [_person_draft(draft, household_id, place_id) for draft in new.values()]
        made = register_persons(work, persons, household_id=household_id)
        for index, refusal in made.refused.items():
            raise _of_member(refusal, list(new)[index])
        found |= {position: made.registered[index] for index, position in enumerate(new)}
    return tuple(found[position] for position in range(len(drafts)))


def role_of(relationship: Relationship | None) -> HouseholdRole:
    """What a member with this relationship is in the household."""
    return HouseholdRole.OTHER if relationship is None else ROLES[relationship]


def check_insurable(person: Person) -> None:
    """Refuse a registered person without sex or date of birth (INS-3)."""
    _require({"sex": person.sex, "birthDate": person.birth_date})


def _new_household(work: Work, draft: FamilyDraft) -> Housed:
    """Register head and new members in one go; registered members join afterwards."""
    new = [person for person in draft.members if person.person_id is None]
    members = [
        _member(draft.head, HouseholdRole.HEAD),
        *(_member(one, role_of(one.relationship)) for one in new),
    ]
    made = register_household(
        work,
        HouseholdDraft(jurisdiction_id=draft.jurisdiction_id, address=draft.address, members=members),
    )
    head, *fresh = made.members
    joined = _join(work, made.household.id, draft.members)
    following = iter(fresh)
    rest = [joined[place] if place in joined else next(following) for place in range(len(draft.members))]
    return Housed(made.household, (head, *rest))


def _join(work: Work, household_id: UUID, drafts: Sequence[InsureeDraft]) -> dict[int, Person]:
    roles = {draft.person_id: role_of(draft.relationship) for draft in drafts if draft.person_id}
    if not roles:
        return {}
    persons = join_household(work, household_id, roles)
    for person in persons.values():
        check_insurable(person)
    return {position: persons[draft.person_id] for position, draft in enumerate(drafts) if draft.person_id}


def _check(work: Work, draft: InsureeDraft, position: int) -> None:
    try:
        if draft.person_id is None:
            check_new(work, draft)
    except DomainError as refusal:
        raise _of_member(refusal, position) from refusal


def check_new(work: Work, draft: InsureeDraft) -> None:
    """Refuse a new person without sex, birth or, where the scheme wants names, a name (INS-3, INS-7)."""
    _require({"sex": draft.sex, "birthDate": draft.birth_date or draft.age_years is not None})
    has_name = (draft.given_name + draft.family_name + draft.other_names).strip()
    if not (has_name or draft.mother_id or work.settings(InsuranceSettings).pseudonymous):
        raise NameRequired


def _require(values: dict[str, object]) -> None:
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise InsureeIncomplete(fields=", ".join(missing))


def _member(draft: InsureeDraft, role: HouseholdRole) -> MemberDraft:
    return MemberDraft(**_fields(draft), role=role)


def _person_draft(draft: InsureeDraft, household_id: UUID, place_id: UUID) -> PersonDraft:
    return PersonDraft(
        **_fields(draft),
        jurisdiction_id=place_id,
        household_id=household_id,
        role=role_of(draft.relationship),
    )


def _fields(draft: InsureeDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in _PERSON_FIELDS}


def _of_member(refusal: DomainError, position: int) -> DomainError:
    refusal.params["member"] = position
    return refusal
