"""A household moves to another place: its record goes, its persons stay registered where they were."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_registry.person_fixtures import Country, country, household

from msingi.actor import Actor
from msingi.errors import NotFound
from msingi.testing import AsUser
from msingi.work import Work
from msingi_registry import Household, Person, RegisteredHousehold, move_household, register_household
from msingi_registry.plugin import EDIT_PERSONS, READ_PERSONS

__all__ = ["country"]


@pytest.fixture
def home(country: Country) -> RegisteredHousehold:
    with country.platform.work() as work:
        return register_household(work, household(country))


def _act(country: Country, step: Callable[[Work], Any]) -> Any:
    with country.platform.work() as work:
        return step(work)


def _act_as(country: Country, actor: Actor, step: Callable[[Work], Any]) -> Any:
    with country.platform.work(actor) as work, work.allowed(EDIT_PERSONS):
        return step(work)


def _record(country: Country, household_id: UUID) -> Household:
    with country.platform.work() as work:
        return work.get(Household, household_id)


def test_a_household_moves_and_its_persons_stay_registered_where_they_were(
    country: Country, home: RegisteredHousehold
) -> None:
    moved = home.household.id

    _act(country, lambda work: move_household(work, moved, country.garoua, address="  Rue  7 "))

    record = _record(country, moved)
    assert (record.jurisdiction_id, record.address, record.code) == (
        country.garoua,
        "Rue 7",
        home.household.code,
    )
    with country.platform.work() as work:
        places = {work.get(Person, member.id).jurisdiction_id for member in home.members}
        homes = {work.get(Person, member.id).household_id for member in home.members}
    assert (places, homes) == ({country.mokolo}, {moved})


def test_a_code_that_another_household_of_the_new_place_bears_is_replaced(
    country: Country, home: RegisteredHousehold
) -> None:
    code = home.household.code
    _act(country, lambda work: work.add(Household(jurisdiction_id=country.garoua, code=code)))

    _act(country, lambda work: move_household(work, home.household.id, country.garoua))

    record = _record(country, home.household.id)
    assert record.jurisdiction_id == country.garoua
    assert record.code != code


@pytest.mark.rule("attack 15")
def test_who_sees_one_of_the_two_places_only_moves_no_household(
    country: Country, home: RegisteredHousehold, as_user: AsUser
) -> None:
    before = _record(country, home.household.id)

    for place in (country.mokolo, country.garoua):
        clerk = as_user(READ_PERSONS, EDIT_PERSONS, at=place)
        with pytest.raises(NotFound):
            _act_as(country, clerk, lambda work: move_household(work, before.id, country.garoua))

    after = _record(country, before.id)
    assert (after.jurisdiction_id, after.version) == (before.jurisdiction_id, before.version)
