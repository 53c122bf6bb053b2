"""What would refuse the enrolment of a family, all of it at once; nothing is written."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import DomainError, NotFound
from msingi.work import Work
from msingi_insurance.errors import AlreadyInsured, NamedTwice, NameRequired
from msingi_insurance.models.family import Insuree
from msingi_insurance.rules.family import check_listed
from msingi_insurance.rules.numbers import NumberCode
from msingi_insurance.rules.refusals import FieldHidden, InsuranceNumberRefused
from msingi_insurance.services.families_drafts import FamilyDraft, InsureeDraft
from msingi_insurance.services.families_persons import check_insurable, check_new, named_again
from msingi_insurance.services.insurees import check_controls
from msingi_insurance.services.insurees_numbers import taken_numbers
from msingi_insurance.services.insurees_places import check_village, unknown_facilities
from msingi_insurance.services.officers import officer_at_desk
from msingi_insurance.settings import InsuranceSettings, NumberSource
from msingi_registry import Person, check_joining, check_persons

FAMILY = -1
"""The position of what concerns the family as a whole."""


@dataclass(slots=True)
class Objections:
    """What was refused, by the position of the member; collected, not raised."""

    found: dict[int, list[DomainError]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def of(self, position: int) -> Iterator[None]:
        """Run a check of a member, or of the family, and keep what it refuses."""
        try:
            yield
        except DomainError as refusal:
            self.found[position].append(refusal)

    def sorted(self) -> list[tuple[int, DomainError]]:
        """The refusals, those of the family first, then by member."""
        return [(place, refusal) for place in sorted(self.found) for refusal in self.found[place]]


def check_enrolment(work: Work, draft: FamilyDraft) -> list[tuple[int, DomainError]]:
    """Everything that ``enrol_family`` would refuse of a draft, each with the position of the member, ``FAMILY`` first.

    Beside a place that the caller does not see it tells what does not depend on the place: nobody is searched then.
    The number of statements does not grow with the family.

    Raises:
        SearchTooOften: more registered persons were shown than somebody types (ID-23).

    """
    drafts, objections = [draft.head, *draft.members], Objections()
    with objections.of(FAMILY):
        check_listed(dict(draft), work.settings(InsuranceSettings).payments.reference_lists)
    with objections.of(FAMILY):
        work.check_places({draft.jurisdiction_id})
    seen = work.covers(work.scope, draft.jurisdiction_id)
    if seen:
        _check_place(work, draft.jurisdiction_id, objections)
    _check_fields(work, drafts, objections)
    known = _check_registered(work, drafts, objections)
    _check_numbers(work, drafts, known, objections)
    _check_newcomers(work, drafts, draft.jurisdiction_id, objections, search=seen)
    return objections.sorted()


def _check_place(work: Work, place_id: UUID, objections: Objections) -> None:
    with objections.of(FAMILY):
        check_village(work, place_id)
    with objections.of(FAMILY):
        officer_at_desk(work, place_id, work.today())


def _check_fields(work: Work, drafts: Sequence[InsureeDraft], objections: Objections) -> None:
    chosen = {draft.first_service_point_id for draft in drafts if draft.first_service_point_id}
    unknown = unknown_facilities(work, chosen)
    for position, draft in enumerate(drafts):
        with objections.of(position):
            check_controls(work, draft)
        with objections.of(position):
            check_listed(dict(draft), work.settings(InsuranceSettings).payments.reference_lists)
        with objections.of(position):
            if draft.first_service_point_id in unknown:
                raise NotFound(type="Facility")


def _check_registered(
    work: Work, drafts: Sequence[InsureeDraft], objections: Objections
) -> Mapping[UUID, Any]:
    """Persons who are named: visible, in no insured family, free to join; returns the insurees among them."""
    named = {position: draft.person_id for position, draft in enumerate(drafts) if draft.person_id}
    if not named:
        return {}
    for position in named_again(drafts):
        objections.found[position].append(NamedTwice())
    persons = work.by_ids(Person, named.values())
    insured = _insurees(work, list(persons))
    for position, person_id in named.items():
        with objections.of(position):
            if person_id not in persons:
                raise NotFound(type="Person")
            if person_id in insured and insured[person_id].family_id is not None:
                raise AlreadyInsured(number=insured[person_id].number)
            check_joining(persons[person_id], as_head=position == 0)
            if position:
                check_insurable(persons[person_id])
    return insured


def _insurees(work: Work, person_ids: Sequence[UUID]) -> dict[UUID, Any]:
    statement = select(Insuree.person_id, Insuree.number, Insuree.family_id).where(
        Insuree.person_id.in_(person_ids), Insuree.valid_to.is_(None)
    )
    with work.everywhere():
        return {row.person_id: row for row in work.session.execute(statement)}


def _check_numbers(
    work: Work, drafts: Sequence[InsureeDraft], known: Mapping[UUID, Any], objections: Objections
) -> None:
    """The numbers of those who get one now, in one statement."""
    settings = work.settings(InsuranceSettings)
    scheme, source = settings.number_scheme(), settings.number_source
    new = {
        position: None if draft.number is None else clean_text(draft.number)
        for position, draft in enumerate(drafts)
        if draft.person_id not in known
    }
    given = [number for number in new.values() if number is not None]
    taken, seen = taken_numbers(work, given) if given else set(), Counter(given)
    for position, number in new.items():
        with objections.of(position):
            if source is NumberSource.AUTOMATIC and number is not None:
                raise FieldHidden(fields="number")
            if number is None and source is NumberSource.GIVEN:
                raise InsuranceNumberRefused(reason=NumberCode.EMPTY.value)
            if number is not None:
                code = scheme.check(number, taken=number in taken or seen[number] > 1)
                if code is not NumberCode.VALID:
                    raise InsuranceNumberRefused(reason=code.value)


def _check_newcomers(
    work: Work, drafts: Sequence[InsureeDraft], place_id: UUID, objections: Objections, *, search: bool
) -> None:
    new: dict[int, InsureeDraft] = {}
    for position, draft in enumerate(drafts):
        if draft.person_id is None:
            new[position] = draft
            with objections.of(position):
                check_new(work, draft)
    nameless = {
        place for place, found in objections.found.items() for one in found if isinstance(one, NameRequired)
    }
    new = {position: draft for position, draft in new.items() if position not in nameless}
    told = check_persons(work, new, jurisdiction_id=place_id, search=search)
    for position, refusals in told.items():
        objections.found[position] += refusals
