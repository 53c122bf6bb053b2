"""What a search or a refusal shows of a person before a basis of access exists (ID-23)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_registry.models.identifier import Uhid, UhidState
from msingi_registry.models.person import Person, Sex, birth_of
from msingi_registry.rules.masking import mask_person

_SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class MaskedRow:
    """Initials, year of birth, sex, place, and the last four digits of the health ID."""

    person_id: UUID
    initials: str
    birth_year: int | None
    sex: Sex | None
    place: str
    uhid_end: str

    def __str__(self) -> str:
        known = (self.initials, self.birth_year, self.place, f"…{self.uhid_end}" if self.uhid_end else None)
        return ", ".join(str(part) for part in known if part)


def masked_columns() -> Select[*tuple[Any, ...]]:
    """The columns that a masked view is made from; add criteria to it."""
    issued = and_(Uhid.person_id == Person.id, Uhid.state == UhidState.ISSUED)
    return (
        select(
            Person.id,
            Person.given_name,
            Person.family_name,
            Person.other_names,
            Person.sex,
            Person.birth_date,
            Person.birth_precision,
            Jurisdiction.name.label("place"),
            Uhid.value.label("uhid"),
        )
        .join(Jurisdiction, Jurisdiction.id == Person.jurisdiction_id)
        .join(Uhid, issued, isouter=True)
    )


def masked(row: Any) -> MaskedRow:
    """The masked view of one row of ``masked_columns``."""
    birth = birth_of(row.birth_date, row.birth_precision)
    view = mask_person(row.given_name or row.other_names, row.family_name, birth)
    return MaskedRow(
        row.id, view.initials, view.birth_year, row.sex, row.place, (row.uhid or "")[-_SHOWN_DIGITS:]
    )


def masked_rows(work: Work, person_ids: Collection[UUID]) -> dict[UUID, MaskedRow]:
    """The masked views of these persons by id, in one statement."""
    if not person_ids:
        return {}
    found = work.session.execute(masked_columns().where(Person.id.in_(sorted(person_ids))))
    return {row.id: masked(row) for row in found}
