"""GraphQL operations on insurees."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.graphql.families import MemberAdded
from msingi_insurance.models.family import FormerNumber, Insuree
from msingi_insurance.plugin import EDIT_INSUREES, READ_INSUREES, plugin
from msingi_insurance.rules.states import Relationship
from msingi_insurance.services import families as enrolment
from msingi_insurance.services import insurees as records
from msingi_insurance.services.families_drafts import InsureeChanges, StatusChange
from msingi_insurance.services.insurees_identities import InsureeIdentity, identities_of
from msingi_insurance.services.insurees_numbers import insuree_by_number
from msingi_insurance.services.insurees_places import villages_of

plugin.expose(
    Insuree,
    *("id", "person_id", "person", "number", "family_id", "family", "jurisdiction_id", "is_head"),
    *("relationship_to_head", "marital_status", "profession", "education", "first_service_point_id"),
    *("first_service_point", "card_issued", "status", "status_on", "status_reason", "photo_on"),
    *("is_pseudonymous", "valid_from", "valid_to", "version"),
    allow=READ_INSUREES,
)


@plugin.connection(
    Insuree,
    allow=READ_INSUREES,
    where=("id", "number", "family_id", "person_id", "is_head", "status", "first_service_point_id"),
    order=("number", "id"),
)
def insurees(work: Work, name: str = "", phone: str | None = None) -> Select[Insuree]:
    """Insurees in the reader's places; a name or a telephone number is searched as the registry searches persons."""
    found = select(Insuree).where(Insuree.valid_to.is_(None))
    if not name and phone is None:
        return found
    return found.where(Insuree.person_id.in_(records.found_insurees(work, name=name, phone=phone)))


@plugin.query(allow=READ_INSUREES)
def insuree(work: Work, id: UUID | None = None, number: str | None = None) -> Insuree | None:  # noqa: A002
    """One insuree, by id or by a number of now or before: temporary numbers lead here too."""
    insuree_id = insuree_by_number(work, number) if number else id
    return work.find(Insuree, insuree_id) if insuree_id else None


@plugin.mutation(allow=EDIT_INSUREES)
def correct_insuree(
    work: Work,
    id: UUID,  # noqa: A002
    input: InsureeChanges,  # noqa: A002
    expected_version: int,
) -> Insuree:
    """Correct what insurance knows of a person; cover and waiting periods are never touched."""
    return records.correct_insuree(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_INSUREES)
def replace_insurance_number(
    work: Work, insuree_id: UUID, number: str, expected_version: int, reason: str = ""
) -> Insuree:
    """Give an insuree another number; the one before, such as a temporary one, resolves for ever."""
    return records.replace_number(work, insuree_id, number, reason=reason, expected_version=expected_version)


@plugin.mutation(allow=EDIT_INSUREES)
def change_insuree_status(
    work: Work,
    id: UUID,  # noqa: A002
    input: StatusChange,  # noqa: A002
    expected_version: int,
) -> Insuree:
    """Change whether an insuree takes part; inactive and dead end the cover after their day."""
    return enrolment.change_status(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_INSUREES)
def move_insuree(
    work: Work,
    id: UUID,  # noqa: A002
    family_id: UUID,
    expected_version: int,
    relationship: Relationship | None = None,
) -> MemberAdded:
    """Move an insuree to another family; cover of the old one ends, the new one covers from today."""
    made = enrolment.move_insuree(
        work, id, family_id, relationship=relationship, expected_version=expected_version
    )
    return MemberAdded(made.insuree, list(made.warnings))


@plugin.mutation(allow=EDIT_INSUREES)
def remove_insuree(
    work: Work,
    id: UUID,  # noqa: A002
    expected_version: int,
    close_cover: bool = True,  # noqa: FBT001, FBT002 - an argument of the operation
) -> Insuree:
    """Take an insuree out of the family; the insuree and the history stay."""
    return enrolment.remove_insuree(work, id, close_cover=close_cover, expected_version=expected_version)


@plugin.extend(Insuree, allow=READ_INSUREES, reads=("jurisdiction_id",))
def current_village(parents: Sequence[Insuree], work: Work) -> dict[UUID, Jurisdiction]:
    """The village of the insuree; ask its path for the places above."""
    places = villages_of(work, {parent.jurisdiction_id for parent in parents})
    return {parent.id: places[parent.jurisdiction_id] for parent in parents}


@plugin.extend(Insuree, allow=READ_INSUREES, reads=("person_id",))
def identity(parents: Sequence[Insuree], work: Work) -> dict[UUID, InsureeIdentity]:
    """Who the insuree is, also when the person was registered in a place of others."""
    found = identities_of(work, {parent.person_id for parent in parents})
    return {parent.id: found[parent.person_id] for parent in parents}


@plugin.extend(Insuree, allow=READ_INSUREES)
def former_numbers(parents: Sequence[Insuree], work: Work) -> dict[UUID, list[str]]:
    """Numbers of before, which lead to the insuree for ever."""
    found = work.children(FormerNumber.insuree_id, parents, order_by=FormerNumber.replaced_on)
    return {insuree_id: [row.number for row in rows] for insuree_id, rows in found.items()}
