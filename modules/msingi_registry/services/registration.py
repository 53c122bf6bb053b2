"""Registers persons, one or thousands with the same number of statements; nobody twice (ID-12)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import or_, select

from msingi.db import Model
from msingi.errors import DomainError, NotFound
from msingi.new_records import write_records
from msingi.work import Work
from msingi_registry.errors import (
    DuplicatePerson,
    IdentifierTaken,
    MotherTooYoung,
    PossibleDuplicate,
    RepeatedInBatch,
    UhidNotAvailable,
    UnknownMother,
)
from msingi_registry.events import PersonsRegistered
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.identifier import IdentifierClaim
from msingi_registry.models.person import DuplicateDecision, Person, Sex, birth_of
from msingi_registry.refusal_texts import SAID
from msingi_registry.rules.dates import BirthDate
from msingi_registry.rules.matching import MatchGrade, compare_persons
from msingi_registry.services.drafts import PersonDraft, PersonFields
from msingi_registry.services.duplicates import Findings, Match, judge_drafts
from msingi_registry.services.enquiry import Enquiry, enquire
from msingi_registry.services.intake import Membership, NewPerson, read_person
from msingi_registry.services.person_index import duplicate_keys, index_persons
from msingi_registry.services.search_allowance import spend_search
from msingi_registry.services.uhids import free_uhids, issue_uhids

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")
_Checked = tuple[NewPerson, Findings]

MOST_AT_ONCE: Final = 5_000
"""Drafts of one batch; callers cut longer imports."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What became of a batch: persons and refusals by the position of the draft."""

    registered: dict[int, Person] = field(default_factory=dict)
    refused: dict[int, DomainError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownRelations:
    """The relations named in drafts that exist, each kind by itself: a household's id is no mother (attack 17)."""

    mothers: Mapping[UUID, BirthDate | None]
    households: frozenset[UUID]
    places: frozenset[UUID]


def register_person(work: Work, draft: PersonDraft) -> Person:
    """Register one person.

    Raises:
        DuplicatePerson: an identifier is that of a registered person.
        PossibleDuplicate: registered persons resemble the draft and are not named as acknowledged.
        IdentifierTaken: an identifier belongs to somebody who differs.
        UhidNotAvailable: the health ID of the draft is not free.
        DomainError: a rule refuses a value.

    """
    outcome = register_persons(work, [draft])
    for refusal in outcome.refused.values():
        count_shown(work, refusal)
        raise refusal
    return outcome.registered[0]


def register_persons(
    work: Work, drafts: Sequence[PersonDraft], *, household_id: UUID | None = None
) -> Registration:
    """Register the drafts that nothing speaks against; at most 5,000 at once.

    The others are answered with their refusal: the batch goes on without them. ``household_id`` is a household that
    the caller has found in the present scope: it is not looked for again.
    """
    if len(drafts) > MOST_AT_ONCE:
        raise ValueError(f"a batch has at most {MOST_AT_ONCE} drafts")
    outcome = Registration()
    known = known_relations(work, drafts, household_id=household_id)
    read = _collect(outcome, dict(enumerate(drafts)), lambda draft: _read(work, draft, known))
    free = free_uhids(work, [person.uhid for person in read.values() if person.uhid])
    with work.everywhere():
        asked = enquire(work, list(read.values()))
    findings = judge_drafts(work, list(read.values()), asked)
    checked = dict(zip(read, zip(read.values(), findings, strict=True), strict=True))
    passed = _collect(outcome, checked, lambda pair: _checked(*pair, free))
    accepted = _without_repetitions(work, outcome, passed)
    persons = write_persons(work, [person for person, _ in accepted.values()], asked)
    for person, found in accepted.values():
        keep_decisions(work, person, found)
    outcome.registered.update(zip(accepted, persons, strict=True))
    _tell(work, persons)
    return outcome


def register_made_up(work: Work, drafts: Sequence[PersonDraft]) -> list[Person]:
    """Register persons that a generator made: distinct by construction, they are compared with nobody (ID-12).

    Whatever a draft says, the record is marked synthetic; callers' drafts cannot carry that mark.
    """
    known = known_relations(work, drafts)
    persons = write_persons(work, [_read(work, draft, known) for draft in drafts], synthetic=True)
    _tell(work, persons)
    return persons


def check_findings(person: NewPerson, findings: Findings) -> None:
    """Refuse a draft that is somebody registered, or may be somebody the caller did not look at.

    Raises:
        DuplicatePerson, IdentifierTaken, PossibleDuplicate: with masked candidates.

    """
    certain = [match for match in findings.matches if match.grade is MatchGrade.CERTAIN]
    if certain:
        raise DuplicatePerson(candidate=str(certain[0].shown), candidate_id=str(certain[0].person_id))
    for kind, owner in findings.taken.items():
        raise IdentifierTaken(type=kind, candidate=str(owner), candidate_id=str(owner.person_id))
    open_matches = [match for match in findings.matches if match.person_id not in person.draft.acknowledged]
    if open_matches:
        raise PossibleDuplicate(
            candidates="; ".join(str(match.shown) for match in open_matches),
            matches=[_described(match) for match in open_matches],
        )


def count_shown(work: Work, refusal: DomainError) -> None:
    """Count a refusal that shows registered persons as one of the user's searches: drafts are no way around them (ID-23)."""
    if isinstance(refusal, DuplicatePerson | IdentifierTaken | PossibleDuplicate):
        spend_search(work)


def write_persons(
    work: Work,
    persons: Sequence[NewPerson],
    asked: Enquiry | None = None,
    *,
    household: Household | None = None,
    synthetic: bool = False,
) -> list[Person]:
    """Write checked persons with identifiers, health IDs and search keys; a constant number of statements.

    What was asked about them before is not asked again. Their ``household`` is written with them when it is new.
    """
    if not persons:
        return []
    records = [_record(person, synthetic=synthetic) for person in persons]
    write_records(work, [*([household] if household else ()), *records, *_identifiers(persons)])
    issue_uhids(work, persons, drawn=asked.uhids if asked else ())
    known = asked.known_words if asked else None
    index_persons(work, [person.indexed for person in persons], known_words=known)
    return records


def keep_decisions(work: Work, person: NewPerson, findings: Findings) -> None:
    """Keep that the caller looked at the persons who resemble the new one: they are somebody else (ID-17)."""
    for match in findings.matches:
        work.add(
            DuplicateDecision(
                jurisdiction_id=person.jurisdiction_id,
                person_id=person.id,
                other_id=match.person_id,
                grade=match.grade.value,
                points=match.comparison.points,
                reasons=[reason.value for reason in match.comparison.reasons],
                decided_at=work.now(),
                decided_by=work.actor.id,
            )
        )


def known_relations(
    work: Work, drafts: Sequence[PersonFields], *, household_id: UUID | None = None
) -> KnownRelations:
    """What of the relations named in drafts exists: mothers anywhere, households and places in scope."""
    mothers = {draft.mother_id for draft in drafts if draft.mother_id}
    found = {household_id} if household_id else set()
    households = {
        draft.household_id for draft in drafts if isinstance(draft, PersonDraft) and draft.household_id
    }
    places = {place for draft in drafts for place in _locations(draft)}
    return KnownRelations(
        _women(work, mothers),
        _households(work, households - found) | found,
        frozenset(work.visible_places(places, work.scope)) if places else frozenset(),
    )


def _locations(draft: PersonFields) -> set[UUID]:
    """The places that a draft names: of its identifiers, and of the registration itself."""
    named = {identifier.location_id for identifier in draft.identifiers if identifier.location_id}
    return named | ({draft.jurisdiction_id} if isinstance(draft, PersonDraft) else set())


def _women(work: Work, ids: Collection[UUID]) -> dict[UUID, BirthDate | None]:
    if not ids:
        return {}
    female = or_(Person.sex.is_(None), Person.sex != Sex.MALE)
    wanted = select(Person.id, Person.birth_date, Person.birth_precision).where(Person.id.in_(ids), female)
    with work.everywhere():
        return {row.id: birth_of(row.birth_date, row.birth_precision) for row in work.session.execute(wanted)}


def _households(work: Work, ids: Collection[UUID]) -> frozenset[UUID]:
    return frozenset(work.by_ids(Household, ids, attributes=frozenset({"id"})))


def check_relations(draft: PersonFields, known: KnownRelations) -> None:
    """Refuse a mother who is not registered or no woman (ID-8), and places out of scope (ID-4), before anybody is searched."""
    if draft.mother_id and draft.mother_id not in known.mothers:
        raise UnknownMother
    if not _locations(draft) <= known.places:
        raise NotFound(type="Jurisdiction")


def check_mother(child: BirthDate | None, mother: BirthDate | None) -> None:
    """Refuse a mother who cannot be older than her child, whatever day the two dates leave open (ID-8)."""
    if child is not None and mother is not None and mother.earliest >= child.latest:
        raise MotherTooYoung


def find_repetitions(work: Work, persons: Mapping[int, NewPerson]) -> dict[int, int]:
    """Persons of one batch who are an earlier one of it, by position, with the position of the earlier one (ID-12)."""
    if len(persons) < 2:  # noqa: PLR2004 - one alone repeats nobody
        return {}
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    repeated: dict[int, int] = {}
    for position, person in persons.items():
        keys = _batch_keys(work, person)
        earlier = sorted({other for key in keys for other in seen[key]})
        same = next((other for other in earlier if _is_same(person, persons[other])), None)
        if same is not None:
            repeated[position] = same
            continue
        for key in keys:
            seen[key].append(position)
    return repeated


def _read(work: Work, draft: PersonDraft, known: KnownRelations) -> NewPerson:
    check_relations(draft, known)
    membership = None
    if draft.household_id:
        if draft.household_id not in known.households:
            raise NotFound(type="Household")
        if draft.role is HouseholdRole.HEAD:
            raise SAID["registry.household_with_two_heads"]
        membership = Membership(household_id=draft.household_id, role=draft.role or HouseholdRole.OTHER)
    person = read_person(work, draft, jurisdiction_id=draft.jurisdiction_id, membership=membership)
    if draft.mother_id:
        check_mother(person.birth, known.mothers[draft.mother_id])
    return person


def _checked(person: NewPerson, findings: Findings, free: Collection[str]) -> tuple[NewPerson, Findings]:
    check_findings(person, findings)
    if person.uhid and person.uhid not in free:
        raise UhidNotAvailable
    return person, findings


def _collect(
    outcome: Registration, values: Mapping[int, _Given], step: Callable[[_Given], _Made]
) -> dict[int, _Made]:
    """The step's results by position; refusals go to the outcome."""
    made: dict[int, _Made] = {}
    for position, value in values.items():
        try:
            made[position] = step(value)
        except DomainError as refusal:
            outcome.refused[position] = refusal
    return made


def _without_repetitions(
    work: Work, outcome: Registration, passed: Mapping[int, _Checked]
) -> dict[int, _Checked]:
    """The drafts without those who are an earlier draft of the same batch."""
    repeated = find_repetitions(work, {position: person for position, (person, _) in passed.items()})
    outcome.refused.update({position: RepeatedInBatch(other) for position, other in repeated.items()})
    return {position: pair for position, pair in passed.items() if position not in repeated}


def _batch_keys(work: Work, person: NewPerson) -> set[tuple[str, str]]:
    keys = {(kind.value, value) for kind, value in duplicate_keys(work.keyring, person.indexed)}
    keys |= {("claim", identifier.claim) for identifier in person.identifiers if identifier.claim}
    return keys | ({("uhid", person.uhid)} if person.uhid else set())


def _is_same(person: NewPerson, other: NewPerson) -> bool:
    claims = {identifier.claim for identifier in person.identifiers if identifier.claim}
    if claims & {identifier.claim for identifier in other.identifiers}:
        return True
    if person.uhid and person.uhid == other.uhid:
        return True
    return compare_persons(person.facts, other.facts).is_same_in_a_batch


def _described(match: Match) -> dict[str, object]:
    return {
        "id": str(match.person_id),
        "grade": match.grade.value,
        "reasons": [reason.value for reason in match.comparison.reasons],
        "shown": str(match.shown),
    }


def _record(person: NewPerson, *, synthetic: bool) -> Person:
    draft = person.draft
    return Person(
        id=person.id,
        jurisdiction_id=person.jurisdiction_id,
        given_name=person.given,
        family_name=person.family,
        other_names=person.other,
        sex=person.sex,
        birth_date=person.birth.value if person.birth else None,
        birth_precision=person.birth.precision if person.birth else None,
        phone=person.phones[0],
        other_phone=person.phones[1],
        languages=list(draft.languages),
        residence=person.residence,
        household_id=person.household_id,
        household_role=person.role,
        is_head=person.role is HouseholdRole.HEAD,
        mother_id=person.mother_id,
        birth_order=draft.birth_order,
        synthetic=synthetic,
    )


def _identifiers(persons: Sequence[NewPerson]) -> Iterator[Model]:
    """The rows of the identifiers, and of the values that belong to one person only (ID-4)."""
    for person in persons:
        for identifier in person.identifiers:
            yield identifier.record(person.id, person.jurisdiction_id)
            if identifier.claim:
                yield IdentifierClaim(key=identifier.claim, person_id=person.id)


def _tell(work: Work, persons: Sequence[Person]) -> None:
    by_place: dict[UUID, list[UUID]] = defaultdict(list)
    for person in persons:
        by_place[person.jurisdiction_id].append(person.id)
    for place, person_ids in by_place.items():
        work.emit(PersonsRegistered(person_ids=tuple(person_ids), jurisdiction_id=place))
