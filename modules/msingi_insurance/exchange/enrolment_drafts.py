"""From the records of an enrolment file to the drafts that services take: places, facilities and persons are looked up."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.errors import NotAMember
from msingi_insurance.exchange.enrolment_records import FiledFamily, FiledInsuree
from msingi_insurance.services.families_drafts import FamilyDraft, InsureeDraft
from msingi_registry import Facility, Sex

_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE, "O": Sex.OTHER}


def village_of(work: Work, code: str) -> Jurisdiction:
    """The place of a family.

    Raises:
        NotFound: there is none of this code, or it is out of scope.

    """
    place = work.session.scalar(select(Jurisdiction).where(Jurisdiction.code == code))
    if place is None or not work.covers(work.scope, place.id):
        raise NotFound(type="Jurisdiction")
    return place


def draft_of(work: Work, family: FiledFamily, people: Sequence[FiledInsuree], village: UUID) -> FamilyDraft:
    """The draft of a family whose head comes first.

    Raises:
        NotFound: a facility of choice does not exist.
        ValueError: a value is none that a draft takes.

    """
    facilities = _facilities(work, people)
    head, *members = (_insuree(person, facilities) for person in people)
    return FamilyDraft(
        jurisdiction_id=village,
        address=family.address,
        family_type=family.family_type,
        poverty=family.poverty,
        confirmation_type=family.confirmation_type,
        confirmation_number=family.confirmation_number,
        ethnicity=family.ethnicity,
        head=head,
        members=members,
    )


def attached_to(keys: Sequence[str], people: Sequence[tuple[str, UUID]]) -> list[UUID] | None:
    """The insurees with these keys of the file; None, for the whole family, when nobody is named.

    Raises:
        NotAMember: a key is that of nobody in the family, or of two.

    """
    if not keys:
        return None
    named = [[insuree for key, insuree in people if key == wanted] for wanted in dict.fromkeys(keys)]
    if "" in keys or any(len(found) != 1 for found in named):
        raise NotAMember
    return [insuree for (insuree,) in named]


def _facilities(work: Work, people: Sequence[FiledInsuree]) -> dict[str | UUID, UUID]:
    """The facilities that are named, by code or by id."""
    wanted = {person.facility_code or person.facility_id for person in people} - {"", None}
    if not wanted:
        return {}
    codes = [one for one in wanted if isinstance(one, str)]
    ids = [one for one in wanted if isinstance(one, UUID)]
    named = or_(Facility.code.in_(codes), Facility.id.in_(ids))
    found: dict[str | UUID, UUID] = {}
    with work.everywhere():
        for row in work.session.execute(select(Facility.code, Facility.id).where(named)):
            found |= {row.code: row.id, row.id: row.id}
    if wanted - found.keys():
        raise NotFound(type="Facility")
    return found


def _insuree(insuree: FiledInsuree, facilities: Mapping[str | UUID, UUID]) -> InsureeDraft:
    identifiers = []
    if insuree.identifier and insuree.identifier_type:
        identifiers.append({"type": insuree.identifier_type, "value": insuree.identifier})
    facility = insuree.facility_code or insuree.facility_id
    return InsureeDraft.model_validate(
        {
            "number": insuree.number or None,
            "given_name": insuree.given_name,
            "family_name": insuree.family_name,
            "birth_date": insuree.born.isoformat(),
            "sex": _SEXES.get(insuree.sex),
            "relationship": insuree.relationship,
            "marital_status": insuree.marital_status,
            "profession": insuree.profession,
            "education": insuree.education,
            "phone": insuree.phone or None,
            "residence": insuree.residence,
            "identifiers": identifiers,
            "first_service_point_id": facilities[facility] if facility else None,
        }
    )
