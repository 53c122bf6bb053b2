"""What a claim shows of its patient, and the names of what stands on its lines: one statement for many."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select, union_all

from msingi.work import Work
from msingi_catalogue import MedicalItem, MedicalService
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_insurance import Insuree, LineKind
from msingi_registry import Person, Sex


@dataclass(frozen=True, slots=True)
class ClaimPatient:
    """The patient of a claim, as every reader of the claim sees one."""

    id: UUID = field(metadata={"doc": "The insuree."})
    number: str | None = field(metadata={"doc": "Insurance number."})
    given_name: str = field(metadata={"doc": "Given names."})
    family_name: str = field(metadata={"doc": "Family name."})
    birth_date: date | None = field(metadata={"doc": "Date of birth."})
    sex: Sex | None = field(metadata={"doc": "Sex, empty when unknown."})


def patients_named(work: Work, claims: Sequence[Claim]) -> dict[UUID, ClaimPatient]:
    """The patients by claim; who may read a claim may know whom it is for, wherever that person lives."""
    statement = (
        select(
            *(Insuree.id, Insuree.number, Person.given_name, Person.family_name),
            *(Person.birth_date, Person.sex),
        )
        .join(Person, Person.id == Insuree.person_id)
        .where(Insuree.id.in_({claim.insuree_id for claim in claims}))
    )
    with work.everywhere():
        found = {row[0]: ClaimPatient(*row) for row in work.session.execute(statement)}
    return {claim.id: found[claim.insuree_id] for claim in claims if claim.insuree_id in found}


def lines_named(work: Work, lines: Sequence[ClaimLine]) -> dict[UUID, str]:
    """The names of items and services in the reader's language, by line."""
    french = work.language == "fr"
    parts = [
        select(model.id, (model.name_fr if french else model.name_en).label("name")).where(
            model.id.in_({line.catalogue_id for line in lines if line.kind is kind})
        )
        for kind, model in ((LineKind.ITEM, MedicalItem), (LineKind.SERVICE, MedicalService))
    ]
    names = {row.id: row.name for row in work.session.execute(union_all(*parts))}
    return {line.id: names.get(line.catalogue_id, line.code) for line in lines}
