"""A household is registered whole or not at all, with each of its members once."""

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import (
    Country,
    count,
    country,
    household,
    statements_of,
)

from msingi.errors import DomainError
from msingi_registry.errors import RepeatedInBatch, UnknownMother
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.identifier import Uhid
from msingi_registry.models.person import Person
from msingi_registry.services.drafts import HouseholdDraft, MemberDraft
from msingi_registry.services.households import register_household
from msingi_registry.services.registration import register_person

__all__ = ["country"]


@pytest.mark.rule("ID-12", "CH-03")
def test_a_household_is_registered_whole(country: Country) -> None:
    with country.platform.work() as work:
        made = register_household(work, household(country))

    with country.platform.work() as work:
        members = {person.given_name: person for person in work.session.scalars(select(Person))}
    assert made.household.code.startswith("H")
    assert {person.household_id for person in members.values()} == {made.household.id}
    assert members["Marie"].is_head
    assert members["Aline"].mother_id == members["Marie"].id
    assert members["Paul"].household_role is HouseholdRole.CHILD


@pytest.mark.rule("ID-12")
def test_a_household_costs_the_same_statements_whatever_its_size(country: Country) -> None:
    four = statements_of(country, lambda work: register_household(work, household(country)))
    names = [f"{first}{second}ko" for first in "bdfgjklmnp" for second in "aeiou"][:40]
    many = HouseholdDraft(
        jurisdiction_id=country.garoua,
        members=[
            MemberDraft(given_name=name, family_name="Zoua", birth_date="1999", role=HouseholdRole.OTHER)
            if number
            else MemberDraft(
                given_name="Chef", family_name="Zoua", birth_date="1960", role=HouseholdRole.HEAD
            )
            for number, name in enumerate(names)
        ],
    )

    forty = statements_of(country, lambda work: register_household(work, many))

    assert len(four) <= 12
    assert len(forty) <= len(four)


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (["head", "head"], "registry.household_with_two_heads"),
        (["child", "child"], "registry.household_without_head"),
    ],
)
def test_a_household_has_one_head(country: Country, roles: list[str], code: str) -> None:
    members = [
        MemberDraft(given_name=name, family_name="Kamga", role=HouseholdRole(role))
        for name, role in zip(["Jean", "Odile"], roles, strict=True)
    ]
    with country.platform.work() as work, pytest.raises(DomainError) as refusal:
        register_household(work, HouseholdDraft(jurisdiction_id=country.mokolo, members=members))

    assert refusal.value.code == code


@pytest.mark.rule("ID-12")
def test_one_refused_member_refuses_the_household_and_is_named(country: Country) -> None:
    draft = household(country)
    members = [
        *draft.members[:3],
        draft.members[3].model_copy(update={"birth_date": "2050", "age_years": None}),
    ]

    with country.platform.work() as work, pytest.raises(DomainError) as refusal:
        register_household(work, draft.model_copy(update={"members": members}))

    assert (refusal.value.code, refusal.value.params["member"]) == ("registry.birth_in_future", 3)
    with country.platform.work() as work:
        assert (count(work, Household), count(work, Person), count(work, Uhid)) == (0, 0, 0)


def test_a_person_joins_a_registered_household(country: Country) -> None:
    with country.platform.work() as work:
        made = register_household(work, household(country))

        joined = register_person(
            work, country.draft(household_id=made.household.id, role=HouseholdRole.RELATIVE)
        )
        with pytest.raises(DomainError) as refusal:
            register_person(
                work,
                country.draft(given_name="Zita", household_id=made.household.id, role=HouseholdRole.HEAD),
            )

    assert joined.household_id == made.household.id
    assert refusal.value.code == "registry.household_with_two_heads"


@pytest.mark.rule("ID-12")
def test_the_same_person_twice_in_a_household_is_refused(country: Country) -> None:
    draft = household(country)
    doubled = draft.model_copy(update={"members": [*draft.members, draft.members[2]]})

    with country.platform.work() as work, pytest.raises(RepeatedInBatch) as refusal:
        register_household(work, doubled)

    assert refusal.value.params == {"other": 3, "member": 4}
    with country.platform.work() as work:
        assert (count(work, Household), count(work, Person)) == (0, 0)


@pytest.mark.rule("ID-8", "ID-12")
def test_twins_of_a_household_tell_their_order(country: Country) -> None:
    draft = household(country)
    twin = draft.members[2].model_copy(update={"birth_date": "2026-02-28"})
    twins = [
        twin.model_copy(update={"given_name": name, "birth_order": order})
        for order, name in enumerate(["Paul", "Paule"], start=1)
    ]

    with country.platform.work() as work:
        made = register_household(work, draft.model_copy(update={"members": [draft.members[0], *twins]}))

    assert [(member.given_name, member.birth_order) for member in made.members[1:]] == [
        ("Paul", 1),
        ("Paule", 2),
    ]


@pytest.mark.rule("ID-8")
def test_a_man_is_nobodys_mother(country: Country) -> None:
    draft = household(country)
    child = draft.members[2].model_copy(update={"mother_member": 1})

    with country.platform.work() as work, pytest.raises(UnknownMother) as refusal:
        register_household(work, draft.model_copy(update={"members": [*draft.members[:2], child]}))

    assert refusal.value.params == {"member": 2}
