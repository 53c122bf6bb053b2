"""What a claim shows of its patient, and the names of what stands on its lines: one statement for many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, bindparam, select, union_all

from msingi.actor import Scope
from msingi.work import Work
from msingi_catalogue import MedicalItem, MedicalService
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.plugin import READ_CLAIMS, REVIEW_CLAIMS
from msingi_insurance import READ_INSUREES, Insuree, LineKind
from msingi_registry import Person, Sex


@dataclass(frozen=True, slots=True)
class ClaimPatient:
    """The patient of a claim: name and number for every reader of the claim, more for who judges it or knows the person."""

    id: UUID = field(metadata={"doc": "The insuree."})
    number: str | None = field(metadata={"doc": "Insurance number."})
    given_name: str = field(metadata={"doc": "Given names."})
    family_name: str = field(metadata={"doc": "Family name."})
    birth_date: date | None = field(
        metadata={"doc": "Date of birth; empty without the right to review the claim or to read the insuree."}
    )
    sex: Sex | None = field(
        metadata={"doc": "Sex; empty when unknown, or without the right to see the date of birth."}
    )


def patients_named(work: Work, claims: Sequence[Claim]) -> dict[UUID, ClaimPatient]:
    """The patients by claim, wherever they live: a facility learns of a patient of another region what a claim needs."""
    with work.everywhere():
        found = work.session.rows(_patients(), {"ids": list({claim.insuree_id for claim in claims})})
    rows = {row.id: row for row in found}
    judged = _judged(work, claims)
    known = {row.jurisdiction_id for row in rows.values()} if len(judged) < len(claims) else set()
    known = work.visible_places(known, work.actor.scope(READ_INSUREES.name)) if known else known
    return {
        claim.id: _shown(row, whole=claim.id in judged or row.jurisdiction_id in known)
        for claim in claims
        if (row := rows.get(claim.insuree_id)) is not None
    }


def _judged(work: Work, claims: Sequence[Claim]) -> Collection[UUID]:
    """Claims that the reader may review, from outside their facilities; no statement when that is all or none."""
    scope, places = work.actor.scope(REVIEW_CLAIMS.name), {claim.jurisdiction_id for claim in claims}
    above = scope.roots - places
    if scope.everywhere or _holds(above, work.actor.scope(READ_CLAIMS.name)):
        return {claim.id for claim in claims}
    visible = work.visible_places(places, Scope(above)) if above else set()
    return {claim.id for claim in claims if claim.jurisdiction_id in visible}


def _holds(roots: frozenset[UUID], scope: Scope) -> bool:
    """Whether these roots open all of a scope; none open everywhere, which names no root."""
    return not scope.everywhere and bool(scope.roots) and roots >= scope.roots


def _shown(row: Any, *, whole: bool) -> ClaimPatient:
    more = (row.birth_date, row.sex) if whole else (None, None)
    return ClaimPatient(row.id, row.number, row.given_name, row.family_name, *more)


def lines_named(work: Work, lines: Sequence[ClaimLine]) -> dict[UUID, str]:
    """The names of items and services in the reader's language, by line."""
    wanted: dict[str, set[UUID]] = {kind: set() for kind in LineKind}
    for line in lines:
        if line.catalogue_id is not None:
            wanted[line.kind].add(line.catalogue_id)
    given = {kind: list(ids) for kind, ids in wanted.items()}
    names: dict[UUID | None, str] = {
        row.id: row.name for row in work.session.rows(_names(french=work.language == "fr"), given)
    }
    return {line.id: names.get(line.catalogue_id, line.code) for line in lines}


@cache
def _patients() -> Select[*tuple[Any, ...]]:
    """Patients by their ``ids``; built once, for building it costs like running it."""
    return (
        select(
            *(Insuree.id, Insuree.number, Person.given_name, Person.family_name),
            *(Person.birth_date, Person.sex, Insuree.jurisdiction_id),
        )
        .join(Person, Person.id == Insuree.person_id)
        .where(Insuree.id.in_(bindparam("ids", expanding=True)))
    )


@cache
def _names(*, french: bool) -> CompoundSelect[Any]:
    """Names of what each kind of line names, the ids given under the kind."""
    return union_all(
        *(
            select(model.id, (model.name_fr if french else model.name_en).label("name")).where(
                model.id.in_(bindparam(kind.value, expanding=True))
            )
            for kind, model in ((LineKind.ITEM, MedicalItem), (LineKind.SERVICE, MedicalService))
        )
    )
