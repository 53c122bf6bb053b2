"""Finds registered persons who may be the one in a draft; every path that registers somebody asks (ID-9, ID-12)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_registry.hooks import RegistryHooks
from msingi_registry.models.identifier import Identifier, IdentifierState
from msingi_registry.models.person import IndexKind, Person, PersonStatus, birth_of
from msingi_registry.rules.dates import NEAR_YEARS, BirthDate, DatePrecision
from msingi_registry.rules.matching import (
    Comparison,
    MatchGrade,
    PersonFacts,
    PersonIdentifier,
    compare_persons,
)
from msingi_registry.services.enquiry import CLAIM, VALUE, Enquiry, Holder, Key, enquire
from msingi_registry.services.intake import NewPerson
from msingi_registry.services.masked import MaskedRow, masked_rows
from msingi_registry.services.person_index import all_names

MOST_CANDIDATES: Final = 60
"""Registered persons who are compared with one draft: those who share most keys come first."""

_CHUNK: Final = 2_000
_SURE: Final = frozenset({VALUE, IndexKind.PHONE})
_ALIKE: Final = (MatchGrade.CERTAIN, MatchGrade.PROBABLE, MatchGrade.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Match:
    """A registered person who may be the one in the draft."""

    person_id: UUID
    comparison: Comparison
    shown: MaskedRow

    @property
    def grade(self) -> MatchGrade:
        """How sure it is."""
        return self.comparison.grade


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known about one draft: alike persons, the surest first, and owners of its identifiers by type."""

    matches: tuple[Match, ...]
    taken: Mapping[str, MaskedRow]


@dataclass(slots=True)
class _Candidates:
    """Who may be each draft, by the draft's id."""

    shared: dict[UUID, Counter[UUID]]
    owners: dict[UUID, dict[str, UUID]]

    def note(self, person: NewPerson, holder: Holder) -> None:
        """Count a key that a registered person shares with the draft."""
        if holder.kind == CLAIM:
            self.owners[person.id][_type_of(person, holder.value)] = holder.person_id
        elif holder.kind in _SURE or _may_be_as_old(person.birth, holder.birth_year):
            self.shared[person.id][holder.person_id] += 1

    def of(self, draft_id: UUID) -> list[UUID]:
        """The candidates of one draft: owners of its identifiers, then those who share most keys."""
        owners = list(self.owners[draft_id].values())
        likely = [person_id for person_id, _ in self.shared[draft_id].most_common(MOST_CANDIDATES)]
        return list(dict.fromkeys([*owners, *likely]))


def find_duplicates(work: Work, persons: Sequence[NewPerson]) -> list[Findings]:
    """What the whole country knows about each draft, in the order given; a constant number of statements."""
    with work.everywhere():
        asked = enquire(work, persons, registers=False)
    return judge_drafts(work, persons, asked)


def judge_drafts(work: Work, persons: Sequence[NewPerson], asked: Enquiry) -> list[Findings]:
    """What the answers of the registers say about each draft, in the order given."""
    with work.everywhere():
        candidates = _candidates(work, persons, asked)
        wanted = {person_id for person in persons for person_id in candidates.of(person.id)}
        facts = _facts(work, wanted)
        found = {person.id: _compare(person.facts, candidates.of(person.id), facts) for person in persons}
        owners = {owner for by_type in candidates.owners.values() for owner in by_type.values()}
        shown = masked_rows(work, owners | {match for alike in found.values() for match, _ in alike})
    return [_findings(person, candidates, found[person.id], shown) for person in persons]


def _findings(
    person: NewPerson,
    candidates: _Candidates,
    alike: Iterable[tuple[UUID, Comparison]],
    shown: Mapping[UUID, MaskedRow],
) -> Findings:
    matches = [Match(person_id, comparison, shown[person_id]) for person_id, comparison in alike]
    matches.sort(key=lambda match: (_ALIKE.index(match.grade), -match.comparison.points))
    taken = {kind: shown[owner] for kind, owner in candidates.owners[person.id].items() if owner in shown}
    return Findings(tuple(matches), taken)


