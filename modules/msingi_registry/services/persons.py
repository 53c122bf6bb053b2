"""Reads and corrects the records of persons."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.work import Work
from msingi_registry.errors import NameMissing, PersonMerged
from msingi_registry.events import PersonDied, PersonUpdated
from msingi_registry.models.person import Person, PersonStatus
from msingi_registry.plugin import READ_PERSONS
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.dates import check_life
from msingi_registry.services.cards import uhid_on_card
from msingi_registry.services.correction_check import check_correction
from msingi_registry.services.drafts import PersonChanges
from msingi_registry.services.intake import read_birth, read_name, read_phone
from msingi_registry.services.person_index import indexed, reindex_persons
from msingi_registry.services.search import uhid_typed
from msingi_registry.services.search_allowance import spend_search
from msingi_registry.services.uhids import resolve_uhid, survivor_of


class AccessBasis(StrEnum):
    """Why somebody opens the record of a person; kept in the audit trail with the read."""

    CARE = "care"
    REGISTRATION = "registration"
    INSURANCE = "insurance"
    CORRECTION = "correction"
    LEGAL_ORDER = "legal_order"


MISS = 9
"""What a guessed health ID costs beyond its own search."""

_NAMES = frozenset({"given_name", "family_name", "other_names"})
_INDEXED = _NAMES | {"birth_date", "birth_precision", "phone", "other_phone"}


def open_person(work: Work, person_id: UUID, *, basis: AccessBasis) -> Person | None:
    """The full record in the caller's places; the read leaves a line with its basis (ID-19).

    A merged record leads to the one that carries on.
    """
    survivor = survivor_of(work, person_id)
    person = work.find(Person, survivor) if survivor else None
    if person is not None:
        _note_access(work, person, basis)
    return person


def recognise_person(work: Work, code: str, *, basis: AccessBasis, birth_year: int | None = None) -> Person:
    """The person whose card or health ID is presented, wherever registered (CH-05).

    The code only locates: the caller holds the right to read persons and states a basis, which is audited. A
    signed card is enough; a typed health ID of another place needs the year of birth too, and a guess that
    meets nobody costs as much as ten searches (ID-23).

    Raises:
        NotFound: nobody bears this health ID, or the year of birth is another.
        SearchTooOften: more codes than a person scans (ID-23).
        DomainError: the card is not genuine, or was revoked.

    """
    spend_search(work)
    scanned = uhid_on_card(work, code)
    with work.everywhere():
        person_id = resolve_uhid(work, scanned or uhid_typed(code))
        person = work.find(Person, person_id) if person_id else None
    if person is None or not (scanned or _is_confirmed(work, person, birth_year)):
        spend_search(work, amount=MISS)
        raise NotFound(type="Person")
    _note_access(work, person, basis)
    return person


def _is_confirmed(work: Work, person: Person, birth_year: int | None) -> bool:
    if birth_year is not None and person.birth_date is not None:
        return person.birth_date.year == birth_year
    return work.find(Person, person.id) is not None


def update_person(work: Work, person_id: UUID, changes: PersonChanges, *, expected_version: int) -> Person:
    """Correct a record.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PersonMerged: another record carries on.
        DuplicatePerson, PossibleDuplicate: with the new values it is, or may be, somebody registered (ID-12).
        DomainError: a rule refuses a value.

    """
    person = editable_person(work, person_id, expected_version)
    with rules_said():
        values = _new_values(work, changes)
    if any(values[name] != getattr(person, name) for name in values.keys() & _INDEXED):
        check_correction(work, person, values, acknowledged=changes.acknowledged)
    with rules_said():
        for name, value in values.items():
            setattr(person, name, value)
        check_life(person.birth, work.today(), death=person.death_date)
    if person.mother_id is None and values.keys() & _NAMES and not any(getattr(person, n) for n in _NAMES):
        raise NameMissing
    work.session.flush()
    if values.keys() & _INDEXED:
        reindex_persons(work, [indexed(person)])
    work.emit(PersonUpdated(person_id=person.id, fields=tuple(sorted(values))))
    return person


def record_death(work: Work, person_id: UUID, *, death_date: date, expected_version: int) -> Person:
    """Record the death of a person.

    Raises:
        NotFound, StaleVersion, PersonMerged: as for a correction.
        DomainError: the date lies before birth or in the future (attack 56).

    """
    person = editable_person(work, person_id, expected_version)
    with rules_said():
        check_life(person.birth, work.today(), death=death_date)
    person.death_date = death_date
    work.session.flush()
    work.emit(PersonDied(person_id=person.id, death_date=death_date))
    return person


def editable_person(work: Work, person_id: UUID, expected_version: int | None) -> Person:
    """A record that may be changed.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PersonMerged: another record carries on.

    """
    person = work.get(Person, person_id, expected_version=expected_version)
    if person.status is PersonStatus.MERGED:
        raise PersonMerged(person_id=person.replaced_by_id)
    return person


def members_of(work: Work, households: Sequence[Any]) -> dict[UUID, list[Any]]:
    """The members by household, in one statement."""
    return work.children(Person.household_id, households)


def _new_values(work: Work, changes: PersonChanges) -> dict[str, Any]:
    values = {name: getattr(changes, name) for name in changes.model_fields_set - {"acknowledged"}}
    for name in ("given_name", "family_name", "other_names"):
        if name in values:
            values[name] = read_name(values[name] or "")
    for name in ("phone", "other_phone"):
        if name in values:
            values[name] = read_phone(work, values[name])
    if {"birth_date", "age_years"} & values.keys():
        birth = read_birth(values.pop("birth_date", None), values.pop("age_years", None), work.today())
        values["birth_date"] = birth.value if birth else None
        values["birth_precision"] = birth.precision if birth else None
    if "languages" in values:
        values["languages"] = list(values["languages"] or ())
    if "residence" in values:
        values["residence"] = clean_text(values["residence"] or "")
    return values


def _note_access(work: Work, person: Person, basis: AccessBasis) -> None:
    work.audit(
        "open",
        entity=Person.__tablename__,
        entity_id=person.id,
        jurisdiction_id=person.jurisdiction_id,
        details={"basis": basis.value, "permission": READ_PERSONS.name},
    )
