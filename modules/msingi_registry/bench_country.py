"""Fills a database with synthetic persons for measurements: fast, past the audit trail, never over real data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, func, insert, select

from msingi.ids import new_id
from msingi.keyring import Keyring
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.table_statistics import learn_statistics
from msingi_registry.country import Person as MadeUp
from msingi_registry.country import generate_persons
from msingi_registry.models.person import (
    IndexKind,
    NameWord,
    Person,
    PersonSearchKey,
    PersonStatus,
    Sex,
)
from msingi_registry.rules.dates import BirthDate
from msingi_registry.services.person_index import IndexedPerson, all_names, key_rows, word_rows

REGIONS: Final = 10
DISTRICTS: Final = 200
_AS_OF: Final = date(2026, 3, 1)
_STEP: Final = 10_000


@dataclass(frozen=True, slots=True)
class FilledCountry:
    """A country of ten regions and two hundred districts, and some of the persons in it."""

    districts: Mapping[str, UUID]
    sample: Sequence[MadeUp]


def fill_country(platform: Platform, amount: int, *, sampled: int = 2_000) -> FilledCountry:
    """Write ``amount`` synthetic persons with their search keys, unless the database holds as many already."""
    districts = _districts(platform)
    weights = {code: 1 + position % 7 for position, code in enumerate(districts)}
    people = generate_persons("CMR", amount, seed=1, as_of=_AS_OF, places=weights)
    sample: list[MadeUp] = []
    engine = platform.database.write
    present = _count(engine)
    words: set[str] = set()
    for chunk in _steps(people):
        sample.extend(islice(chunk, max(1, sampled * _STEP // amount)))
        if present < amount:
            words |= _write(engine, platform.keyring, chunk, districts)
    if words:
        with engine.begin() as connection:
            connection.execute(insert(NameWord.__table__), word_rows(words))  # type: ignore[arg-type]
            learn_statistics(connection)
    return FilledCountry(districts, sample)


def _districts(platform: Platform) -> dict[str, UUID]:
    with platform.work() as work:
        known = select(Jurisdiction.code, Jurisdiction.id).where(Jurisdiction.level == 2)  # noqa: PLR2004
        found = {row.code: row.id for row in work.session.execute(known.order_by(Jurisdiction.code))}
        if found:
            return found
        places = [NewPlace("CM", "Country")]
        places += [NewPlace(f"R{number}", f"Région {number}", "CM") for number in range(REGIONS)]
        places += [
            NewPlace(f"D{number:03}", f"District {number}", f"R{number % REGIONS}")
            for number in range(DISTRICTS)
        ]
        ids = add_places(work, places)
    return {code: ids[code] for code in sorted(ids) if code.startswith("D")}


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(Person.__table__)) or 0)


def _steps(people: Iterator[MadeUp]) -> Iterator[list[MadeUp]]:
    while chunk := list(islice(people, _STEP)):
        yield chunk


def _write(
    engine: Engine, keyring: Keyring, people: Sequence[MadeUp], places: Mapping[str, UUID]
) -> set[str]:
    """Write one step and return the words of its names."""
    ids = [new_id() for _ in people]
    keys = key_rows(keyring, [_indexed(one, key, places) for one, key in zip(people, ids, strict=True)])
    with engine.begin() as connection:
        rows = [_row(one, key, places) for one, key in zip(people, ids, strict=True)]
        connection.execute(insert(Person.__table__), rows)  # type: ignore[arg-type]
        connection.execute(insert(PersonSearchKey.__table__), keys)  # type: ignore[arg-type]
    return {row["value"] for row in keys if row["kind"] is IndexKind.WORD}


def _indexed(one: MadeUp, person_id: UUID, places: Mapping[str, UUID]) -> IndexedPerson:
    return IndexedPerson(
        person_id=person_id,
        jurisdiction_id=places[one.place_code],
        names=all_names(one.given_name, one.family_name),
        birth=BirthDate(one.birth_date, one.birth_precision),
        phones=frozenset({one.phone} if one.phone else ()),
    )


def _row(one: MadeUp, person_id: UUID, places: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": person_id,
        "jurisdiction_id": places[one.place_code],
        "given_name": one.given_name,
        "family_name": one.family_name,
        "other_names": "",
        "sex": Sex(one.sex.value),
        "birth_date": one.birth_date,
        "birth_precision": one.birth_precision,
        "phone": one.phone or None,
        "languages": [],
        "residence": "",
        "is_head": False,
        "synthetic": True,
        "status": PersonStatus.ACTIVE,
        "version": 1,
    }