def _compare(
    draft: PersonFacts, candidates: Iterable[UUID], facts: Mapping[UUID, PersonFacts]
) -> list[tuple[UUID, Comparison]]:
    compared = (
        (person_id, compare_persons(draft, facts[person_id]))
        for person_id in candidates
        if person_id in facts
    )
    return [(person_id, comparison) for person_id, comparison in compared if comparison.grade in _ALIKE]


def _candidates(work: Work, persons: Sequence[NewPerson], asked: Enquiry) -> _Candidates:
    by_key: dict[Key, list[NewPerson]] = defaultdict(list)
    for person in persons:
        for key in asked.keys[person.id]:
            by_key[key].append(person)
    found = _Candidates(defaultdict(Counter), defaultdict(dict))
    for holder in asked.holders:
        for person in by_key[holder.kind, holder.value]:
            found.note(person, holder)
    for person in persons:
        for answer in work.ask(RegistryHooks.find_candidates)(work=work, person=person.facts):
            found.shared[person.id].update(answer)
    return found


def _type_of(person: NewPerson, claim: str) -> str:
    return next(identifier.type for identifier in person.identifiers if identifier.claim == claim)


def _may_be_as_old(birth: BirthDate | None, year: int | None) -> bool:
    """Whether a shared name key can still lead to one person: births far apart speak against every name."""
    if birth is None or year is None:
        return True
    width = 2 * NEAR_YEARS if birth.precision is DatePrecision.ESTIMATED else NEAR_YEARS
    return abs(birth.year - year) <= width


def _facts(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, PersonFacts]:
    wanted = sorted(person_ids)
    facts: dict[UUID, PersonFacts] = {}
    for at in range(0, len(wanted), _CHUNK):
        chunk = wanted[at : at + _CHUNK]
        carried = _identifiers(work, chunk)
        for row in work.session.execute(_columns_of_facts().where(Person.id.in_(chunk))):
            facts[row.id] = _facts_of(row, carried.get(row.id, frozenset()))
    return facts


def _columns_of_facts() -> Select[*tuple[Any, ...]]:
    return select(
        Person.id,
        Person.given_name,
        Person.family_name,
        Person.other_names,
        Person.sex,
        Person.birth_date,
        Person.birth_precision,
        Person.phone,
        Person.other_phone,
        Person.jurisdiction_id,
        Person.mother_id,
        Person.birth_order,
    ).where(Person.status == PersonStatus.ACTIVE)


def _facts_of(row: Any, identifiers: frozenset[PersonIdentifier]) -> PersonFacts:
    return PersonFacts(
        given=all_names(row.given_name, row.other_names),
        family=row.family_name,
        sex=row.sex,
        birth=birth_of(row.birth_date, row.birth_precision),
        identifiers=identifiers,
        phones=frozenset(phone for phone in (row.phone, row.other_phone) if phone),
        place=str(row.jurisdiction_id),
        mother=str(row.mother_id) if row.mother_id else None,
        birth_order=row.birth_order,
    )


def _identifiers(work: Work, person_ids: Sequence[UUID]) -> dict[UUID, frozenset[PersonIdentifier]]:
    statement = select(
        Identifier.person_id, Identifier.proves, Identifier.system, Identifier.value_index
    ).where(
        Identifier.person_id.in_(person_ids),
        Identifier.proves.is_not(None),
        Identifier.state == IdentifierState.ACTIVE,
    )
    found: dict[UUID, set[PersonIdentifier]] = defaultdict(set)
    for row in work.session.execute(statement):
        found[row.person_id].add(PersonIdentifier(row.proves, row.system, row.value_index))
    return {person_id: frozenset(identifiers) for person_id, identifiers in found.items()}
