"""Who insurees are: what the registry knows of the persons behind them, wherever they were registered (INS-8)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_registry import Person, Sex


@dataclass(frozen=True, slots=True)
class InsureeIdentity:
    """Who an insuree is, for those who see the insuree; the record of the person has its own readers."""

    given_name: str = field(metadata={"doc": "Given names; empty when there is none."})
    family_name: str = field(metadata={"doc": "Family name; empty when there is none."})
    sex: Sex | None = field(metadata={"doc": "Sex, empty when unknown."})
    birth_date: date | None = field(metadata={"doc": "Date of birth; what is not known of it stands as 1."})


def identities_of(work: Work, person_ids: Collection[UUID]) -> dict[UUID, InsureeIdentity]:
    """The identities by person, in one statement; the caller sees the insurees."""
    statement = select(
        *(Person.id, Person.given_name, Person.family_name, Person.sex, Person.birth_date),
    ).where(Person.id.in_(list(person_ids)))
    with work.everywhere():
        return {row.id: InsureeIdentity(*row[1:]) for row in work.session.execute(statement)}
