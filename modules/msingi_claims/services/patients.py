"""The patients of claims, wherever they live: what the rules need to know of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from msingi.work import Work
from msingi_claims.rules.codes import Sex
from msingi_claims.rules.values import Patient
from msingi_insurance import Family, Insuree, InsureeStatus
from msingi_registry import Person, birth_of
from msingi_registry import Sex as PersonSex

UNKNOWN_BIRTH: Final = date(1900, 1, 1)
"""A patient whose birth date nobody knows counts as an adult."""
_SEXES: Final = {PersonSex.MALE: Sex.MALE, PersonSex.FEMALE: Sex.FEMALE, PersonSex.OTHER: Sex.OTHER}


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """An insuree as a patient, on whatever day."""

    insuree_id: UUID
    person_id: UUID
    death_date: date | None
    _row: Any

    def on(self, day: date | None) -> Patient:
        """The patient as the rules see one on a day; without a day, on any."""
        row, birth = self._row, birth_of(self._row.birth_date, self._row.birth_precision)
        return Patient(
            id=self.insuree_id,
            birth_date=row.birth_date or UNKNOWN_BIRTH,
            sex=_SEXES.get(row.sex, Sex.UNKNOWN),
            is_valid=day is None or self._is_valid(day),
            born_from=None if birth is None else birth.earliest,
        )

    def _is_valid(self, day: date) -> bool:
        row = self._row
        if row.family_from is not None and not _holds(row.family_from, row.family_to, day):
            return False
        if self.death_date is not None and self.death_date < day:
            return False
        ended = row.status is not InsureeStatus.ACTIVE and (row.status_on is None or row.status_on < day)
        return _holds(row.valid_from, row.valid_to, day) and not ended


def patients_of(work: Work, insuree_ids: Collection[UUID]) -> Mapping[UUID, PatientFacts]:
    """The patients by insuree, in one statement."""
    with work.everywhere():
        rows = work.session.execute(_patients(), {"insurees": sorted(set(insuree_ids))}).all()
    return {row.id: PatientFacts(row.id, row.person_id, row.death_date, row) for row in rows}


@cache
def _patients() -> Any:
    """Built once: to build it costs more than to run it for one patient."""
    return (
        select(
            *(Insuree.id, Insuree.person_id, Insuree.status, Insuree.status_on),
            *(Insuree.valid_from, Insuree.valid_to),
            *(Person.birth_date, Person.birth_precision, Person.sex, Person.death_date),
            Family.valid_from.label("family_from"),
            Family.valid_to.label("family_to"),
        )
        .join(Person, Person.id == Insuree.person_id)
        .outerjoin(Family, Family.id == Insuree.family_id)
        .where(Insuree.id.in_(bindparam("insurees", expanding=True)))
    )


def _holds(first: date, end: date | None, day: date) -> bool:
    return first <= day and (end is None or day < end)
