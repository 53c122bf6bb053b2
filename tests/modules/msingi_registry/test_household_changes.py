"""Households corrected by hand: founded, joined, left, headed anew; a module that keeps one is asked before."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_registry.person_fixtures import Country, country, country_of, household

from msingi.actor import Actor
from msingi.errors import DomainError, NotFound, StaleVersion
from msingi.ids import new_id
from msingi.plugin import Plugin
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_registry.errors import HouseholdKeptElsewhere
from msingi_registry.hooks import RegistryHooks
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.person import Person
from msingi_registry.plugin import EDIT_PERSONS, LIST_PERSONS, READ_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_registry.services.household_changes import (
    NewMember,
    correct_address,
    found_by_hand,
    head_by_hand,
    join_by_hand,
    leave_by_hand,
)
from msingi_registry.services.households import RegisteredHousehold, register_household
from msingi_registry.services.registration import register_person

__all__ = ["country"]

FOUND = """mutation($head: UUID!, $place: UUID!) {
  foundHousehold(headId: $head, jurisdictionId: $place, address: " Rue  3 ") {
    code address members { id householdRole isHead } } }"""


@pytest.fixture
def home(country: Country) -> RegisteredHousehold:
    """Four people of Mokolo: head, spouse and two children."""
    with country.platform.work() as work:
        return register_household(work, household(country))


def _clerk(country: Country, as_user: AsUser) -> Actor:
    return as_user(READ_PERSONS, LIST_PERSONS, EDIT_PERSONS, at=country.mokolo)


def _lives(country: Country, person_id: UUID) -> tuple[UUID | None, HouseholdRole | None, bool]:
    with country.platform.work() as work:
        person = work.get(Person, person_id)
        return person.household_id, person.household_role, person.is_head


def _act(country: Country, step: Callable[[Work], Any]) -> Any:
    with country.platform.work() as work:
        return step(work)


def test_a_grown_child_founds_a_household_that_a_newcomer_joins(
    country: Country, home: RegisteredHousehold, as_user: AsUser
) -> None:
    child = home.members[2].id
    newcomer = _act(country, lambda work: register_person(work, country.draft(given_name="Odile"))).id
    clerk = _clerk(country, as_user)

    answer = country.platform.graphql.run(
        FOUND, {"head": str(child), "place": str(country.mokolo)}, actor=clerk
    )
    founded = answer["data"]["foundHousehold"]
    household_id = _lives(country, child)[0]
    assert household_id is not None
    _act(
        country,
        lambda work: join_by_hand(
            work, household_id, [NewMember(person_id=newcomer, role=HouseholdRole.SPOUSE)]
        ),
    )

    assert (founded["address"], founded["members"]) == (
        "Rue 3",
        [{"id": str(child), "householdRole": "HEAD", "isHead": True}],
    )
    assert household_id != home.household.id
    assert _lives(country, newcomer) == (household_id, HouseholdRole.SPOUSE, False)


@pytest.mark.parametrize(
    ("leavers", "code"),
    [((0,), "registry.household_without_head"), ((0, 1, 2), "registry.household_without_head"), ((1,), None)],
)
def test_a_head_leaves_last(
    country: Country, home: RegisteredHousehold, leavers: tuple[int, ...], code: str | None
) -> None:
    persons = [home.members[number].id for number in leavers]

    def leave(work: Work) -> None:
        leave_by_hand(work, persons)

    if code is not None:
        with pytest.raises(DomainError) as refusal:
            _act(country, leave)
        assert refusal.value.code == code
    else:
        _act(country, leave)
        assert _lives(country, persons[0]) == (None, None, False)
    assert _lives(country, home.members[0].id) == (home.household.id, HouseholdRole.HEAD, True)


def test_all_leave_together_and_the_household_stays_empty(
    country: Country, home: RegisteredHousehold
) -> None:
    everybody = [member.id for member in home.members]

    _act(country, lambda work: leave_by_hand(work, everybody))

    assert {_lives(country, person) for person in everybody} == {(None, None, False)}


def test_another_member_becomes_head_and_the_address_is_corrected(
    country: Country, home: RegisteredHousehold
) -> None:
    head, spouse = home.members[0].id, home.members[1].id

    def change(work: Work, *, former_role: HouseholdRole, person: UUID) -> Household:
        return head_by_hand(work, home.household.id, person, former_role=former_role, expected_version=None)

    _act(country, lambda work: change(work, former_role=HouseholdRole.SPOUSE, person=spouse))
    corrected = _act(
        country, lambda work: correct_address(work, home.household.id, " Rue  7", expected_version=1)
    )

    assert (_lives(country, head)[1:], _lives(country, spouse)[1:]) == (
        (HouseholdRole.SPOUSE, False),
        (HouseholdRole.HEAD, True),
    )
    assert (corrected.address, corrected.version) == ("Rue 7", 2)
    with pytest.raises(DomainError, match="head"):
        _act(country, lambda work: change(work, former_role=HouseholdRole.HEAD, person=head))
    with pytest.raises(NotFound):
        _act(country, lambda work: change(work, former_role=HouseholdRole.OTHER, person=new_id()))
    with pytest.raises(StaleVersion):
        _act(country, lambda work: correct_address(work, home.household.id, "", expected_version=1))


@pytest.mark.rule("attack 15")
def test_a_clerk_of_another_district_changes_no_household(
    country: Country, home: RegisteredHousehold, as_user: AsUser
) -> None:
    stranger = as_user(READ_PERSONS, EDIT_PERSONS, at=country.garoua)
    spouse = home.members[1].id
    steps: list[Callable[[Work], object]] = [
        lambda work: leave_by_hand(work, [spouse]),
        lambda work: found_by_hand(work, spouse, country.garoua, address=""),
        lambda work: found_by_hand(work, spouse, country.mokolo, address=""),
        lambda work: correct_address(work, home.household.id, "", expected_version=None),
        lambda work: join_by_hand(work, home.household.id, []),
    ]

    for step in steps:
        with (
            pytest.raises(NotFound),
            country.platform.work(stranger) as work,
            work.allowed(EDIT_PERSONS),
        ):
            step(work)
    assert _lives(country, spouse) == (home.household.id, HouseholdRole.SPOUSE, False)


@pytest.mark.rule("INS-1")
def test_a_household_that_another_module_keeps_is_changed_there(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    keeper: Plugin[Any] = Plugin("keeper", requires=("registry",))
    kept: set[UUID] = set()

    @keeper.answer
    def kept_in_household(work: Work, person_ids: Collection[UUID]) -> set[UUID]:
        return kept & set(person_ids)

    assert kept_in_household.__name__ == RegistryHooks.kept_in_household.__name__
    country = country_of(make_platform(registry, keeper))
    home = _act(country, lambda work: register_household(work, household(country)))
    free = _act(country, lambda work: register_person(work, country.draft(given_name="Odile"))).id
    kept.add(home.members[3].id)
    child = [NewMember(person_id=free, role=HouseholdRole.CHILD)]
    steps: list[Callable[[Work], object]] = [
        lambda work: leave_by_hand(work, [home.members[3].id]),
        lambda work: found_by_hand(work, home.members[3].id, country.mokolo, address=""),
        lambda work: join_by_hand(work, home.household.id, child),
        lambda work: head_by_hand(
            work,
            home.household.id,
            home.members[1].id,
            former_role=HouseholdRole.SPOUSE,
            expected_version=None,
        ),
    ]

    for step in steps:
        with pytest.raises(HouseholdKeptElsewhere):
            _act(country, step)
    stranger = as_user(EDIT_PERSONS, at=country.garoua)
    with pytest.raises(NotFound), country.platform.work(stranger) as work, work.allowed(EDIT_PERSONS):
        leave_by_hand(work, [home.members[3].id])
