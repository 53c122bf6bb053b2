"""The dry run of an enrolment over GraphQL: everything that speaks against it, and nothing is written (TZA-01)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from msingi.errors import DomainError
from msingi.work import Work
from msingi_insurance.plugin import EDIT_INSUREES, plugin
from msingi_insurance.services import family_check as checking
from msingi_insurance.services.families_drafts import FamilyDraft
from msingi_registry import DuplicatePerson


@dataclass(frozen=True, slots=True)
class RegisteredAlready:
    """A registered person who is, or may be, the one in a draft; masked as in a search."""

    person_id: UUID = field(
        metadata={"doc": "The registered person, to be named as acknowledged, or enrolled."}
    )
    grade: str | None = field(
        metadata={
            "doc": "How alike: certain, probable or possible; empty when only an identifier is the same."
        }
    )
    shown: str = field(metadata={"doc": "Initials, year of birth, place, end of the health ID."})


@dataclass(frozen=True, slots=True)
class EnrolmentObjection:
    """One thing that refuses an enrolment."""

    member: int | None = field(
        metadata={"doc": "Position of the member, 0 is the head; empty when it is about the whole family."}
    )
    code: str = field(metadata={"doc": "Code of the refusal, as the enrolment would answer."})
    message: str = field(metadata={"doc": "The refusal in your language."})
    registered: list[RegisteredAlready] = field(
        metadata={"doc": "Persons whom the member repeats or may repeat."}
    )


@dataclass(frozen=True, slots=True)
class EnrolmentCheck:
    """What an enrolment would answer now."""

    accepted: bool = field(metadata={"doc": "Whether nothing speaks against it."})
    objections: list[EnrolmentObjection] = field(
        metadata={"doc": "Everything that does, the family first, then member by member."}
    )


@plugin.query(allow=EDIT_INSUREES)
def check_enrolment(work: Work, input: FamilyDraft) -> EnrolmentCheck:  # noqa: A002 - the name callers see
    """Everything that would refuse the enrolment of a family, with possible duplicates; nothing is written."""
    found = checking.check_enrolment(work, input)
    return EnrolmentCheck(not found, [_objection(work, place, refusal) for place, refusal in found])


def _objection(work: Work, place: int, refusal: DomainError) -> EnrolmentObjection:
    return EnrolmentObjection(
        member=None if place == checking.FAMILY else place,
        code=refusal.code,
        message=work.say(refusal),
        registered=list(_registered(refusal)),
    )


def _registered(refusal: DomainError) -> Iterator[RegisteredAlready]:
    matches = refusal.params.get("matches")
    if isinstance(matches, list):
        for match in matches:
            yield RegisteredAlready(UUID(match["id"]), match["grade"], match["shown"])
    elif "candidate_id" in refusal.params:
        person_id = UUID(str(refusal.params["candidate_id"]))
        grade = "certain" if isinstance(refusal, DuplicatePerson) else None
        yield RegisteredAlready(person_id, grade, str(refusal.params["candidate"]))
