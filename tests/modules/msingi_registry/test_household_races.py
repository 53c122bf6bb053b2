"""Clerks who correct households and identifiers at the same moment: each household keeps a head, each number one owner."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import Country, count, country

from msingi.actor import Actor
from msingi.errors import DomainError
from msingi.testing import AsUser
from msingi_registry.models.household import HouseholdRole
from msingi_registry.models.identifier import Identifier, IdentifierClaim, IdentifierState
from msingi_registry.models.person import Person
from msingi_registry.plugin import EDIT_PERSONS, READ_PERSONS
from msingi_registry.services.drafts import IdentifierDraft
from msingi_registry.services.household_changes import (
    NewMember,
    found_by_hand,
    join_by_hand,
    leave_by_hand,
)
from msingi_registry.services.identifiers import add_identifier
from msingi_registry.services.registration import register_person

__all__ = ["country"]

LEAVE = "mutation($person: UUID!) { leaveHousehold(personIds: [$person]) }"
JOIN = """mutation($home: UUID!, $person: UUID!) {
  joinHousehold(householdId: $home, members: [{personId: $person, role: SPOUSE}]) { id } }"""
ADD = """mutation($person: UUID!) {
  addIdentifier(personId: $person, input: {type: "national_id", value: "110223344"}) { id } }"""
END = 'mutation($id: UUID!) { endIdentifier(id: $id, reason: "read wrongly") { id } }'
ROUNDS = 6


def _person(country: Country, name: str, year: str) -> UUID:
    with country.platform.work() as work:
        draft = country.draft(given_name=name, family_name=name, birth_date=year)
        return register_person(work, draft).id


def _at_once(country: Country, actor: Actor, *asked: tuple[str, dict[str, str]]) -> list[dict[str, Any]]:
    together = Barrier(len(asked), timeout=60)

    def go(one: tuple[str, dict[str, str]]) -> dict[str, Any]:
        together.wait()
        return country.platform.graphql.run(*one, actor=actor)

    with ThreadPoolExecutor(len(asked)) as clerks:
        return list(clerks.map(go, asked))


@pytest.mark.rule("attack 86")
def test_a_household_that_is_joined_while_its_head_leaves_keeps_a_head(
    country: Country, as_user: AsUser
) -> None:
    clerk = as_user(READ_PERSONS, EDIT_PERSONS, at=country.mokolo)
    head, joiner = _person(country, "Paul", "1950"), _person(country, "Odile", "1960")

    for _ in range(ROUNDS):
        with country.platform.work() as work:
            home = found_by_hand(work, head, country.mokolo, address="").id
        left, joined = _at_once(
            country,
            clerk,
            (LEAVE, {"person": str(head)}),
            (JOIN, {"home": str(home), "person": str(joiner)}),
        )
        with country.platform.work() as work:
            living = set(work.session.scalars(select(Person.id).where(Person.household_id == home)))
            leave_by_hand(work, [head, joiner])

        refused = [one["errors"][0]["extensions"]["code"] for one in (left, joined) if "errors" in one]
        assert refused == ["registry.household_without_head"]
        assert living in (set(), {head, joiner})


@pytest.mark.rule("ID-4", "attack 86")
def test_an_identifier_ended_and_given_again_at_once_is_claimed_as_long_as_somebody_bears_it(
    country: Country, as_user: AsUser
) -> None:
    clerk = as_user(READ_PERSONS, EDIT_PERSONS, at=country.mokolo)
    person = _person(country, "Paul", "1950")
    draft = IdentifierDraft(type="national_id", value="110223344")

    for _ in range(ROUNDS):
        with country.platform.work() as work:
            if not _active(work):
                add_identifier(work, person, draft)
            (borne,) = _active(work)
        answers = _at_once(country, clerk, (ADD, {"person": str(person)}), (END, {"id": str(borne)}))
        with country.platform.work() as work:
            active, claims = _active(work), count(work, IdentifierClaim)

        assert [answer for answer in answers if "errors" in answer] == []
        assert (len(active), claims) == (1, 1)


@pytest.mark.rule("ID-4", "attack 86")
def test_one_identifier_is_ended_once(country: Country, as_user: AsUser) -> None:
    clerk = as_user(READ_PERSONS, EDIT_PERSONS, at=country.mokolo)
    person = _person(country, "Paul", "1950")
    with country.platform.work() as work:
        add_identifier(work, person, IdentifierDraft(type="national_id", value="110223344"))
        (added,) = _active(work)

    answers = _at_once(country, clerk, *[(END, {"id": str(added)})] * 3)

    codes = [answer["errors"][0]["extensions"]["code"] for answer in answers if "errors" in answer]
    assert codes == ["registry.identifier_ended"] * 2


def test_nobody_joins_a_household_that_nobody_heads(country: Country) -> None:
    head, joiner = _person(country, "Paul", "1950"), _person(country, "Odile", "1960")
    with country.platform.work() as work:
        home = found_by_hand(work, head, country.mokolo, address="").id
        leave_by_hand(work, [head])

    newcomer = [NewMember(person_id=joiner, role=HouseholdRole.SPOUSE)]
    with pytest.raises(DomainError) as refusal, country.platform.work() as work:
        join_by_hand(work, home, newcomer)

    assert refusal.value.code == "registry.household_without_head"
    with country.platform.work() as work:
        assert work.get(Person, joiner).household_id is None


def _active(work: Any) -> Sequence[UUID]:
    active: Sequence[UUID] = work.session.scalars(
        select(Identifier.id).where(Identifier.state == IdentifierState.ACTIVE)
    ).all()
    return active
