"""Makes persons insured persons, and corrects what insurance knows of them; cover is never touched here (POL-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.new_records import write_records
from msingi.work import Work
from msingi_insurance.errors import AlreadyInsured
from msingi_insurance.models.family import Family, FormerNumber, Insuree
from msingi_insurance.rules.family import check_fields, check_listed
from msingi_insurance.services.families_drafts import InsureeChanges, InsureeDraft
from msingi_insurance.services.insurees_numbers import settle_numbers
from msingi_insurance.services.insurees_places import check_facilities
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person, PersonQuery, search_persons

_LISTED = ("marital_status", "profession", "education")


def check_drafts(work: Work, drafts: Sequence[InsureeDraft]) -> None:
    """Refuse drafts that break the scheme's field controls or name an unknown facility (INS-3, INS-6).

    Raises:
        FieldRequired, FieldHidden: a field is missing or not collected.
        NotInTheList: a code does not stand in the country's list.
        NotFound: a facility of choice does not exist.

    """
    settings = work.settings(InsuranceSettings)
    for draft in drafts:
        check_controls(work, draft)
        check_listed(dict(draft), settings.payments.reference_lists)
    check_facilities(work, {d.first_service_point_id for d in drafts if d.first_service_point_id})


def check_controls(work: Work, draft: InsureeDraft) -> None:
    """Refuse a draft that leaves a mandatory field empty or fills a hidden one (INS-3, INS-6)."""
    controls = work.settings(InsuranceSettings).insuree_fields
    if controls:
        check_fields(_filled(draft), controls)


@dataclass(frozen=True, slots=True)
class Intake:
    """What was settled before persons are written: who is an insuree already, and the numbers of the others by position."""

    known: Mapping[UUID, Insuree]
    numbers: Mapping[int, str]
    by_officer: bool
    """Whether the caller is, or may be, an enrolment officer, whose post is still to be checked (TZA-14)."""


def prepare_insurees(work: Work, drafts: Sequence[InsureeDraft]) -> Intake:
    """Check the drafts and settle their numbers, before anything is written.

    Raises:
        FieldRequired, FieldHidden: a draft breaks the scheme's controls.
        NotFound: a facility does not exist, or a person is not visible.
        AlreadyInsured: a person belongs to a family.
        InsuranceNumberRefused: a number breaks its rule or is taken.

    """
    check_drafts(work, drafts)
    known = _known_insurees(work, [draft.person_id for draft in drafts if draft.person_id])
    new = [place for place, draft in enumerate(drafts) if draft.person_id not in known]
    if not new:
        return Intake(known, {}, by_officer=True)
    numbers, by_officer = settle_numbers(work, [drafts[place].number for place in new])
    return Intake(known, dict(zip(new, numbers, strict=True)), by_officer)


def insure_persons(
    work: Work,
    family: Family,
    persons: Sequence[Person],
    drafts: Sequence[InsureeDraft],
    intake: Intake,
    *,
    head: bool,
) -> list[Insuree]:
    """Make persons insurees of a family, in their order; with ``head`` the first one heads it.

    Somebody who was an insuree without a family joins with the number and the history of before.
    """
    insurees: list[Insuree] = []
    new: list[Insuree] = []
    for place, (person, draft) in enumerate(zip(persons, drafts, strict=True)):
        is_head = head and place == 0
        known = intake.known.get(person.id)
        if known is None:
            number = intake.numbers[place]
            insurees.append(_insuree(work, family, person, draft, number, is_head=is_head))
            new.append(insurees[-1])
        else:
            insurees.append(_rejoin(known, family, draft, is_head=is_head))
    write_records(work, new)
    return insurees


def correct_insuree(
    work: Work, insuree_id: UUID, changes: InsureeChanges, *, expected_version: int
) -> Insuree:
    """Correct what insurance knows of a person; cover, effective dates and waiting periods stay (POL-12, D-17).

    Raises:
        NotFound, StaleVersion: the insuree is not visible, or was changed meanwhile; or the facility is unknown.
        NotInTheList: a code does not stand in the country's list.

    """
    insuree = work.get(Insuree, insuree_id, expected_version=expected_version)
    values = {name: getattr(changes, name) for name in changes.model_fields_set}
    check_listed(values, work.settings(InsuranceSettings).payments.reference_lists)
    if values.get("first_service_point_id"):
        check_facilities(work, {values["first_service_point_id"]})
    if "relationship" in values:
        values["relationship_to_head"] = values.pop("relationship")
    for name in (*_LISTED, "card_issued"):
        if name in values:
            values[name] = values[name] or (False if name == "card_issued" else "")
    for name, value in values.items():
        setattr(insuree, name, value)
    work.session.flush()
    return insuree


def replace_number(
    work: Work, insuree_id: UUID, number: str, *, reason: str, expected_version: int
) -> Insuree:
    """Give an insuree another number; the one before resolves for ever (INS-7).

    Raises:
        NotFound, StaleVersion: the insuree is not visible, or was changed meanwhile.
        InsuranceNumberRefused: the number breaks its rule or is taken.

    """
    insuree = work.get(Insuree, insuree_id, expected_version=expected_version)
    ((settled,), _) = settle_numbers(work, [number])
    work.add(
        FormerNumber(
            jurisdiction_id=insuree.jurisdiction_id,
            number=insuree.number,
            insuree_id=insuree.id,
            replaced_on=work.today(),
            reason=clean_text(reason),
        )
    )
    insuree.number = settled
    work.session.flush()
    return insuree


def found_insurees(work: Work, *, name: str, phone: str | None) -> list[UUID]:
    """The persons whom the registry's search finds by name or phone, at most 20 (TZA-03).

    Raises:
        SearchTooBroad, SearchTooOften: as for every search of persons (ID-23).

    """
    return [row.person_id for row in search_persons(work, PersonQuery(name=name, phone=phone))]


def _known_insurees(work: Work, person_ids: Sequence[UUID]) -> Mapping[UUID, Insuree]:
    if not person_ids:
        return {}
    _check_visible(work, person_ids)
    statement = select(Insuree).where(Insuree.person_id.in_(person_ids), Insuree.valid_to.is_(None))
    with work.everywhere():
        found = {insuree.person_id: insuree for insuree in work.session.scalars(statement)}
    for insuree in found.values():
        if insuree.family_id is not None:
            raise AlreadyInsured(number=insuree.number)
    return found


def _check_visible(work: Work, person_ids: Sequence[UUID]) -> None:
    """Persons of other places do not exist: whether they are insured, and by which number, is not told (attack 15)."""
    visible = set(work.session.scalars(select(Person.id).where(Person.id.in_(person_ids))))
    if visible != set(person_ids):
        raise NotFound(type="Person")


def _rejoin(insuree: Insuree, family: Family, draft: InsureeDraft, *, is_head: bool) -> Insuree:
    insuree.family_id, insuree.jurisdiction_id = family.id, family.jurisdiction_id
    insuree.is_head, insuree.relationship_to_head = is_head, None if is_head else draft.relationship
    return insuree


def _insuree(
    work: Work, family: Family, person: Person, draft: InsureeDraft, number: str, *, is_head: bool
) -> Insuree:
    today: date = work.today()
    return Insuree(
        id=new_id(),
        jurisdiction_id=family.jurisdiction_id,
        person_id=person.id,
        number=number,
        is_pseudonymous=not (person.given_name or person.family_name or person.other_names),
        family_id=family.id,
        is_head=is_head,
        relationship_to_head=None if is_head else draft.relationship,
        first_service_point_id=draft.first_service_point_id,
        status_on=today,
        valid_from=today,
        **{name: getattr(draft, name) for name in _LISTED},
    )


def _filled(draft: InsureeDraft) -> list[str]:
    """Names of the fields that hold something, as callers write them."""
    values: dict[str, Any] = draft.model_dump(by_alias=False)
    return [_camel(name) for name, value in values.items() if value not in (None, "", [], False)]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
