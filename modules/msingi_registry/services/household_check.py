"""Says what speaks against registering persons, all of it at once, and writes nothing."""

from collections.abc import Mapping
from uuid import UUID

from msingi.errors import DomainError
from msingi.work import Work
from msingi_registry.errors import RepeatedInBatch, UhidNotAvailable
from msingi_registry.services.drafts import PersonFields
from msingi_registry.services.duplicates import find_duplicates
from msingi_registry.services.intake import NewPerson, read_person
from msingi_registry.services.registration import (
    KnownRelations,
    check_findings,
    check_mother,
    check_relations,
    count_shown,
    find_repetitions,
    known_relations,
)
from msingi_registry.services.uhids import free_uhids


def check_persons(
    work: Work, drafts: Mapping[int, PersonFields], *, jurisdiction_id: UUID, search: bool = True
) -> dict[int, list[DomainError]]:
    """What a registration would refuse of each draft, by its position: a constant number of statements, nothing is written.

    Of the rules of one draft the first that it breaks; then whether it repeats an earlier draft, whether its health ID
    is free, and who is, or may be, the same person. Each draft that shows registered persons counts as a search (ID-23).
    Without ``search`` the place may be any, and nobody is searched.

    Raises:
        NotFound: the place is out of scope; nobody is searched then.
        SearchTooOften: more persons were shown than somebody types.

    """
    if search:
        work.check_places({jurisdiction_id})
    refused: dict[int, list[DomainError]] = {}
    read = _read(work, drafts, jurisdiction_id, refused)
    for position, other in find_repetitions(work, read).items():
        refused.setdefault(position, []).append(RepeatedInBatch(other))
    free = free_uhids(work, [person.uhid for person in read.values() if person.uhid])
    for position, person in read.items():
        if person.uhid and person.uhid not in free:
            refused.setdefault(position, []).append(UhidNotAvailable())
    if search:
        _add_findings(work, read, refused)
    return refused


def _add_findings(work: Work, read: Mapping[int, NewPerson], refused: dict[int, list[DomainError]]) -> None:
    """Add who is, or may be, the same person."""
    findings = find_duplicates(work, list(read.values()))
    for (position, person), found in zip(read.items(), findings, strict=True):
        try:
            check_findings(person, found)
        except DomainError as refusal:
            count_shown(work, refusal)
            refused.setdefault(position, []).append(refusal)


def _read(
    work: Work, drafts: Mapping[int, PersonFields], place_id: UUID, refused: dict[int, list[DomainError]]
) -> dict[int, NewPerson]:
    """The drafts that break no rule, by position; the others are added to the refusals."""
    known = known_relations(work, list(drafts.values()))
    read: dict[int, NewPerson] = {}
    for position, draft in drafts.items():
        try:
            read[position] = _read_one(work, draft, place_id, known)
        except DomainError as refusal:
            refused[position] = [refusal]
    return read


def _read_one(work: Work, draft: PersonFields, place_id: UUID, known: KnownRelations) -> NewPerson:
    check_relations(draft, known)
    person = read_person(work, draft, jurisdiction_id=place_id)
    if draft.mother_id:
        check_mother(person.birth, known.mothers[draft.mother_id])
    return person
