"""Identifiers that persons carry beside the health ID: added, and ended when they were given in error (ID-4)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from msingi.clean_text import clean_text
from msingi.work import Work
from msingi_registry.errors import IdentifierEnded, IdentifierTaken
from msingi_registry.models.identifier import Identifier, IdentifierClaim, IdentifierState
from msingi_registry.models.person import Person
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.identifier_types import uniqueness_key
from msingi_registry.services.correction_check import check_correction
from msingi_registry.services.drafts import IdentifierDraft
from msingi_registry.services.intake import read_identifier
from msingi_registry.services.masked import masked_rows
from msingi_registry.services.persons import editable_person
from msingi_registry.services.search_allowance import spend_search
from msingi_registry.settings import RegistrySettings


def add_identifier(
    work: Work, person_id: UUID, draft: IdentifierDraft, *, acknowledged: Collection[UUID] = ()
) -> Identifier:
    """Add an identifier to a person (ID-4).

    Raises:
        IdentifierTaken: it belongs to another person.
        DuplicatePerson, PossibleDuplicate: with it the person is, or may be, somebody registered (ID-12).
        NotFound: the person or the place of the identifier is not visible.
        DomainError: its type refuses the value.

    """
    person = editable_person(work, person_id, None)
    _one_at_a_time(work, person_id)
    if draft.location_id:
        work.check_places({draft.location_id})
    with rules_said():
        identifier = read_identifier(work, draft)
    if identifier.claim:
        _claim(work, person, identifier.claim, identifier.type)
    check_correction(work, person, {}, acknowledged=acknowledged, added=identifier)
    return work.add(identifier.record(person.id, person.jurisdiction_id))


def end_identifier(work: Work, identifier_id: UUID, *, reason: str) -> Identifier:
    """End an identifier that was given in error or is no longer valid; its value is free for whom it belongs to (ID-4).

    The record keeps it, ended, and the trail keeps the reason; nobody is found or compared by it any more.

    Raises:
        NotFound: it is not visible.
        PersonMerged: another record carries on.
        IdentifierEnded: it is ended already.

    """
    identifier = work.get(Identifier, identifier_id)
    editable_person(work, identifier.person_id, None)
    _one_at_a_time(work, identifier.person_id)
    work.find(Identifier, identifier_id, lock=True)
    if identifier.state is IdentifierState.ENDED:
        raise IdentifierEnded(type=identifier.type)
    identifier.state = IdentifierState.ENDED
    identifier.valid_to = min(identifier.valid_to or work.today(), work.today())
    _give_free(work, identifier)
    work.session.flush()
    work.audit(
        "end",
        entity=Identifier.__tablename__,
        entity_id=identifier.id,
        jurisdiction_id=identifier.jurisdiction_id,
        details={"reason": clean_text(reason)},
    )
    return identifier


def identifiers_of(work: Work, persons: Sequence[Person]) -> dict[UUID, list[Any]]:
    """The identifiers by person, in one statement."""
    return work.children(Identifier.person_id, persons)


def _one_at_a_time(work: Work, person_id: UUID) -> None:
    """Whoever ends an identifier and whoever adds the same one again must not miss each other."""
    work.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _claim(work: Work, person: Person, key: str, kind: str) -> None:
    owner = work.session.scalar(select(IdentifierClaim.person_id).where(IdentifierClaim.key == key))
    if owner is None:
        work.add(IdentifierClaim(key=key, person_id=person.id))
        return
    if owner != person.id:
        with work.everywhere():
            shown = masked_rows(work, [owner])
        spend_search(work)
        raise IdentifierTaken(type=kind, candidate=str(shown[owner]), candidate_id=str(owner))


def _give_free(work: Work, identifier: Identifier) -> None:
    """Forget that the value belongs to this person, unless another identifier of the record says the same."""
    kinds = {kind.code: kind.rule() for kind in work.settings(RegistrySettings).identifier_types}
    if identifier.type not in kinds:
        return
    location = str(identifier.location_id) if identifier.location_id else None
    unique = uniqueness_key(kinds[identifier.type], identifier.value, location=location)
    others = select(Identifier.id).where(
        Identifier.person_id == identifier.person_id,
        Identifier.type == identifier.type,
        Identifier.value_index == identifier.value_index,
        Identifier.location_id.is_not_distinct_from(identifier.location_id),
        Identifier.state == IdentifierState.ACTIVE,
        Identifier.id != identifier.id,
    )
    if unique and work.session.scalar(others.limit(1)) is None:
        key = work.keyring.blind_index("registry.claim", unique)
        work.session.execute(
            delete(IdentifierClaim).where(
                IdentifierClaim.key == key, IdentifierClaim.person_id == identifier.person_id
            )
        )
