"""GraphQL operations on families."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from msingi.plugin import SIGNED_IN
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.plugin import DELETE_INSUREES, EDIT_INSUREES, READ_INSUREES, plugin
from msingi_insurance.rules.states import Relationship
from msingi_insurance.services import enrolment_form as forms
from msingi_insurance.services import families as enrolment
from msingi_insurance.services.covers import CoverWarning
from msingi_insurance.services.enrolment_form import EnrolmentForm
from msingi_insurance.services.families_drafts import FamilyChanges, FamilyDraft, InsureeDraft
from msingi_insurance.services.insurees_places import villages_of

plugin.expose(
    Family,
    *("id", "household_id", "household", "jurisdiction_id", "family_type", "poverty", "confirmation_type"),
    *("confirmation_number", "ethnicity", "valid_from", "valid_to", "version"),
    allow=READ_INSUREES,
)


@dataclass(frozen=True, slots=True)
class FamilyEnrolment:
    """A family that was just enrolled."""

    family: Family = field(metadata={"doc": "The family."})
    insurees: list[Insuree] = field(metadata={"doc": "Its insurees, the head first."})


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """An insuree who just joined a family."""

    insuree: Insuree = field(metadata={"doc": "The insuree."})
    warnings: list[CoverWarning] = field(metadata={"doc": "What to know about the cover."})


@plugin.connection(
    Family,
    allow=READ_INSUREES,
    where=("id", "household_id", "family_type", "poverty", "confirmation_number", "valid_from"),
    order=("id", "valid_from"),
)
def families(work: Work) -> Select[Family]:  # noqa: ARG001 - every connection receives it
    """Families in the reader's places, those that ended left out."""
    return select(Family).where(Family.valid_to.is_(None))


@plugin.query(allow=READ_INSUREES)
def family(work: Work, id: UUID) -> Family | None:  # noqa: A002 - the name callers see
    """One family."""
    return work.find(Family, id)


@plugin.query(allow=SIGNED_IN)
def enrolment_form(work: Work) -> EnrolmentForm:
    """What forms of enrolment show and ask in this scheme: fields, lists of the country, numbers, reasons."""
    return forms.enrolment_form(work)


@plugin.mutation(allow=EDIT_INSUREES)
def enrol_family(work: Work, input: FamilyDraft) -> FamilyEnrolment:  # noqa: A002
    """Enrol a family with its head and, when known, its members: all of it or nothing."""
    made = enrolment.enrol_family(work, input)
    return FamilyEnrolment(made.family, list(made.insurees))


@plugin.mutation(allow=EDIT_INSUREES)
def add_family_member(work: Work, family_id: UUID, input: InsureeDraft) -> MemberAdded:  # noqa: A002
    """Add a member to a family; its unexpired policies cover the member where they have room."""
    made = enrolment.add_member(work, family_id, input)
    return MemberAdded(made.insuree, list(made.warnings))


@plugin.mutation(allow=EDIT_INSUREES)
def correct_family(
    work: Work,
    id: UUID,  # noqa: A002
    input: FamilyChanges,  # noqa: A002
    expected_version: int,
) -> Family:
    """Correct a family; what is left out stays as it is."""
    return enrolment.correct_family(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_INSUREES)
def change_family_head(
    work: Work,
    family_id: UUID,
    insuree_id: UUID,
    expected_version: int,
    former_relationship: Relationship | None = None,
) -> Family:
    """Make another member the head; the others keep their relationships."""
    return enrolment.head_family(
        work,
        family_id,
        insuree_id,
        former_relationship=former_relationship,
        expected_version=expected_version,
    )


@plugin.mutation(allow=DELETE_INSUREES)
def delete_family(
    work: Work,
    id: UUID,  # noqa: A002
    expected_version: int,
    with_members: bool = False,  # noqa: FBT001, FBT002 - an argument of the operation
) -> Family:
    """End a family; its members end with it, or stay insurees without a family."""
    return enrolment.delete_family(work, id, with_members=with_members, expected_version=expected_version)


@plugin.extend(Family, allow=READ_INSUREES, reads=("jurisdiction_id",))
def village(parents: Sequence[Family], work: Work) -> dict[UUID, Jurisdiction]:
    """The village; ask its path for the places above."""
    places = villages_of(work, {parent.jurisdiction_id for parent in parents})
    return {parent.id: places[parent.jurisdiction_id] for parent in parents}


@plugin.extend(Family, allow=READ_INSUREES, reads=())
def members(parents: Sequence[Family], work: Work) -> dict[UUID, list[Insuree]]:
    """The members, the head first."""
    return work.answer_children(Insuree.family_id, parents, order_by=Insuree.is_head.desc())
