"""Registers whole households, and finds their members."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from msingi.clean_text import clean_text
from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.work import Work
from msingi_registry.errors import MotherComesLater, RepeatedInBatch, UnknownMother
from msingi_registry.events import HouseholdRegistered, PersonsRegistered
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.person import Person, Sex
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.households import Membership as Period
from msingi_registry.rules.households import head_of
from msingi_registry.rules.identifiers import CodeScheme, make_code
from msingi_registry.services.drafts import HouseholdDraft, MemberDraft
from msingi_registry.services.duplicates import judge_drafts
from msingi_registry.services.enquiry import enquire
from msingi_registry.services.intake import Membership, NewPerson, read_person
from msingi_registry.services.registration import (
    check_findings,
    check_mother,
    check_relations,
    count_shown,
    find_repetitions,
    keep_decisions,
    known_relations,
    write_persons,
)

HOUSEHOLD_CODE: Final = CodeScheme(name="household", prefix="H", digits=10)
"""Codes of households, such as H1234567890 and two check digits."""


@dataclass(frozen=True, slots=True)
class RegisteredHousehold:
    """A new household with its members in the order of the draft."""

    household: Household
    members: tuple[Person, ...]


def register_household(work: Work, draft: HouseholdDraft) -> RegisteredHousehold:
    """Register a household and all its members, or nothing; a constant number of statements whatever its size.

    Raises:
        NotFound: the place is out of scope; nobody is searched then.
        DomainError: a member is refused; the parameter ``member`` is its position from 0. A household without
            a head, or with two, is refused as a whole.

    """
    work.check_places({draft.jurisdiction_id})
    household = Household(
        id=new_id(),
        jurisdiction_id=draft.jurisdiction_id,
        code=make_code(HOUSEHOLD_CODE),
        address=clean_text(draft.address),
    )
    members = _read_members(work, draft, household.id)
    _refuse_repetitions(work, members)
    with rules_said():
        head_of(_periods(work, members), str(household.id), work.today())
    with work.everywhere():
        asked = enquire(work, members)
    findings = judge_drafts(work, members, asked)
    for position, (member, found) in enumerate(zip(members, findings, strict=True)):
        try:
            check_findings(member, found)
        except DomainError as refusal:
            count_shown(work, refusal)
            raise _of_member(refusal, position) from refusal
    persons = write_persons(work, members, asked, household=household)
    for member, found in zip(members, findings, strict=True):
        keep_decisions(work, member, found)
    _tell(work, household, persons)
    return RegisteredHousehold(household, tuple(persons))


def _read_members(work: Work, draft: HouseholdDraft, household_id: UUID) -> list[NewPerson]:
    members: list[NewPerson] = []
    known = known_relations(work, draft.members)
    for position, member in enumerate(draft.members):
        try:
            check_relations(member, known)
            members.append(_read_member(work, draft, member, household_id, members))
            if member.mother_id:
                check_mother(members[-1].birth, known.mothers[member.mother_id])
        except DomainError as refusal:
            raise _of_member(refusal, position) from refusal
    return members


def _read_member(
    work: Work, draft: HouseholdDraft, member: MemberDraft, household_id: UUID, earlier: Sequence[NewPerson]
) -> NewPerson:
    if member.mother_member is not None and member.mother_member >= len(earlier):
        raise MotherComesLater
    mother = None if member.mother_member is None else earlier[member.mother_member]
    if mother is not None and mother.sex is Sex.MALE:
        raise UnknownMother
    membership = Membership(
        household_id=household_id, role=member.role, mother_id=mother.id if mother else None
    )
    person = read_person(work, member, jurisdiction_id=draft.jurisdiction_id, membership=membership)
    check_mother(person.birth, mother.birth if mother else None)
    return person


def _refuse_repetitions(work: Work, members: Sequence[NewPerson]) -> None:
    for position, other in find_repetitions(work, dict(enumerate(members))).items():
        raise _of_member(RepeatedInBatch(other), position)


def _periods(work: Work, members: Sequence[NewPerson]) -> list[Period]:
    return [
        Period(
            household=str(member.household_id),
            person=str(member.id),
            start=work.today(),
            head=member.role is HouseholdRole.HEAD,
        )
        for member in members
    ]


def _of_member(refusal: DomainError, position: int) -> DomainError:
    refusal.params["member"] = position
    return refusal


def _tell(work: Work, household: Household, members: Sequence[Person]) -> None:
    ids = tuple(member.id for member in members)
    place = household.jurisdiction_id
    work.emit(PersonsRegistered(person_ids=ids, jurisdiction_id=place))
    head = next(member.id for member in members if member.is_head)
    work.emit(
        HouseholdRegistered(household_id=household.id, head_id=head, member_ids=ids, jurisdiction_id=place)
    )
