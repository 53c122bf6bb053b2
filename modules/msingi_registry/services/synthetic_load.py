"""Registers made-up persons of a country, for demonstrations and measurements; nobody real is among them."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.errors import ConfigurationError, NotFound
from msingi.kernel.installation import is_demonstration
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_registry.country import Person, generate_persons, weigh_places
from msingi_registry.models.person import Sex
from msingi_registry.rules.dates import DatePrecision, age_in_years
from msingi_registry.services.drafts import PersonDraft
from msingi_registry.services.registration import register_made_up

BATCH: Final = 1_000
"""Persons in one transaction."""


def load_synthetic_persons(
    platform: Platform,
    iso3: str,
    amount: int,
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Register made-up persons in the first-level places of a loaded country; returns how many.

    Each thousand is a transaction.

    Their telephone numbers are left out: no numbering plan assigns them, so that registration refuses them.

    Raises:
        NotFound: the places of the country are not loaded.
        ConfigurationError: the database holds real data (attack 105).

    """
    if is_demonstration(platform) is False:
        raise ConfigurationError(
            "This database holds real data: made-up persons are for demonstrations only."
        )
    with platform.work(writes=False) as work:
        places, today = _places(work, iso3), work.today()
    persons = generate_persons(iso3, amount, seed=seed, as_of=today)
    registered = 0
    while batch := list(islice(persons, BATCH)):
        with platform.work() as work:
            registered += len(register_made_up(work, list(_drafts(batch, places, today))))
        progress(registered, amount)
    return registered


def _places(work: Work, iso3: str) -> dict[str, UUID]:
    codes = list(weigh_places(iso3))
    rows = work.session.execute(
        select(Jurisdiction.code, Jurisdiction.id).where(Jurisdiction.code.in_(codes))
    )
    found = {row.code: row.id for row in rows}
    if len(found) < len(codes):
        raise NotFound(type="Jurisdiction")
    return found


def _drafts(persons: Sequence[Person], places: Mapping[str, UUID], today: dt.date) -> Iterator[PersonDraft]:
    for person in persons:
        estimated = person.birth_precision is DatePrecision.ESTIMATED
        yield PersonDraft(
            jurisdiction_id=places[person.place_code],
            given_name=person.given_name,
            family_name=person.family_name,
            sex=Sex(person.sex.value),
            birth_date=None if estimated else _written(person.birth_date, person.birth_precision),
            age_years=age_in_years(person.birth_date, today) if estimated else None,
        )


def _written(day: dt.date, precision: DatePrecision) -> str:
    length = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}.get(precision, 10)
    return day.isoformat()[:length]
