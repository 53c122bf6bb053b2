"""Looks for the person of a corrected record among the others, as registration does (ID-12)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from msingi.errors import DomainError
from msingi.work import Work
from msingi_registry.models.identifier import Identifier, IdentifierState
from msingi_registry.models.person import DuplicateDecision, Person, birth_of
from msingi_registry.services.drafts import IdentifierDraft, PersonFields
from msingi_registry.services.duplicates import Findings, find_duplicates
from msingi_registry.services.intake import NewIdentifier, NewPerson
from msingi_registry.services.registration import check_findings, count_shown, keep_decisions


def check_correction(
    work: Work,
    person: Person,
    values: Mapping[str, Any],
    *,
    acknowledged: Collection[UUID] = (),
    added: NewIdentifier | None = None,
) -> None:
    """Refuse a correction that makes the record that of somebody else, or may, unless the caller looked at them.

    Pairs that somebody told apart before are not asked about again; what the caller tells apart now is kept (ID-17).

    Raises:
        DuplicatePerson, IdentifierTaken, PossibleDuplicate: with masked candidates; counts as a search (ID-23).

    """
    corrected = _corrected(work, person, values, acknowledged, added)
    (found,) = find_duplicates(work, [corrected])
    known = {person.id, *_told_apart(work, person.id)}
    others = replace(found, matches=tuple(match for match in found.matches if match.person_id not in known))
    _refuse(work, corrected, others)
    keep_decisions(work, corrected, others)


def _refuse(work: Work, corrected: NewPerson, findings: Findings) -> None:
    own = str(corrected.id)
    taken = {kind: owner for kind, owner in findings.taken.items() if str(owner.person_id) != own}
    try:
        check_findings(corrected, replace(findings, taken=taken))
    except DomainError as refusal:
        count_shown(work, refusal)
        raise


def _corrected(
    work: Work,
    person: Person,
    values: Mapping[str, Any],
    acknowledged: Collection[UUID],
    added: NewIdentifier | None,
) -> NewPerson:
    def now(name: str) -> Any:
        return values[name] if name in values else getattr(person, name)

    carried = tuple(_carried(work, person.id))
    return NewPerson(
        id=person.id,
        jurisdiction_id=person.jurisdiction_id,
        given=now("given_name"),
        family=now("family_name"),
        other=now("other_names"),
        sex=now("sex"),
        birth=birth_of(now("birth_date"), now("birth_precision")),
        phones=(now("phone"), now("other_phone")),
        identifiers=(*carried, added) if added else carried,
        uhid=None,
        residence=person.residence,
        draft=PersonFields(acknowledged=list(acknowledged), birth_order=now("birth_order")),
        mother_id=person.mother_id,
    )


def _carried(work: Work, person_id: UUID) -> list[NewIdentifier]:
    """The identifiers of the record; none of them is claimed anew."""
    rows = work.session.scalars(
        select(Identifier).where(
            Identifier.person_id == person_id, Identifier.state == IdentifierState.ACTIVE
        )
    )
    return [
        NewIdentifier(
            type=row.type,
            system=row.system,
            value=row.value,
            value_index=row.value_index,
            claim=None,
            proves=row.proves,
            assigner=row.assigner,
            draft=IdentifierDraft(type=row.type, value=row.value),
        )
        for row in rows
    ]


def _told_apart(work: Work, person_id: UUID) -> set[UUID]:
    decision = DuplicateDecision
    pairs = select(decision.person_id, decision.other_id).where(
        or_(decision.person_id == person_id, decision.other_id == person_id)
    )
    with work.everywhere():
        return {other for pair in work.session.execute(pairs) for other in pair} - {person_id}
