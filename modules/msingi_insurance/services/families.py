"""Families: enrolled with their head, joined, left, headed anew, and ended; a household stands behind each (INS-1, INS-5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from msingi.ids import new_id
from msingi.new_records import write_records
from msingi.work import Work
from msingi_insurance.errors import FamilyHasPolicies, HeadStays, NotAMember
from msingi_insurance.events import FamilyEnrolled, InsureesAdded, InsureesEnded, InsureesLeft
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import Policy
from msingi_insurance.rules.family import check_listed, check_status, closed_from
from msingi_insurance.rules.life import TRANSITIONS, PolicyStep
from msingi_insurance.rules.states import InsureeStatus, Relationship
from msingi_insurance.services.covers import (
    CoverWarning,
    cover_members,
    end_cover,
    end_cover_in_family,
    locked_family,
    open_family,
)
from msingi_insurance.services.families_drafts import (
    FamilyChanges,
    FamilyDraft,
    InsureeDraft,
    StatusChange,
)
from msingi_insurance.services.families_persons import check_named_once, house_family, house_members, role_of
from msingi_insurance.services.insurees import insure_persons, prepare_insurees
from msingi_insurance.services.insurees_places import check_village
from msingi_insurance.services.officers import officer_at_desk
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person, change_head, join_household, leave_household


@dataclass(frozen=True, slots=True)
class EnrolledFamily:
    """A new family with its insurees, the head first."""

    family: Family
    insurees: tuple[Insuree, ...]


@dataclass(frozen=True, slots=True)
class AddedMember:
    """A new member, and what the clerk should know about the cover."""

    insuree: Insuree
    warnings: tuple[CoverWarning, ...]


def enrol_family(work: Work, draft: FamilyDraft) -> EnrolledFamily:
    """Enrol a family with its head and members: household, persons, family, insurees and numbers, or nothing.

    Raises:
        NotFound, FamilyPlaceInvalid: the village is not visible, or no village (INS-1).
        OfficerNotThere: the caller is an officer who does not work there (TZA-14).
        DomainError: a person is refused by the registry or the scheme; ``member`` is the position, the head first.

    """
    drafts = [draft.head, *draft.members]
    check_listed(dict(draft), work.settings(InsuranceSettings).payments.reference_lists)
    check_village(work, draft.jurisdiction_id)
    check_named_once(drafts)
    intake = prepare_insurees(work, drafts)
    if intake.by_officer:
        officer_at_desk(work, draft.jurisdiction_id, work.today())
    housed = house_family(work, draft)
    family = Family(
        id=new_id(),
        jurisdiction_id=draft.jurisdiction_id,
        household_id=housed.household.id,
        valid_from=work.today(),
        **draft.model_dump(
            include={"family_type", "poverty", "confirmation_type", "confirmation_number", "ethnicity"}
        ),
    )
    write_records(work, [family])
    insurees = insure_persons(work, family, housed.persons, drafts, intake, head=True)
    ids = tuple(insuree.id for insuree in insurees)
    work.emit(
        FamilyEnrolled(
            family_id=family.id, head_id=ids[0], insuree_ids=ids, jurisdiction_id=family.jurisdiction_id
        )
    )
    return EnrolledFamily(family, tuple(insurees))


def add_member(work: Work, family_id: UUID, draft: InsureeDraft) -> AddedMember:
    """Add a person to a family; its unexpired policies cover the member from today on, where they have room (INS-1).

    Raises:
        NotFound: the family is not visible.
        OfficerNotThere: the caller is an officer who does not work there (TZA-14).
        DomainError: the person is refused by the registry or the scheme.

    """
    intake = prepare_insurees(work, [draft])
    target = open_family(work, family_id, on=work.today())
    family = target.family
    if intake.by_officer:
        officer_at_desk(work, family.jurisdiction_id, work.today())
    (person,) = house_members(work, family.household_id, family.jurisdiction_id, [draft])
    (insuree,) = insure_persons(work, family, [person], [draft], intake, head=False)
    joined = cover_members(work, target, [insuree], on=work.today())
    work.emit(
        InsureesAdded(family_id=family.id, insuree_ids=(insuree.id,), jurisdiction_id=family.jurisdiction_id)
    )
    return AddedMember(insuree, joined.warnings)


def insured_in_families(work: Work, person_ids: Collection[UUID]) -> set[UUID]:
    """Those of the persons who are insured in a family, wherever it lives."""
    with work.everywhere():
        statement = select(Insuree.person_id).where(
            Insuree.person_id.in_(list(person_ids)), Insuree.family_id.is_not(None)
        )
        return set(work.session.scalars(statement))


def correct_family(work: Work, family_id: UUID, changes: FamilyChanges, *, expected_version: int) -> Family:
    """Correct a family; cover and policies stay.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        NotInTheList: a code does not stand in the country's list.

    """
    family = work.get(Family, family_id, expected_version=expected_version)
    check_listed(dict(changes), work.settings(InsuranceSettings).payments.reference_lists)
    for name in changes.model_fields_set:
        value = getattr(changes, name)
        setattr(family, name, (False if name == "poverty" else "") if value is None else value)
    work.session.flush()
    return family


def head_family(
    work: Work,
    family_id: UUID,
    insuree_id: UUID,
    *,
    former_relationship: Relationship | None,
    expected_version: int,
) -> Family:
    """Make another member the head; relationships of the others stay as they are (INS-1).

    Raises:
        NotFound, StaleVersion: the family is not visible, or was changed meanwhile.
        NotAMember: the insuree is not of this family.

    """
    family = work.get(Family, family_id, expected_version=expected_version)
    members = {insuree.id: insuree for insuree in members_of(work, family.id)}
    if insuree_id not in members:
        raise NotAMember
    for insuree in members.values():
        if insuree.is_head and insuree.id != insuree_id:
            insuree.is_head, insuree.relationship_to_head = False, former_relationship
    new = members[insuree_id]
    new.is_head, new.relationship_to_head = True, None
    with work.everywhere():  # persons are registered where they came from
        change_head(work, family.household_id, new.person_id, former_role=role_of(former_relationship))
    return family


def move_insuree(
    work: Work, insuree_id: UUID, family_id: UUID, *, relationship: Relationship | None, expected_version: int
) -> AddedMember:
    """Move an insuree to another family: the old cover ends yesterday, the new family's policies cover from today (INS-1).

    Raises:
        NotFound, StaleVersion: the insuree or the family is not visible, or was changed meanwhile.
        HeadStays: the insuree heads a family that has other members.

    """
    insuree = work.get(Insuree, insuree_id, expected_version=expected_version)
    for either in sorted({insuree.family_id or family_id, family_id}):
        locked_family(work, either)
    target = open_family(work, family_id, on=work.today())
    family = target.family
    _leave(work, insuree, close_cover=True)
    insuree.family_id, insuree.jurisdiction_id = family.id, family.jurisdiction_id
    insuree.is_head, insuree.relationship_to_head = False, relationship
    with work.everywhere():
        person = work.get(Person, insuree.person_id)
        if person.household_id != family.household_id:
            leave_household(work, [person.id])
            join_household(work, family.household_id, {person.id: role_of(relationship)})
    joined = cover_members(work, target, [insuree], on=work.today())
    work.emit(
        InsureesAdded(family_id=family.id, insuree_ids=(insuree.id,), jurisdiction_id=family.jurisdiction_id)
    )
    return AddedMember(insuree, joined.warnings)


def remove_insuree(work: Work, insuree_id: UUID, *, close_cover: bool, expected_version: int) -> Insuree:
    """Take an insuree out of the family; cover ends if asked, the insuree and the history stay (INS-5).

    Raises:
        NotFound, StaleVersion: the insuree is not visible, or was changed meanwhile.
        NotAMember: the insuree has no family.
        HeadStays: the insuree heads a family that has other members.

    """
    insuree = work.get(Insuree, insuree_id, expected_version=expected_version)
    if insuree.family_id is None:
        raise NotAMember
    locked_family(work, insuree.family_id)
    _leave(work, insuree, close_cover=close_cover)
    with work.everywhere():
        leave_household(work, [insuree.person_id])
    insuree.family_id, insuree.is_head, insuree.relationship_to_head = None, False, None
    work.session.flush()
    return insuree


def delete_family(work: Work, family_id: UUID, *, with_members: bool, expected_version: int) -> Family:
    """End a family; its members end with it, or stay insurees without a family (INS-5). Nothing is erased.

    Raises:
        NotFound, StaleVersion: the family is not visible, or was changed meanwhile.
        FamilyHasPolicies: policies have not ended yet.

    """
    locked_family(work, family_id)
    family = work.get(Family, family_id, expected_version=expected_version)
    _refuse_open_policies(work, family)
    members = members_of(work, family.id)
    for insuree in members:
        insuree.is_head = False
        if with_members:
            insuree.valid_to = work.today()
        else:
            insuree.family_id, insuree.relationship_to_head = None, None
    family.valid_to = work.today()
    work.session.flush()
    ids = tuple(insuree.id for insuree in members)
    work.emit(InsureesLeft(family_id=family.id, insuree_ids=ids))
    return family


def change_status(work: Work, insuree_id: UUID, change: StatusChange, *, expected_version: int) -> Insuree:
    """Change whether an insuree takes part; inactive and dead end the cover after their day (INS-3).

    Raises:
        NotFound, StaleVersion: the insuree is not visible, or was changed meanwhile.
        StatusReasonInvalid, StatusDateInvalid: reason and day do not belong to the status.

    """
    insuree = work.get(Insuree, insuree_id, expected_version=expected_version)
    with work.everywhere():
        person = work.get(Person, insuree.person_id)
    check_status(
        change.status,
        reason_status=work.settings(InsuranceSettings).status_reasons.get(change.reason),
        status_date=change.on,
        born=person.birth_date or date.min,
        today=work.today(),
    )
    _set_status(work, [insuree], change.status, on=change.on or work.today(), reason=change.reason)
    return insuree


def end_dead(work: Work, person_id: UUID, death_date: date) -> None:
    """What the death of a person means here: the insuree is dead, cover ended on that day (INS-3)."""
    statement = select(Insuree).where(Insuree.person_id == person_id, Insuree.status != InsureeStatus.DEAD)
    with work.everywhere():
        insurees = list(work.session.scalars(statement))
        reasons = work.settings(InsuranceSettings).status_reasons
        reason = next((code for code, status in reasons.items() if status is InsureeStatus.DEAD), "")
        if insurees:
            _set_status(work, insurees, InsureeStatus.DEAD, on=death_date, reason=reason)


def members_of(work: Work, family_id: UUID) -> Sequence[Insuree]:
    """The insurees of a family, the head first, the others as they joined."""
    statement = select(Insuree).where(Insuree.family_id == family_id, Insuree.valid_to.is_(None))
    return work.session.scalars(statement.order_by(Insuree.is_head.desc(), Insuree.id)).all()


def _leave(work: Work, insuree: Insuree, *, close_cover: bool) -> None:
    family_id = insuree.family_id
    if family_id is None:
        return
    if insuree.is_head and len(members_of(work, family_id)) > 1:
        raise HeadStays
    if close_cover:
        end_cover_in_family(work, [insuree.id], family_id, day=work.today())
    work.emit(InsureesLeft(family_id=family_id, insuree_ids=(insuree.id,)))


def _set_status(
    work: Work, insurees: Sequence[Insuree], status: InsureeStatus, *, on: date, reason: str
) -> None:
    for insuree in insurees:
        insuree.status, insuree.status_on, insuree.status_reason = status, on, reason
    work.session.flush()
    ends = closed_from(status, on)
    if ends is None:
        return
    ids = tuple(insuree.id for insuree in insurees)
    end_cover(work, ids, day=ends)
    work.emit(InsureesEnded(insuree_ids=ids, last_day=on))


def _refuse_open_policies(work: Work, family: Family) -> None:
    statement = select(func.count()).where(
        Policy.family_id == family.id,
        Policy.expiry_date >= work.today(),
        Policy.status.in_(TRANSITIONS[PolicyStep.EXPIRE].sources),
    )
    policies = int(work.session.scalar(statement) or 0)
    if policies:
        raise FamilyHasPolicies(policies=policies)
