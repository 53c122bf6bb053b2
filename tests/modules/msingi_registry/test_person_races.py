"""Clerks who act at the same moment: one registers, one card is valid, and the others are told so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import Country, count, country

from msingi.testing import AsUser
from msingi_registry.models.identifier import Card, CardState, IdentifierClaim
from msingi_registry.models.person import Person
from msingi_registry.plugin import PRINT_CARDS, READ_PERSONS, REGISTER_PERSONS
from msingi_registry.services.registration import register_person

__all__ = ["country"]

NAMES = [("Paul", "Mbarga"), ("Odile", "Nana"), ("Luc", "Fotso"), ("Awa", "Sali")]


@pytest.mark.rule("ID-4", "ID-12", "attack 97")
def test_of_clerks_with_one_identifier_one_registers_and_the_others_are_refused(
    country: Country, as_user: AsUser
) -> None:
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, at=country.mokolo)

    def register(number: int) -> dict[str, Any]:
        given, family = NAMES[number]
        draft = {
            "jurisdictionId": str(country.mokolo),
            "givenName": given,
            "familyName": family,
            "birthDate": str(1950 + 10 * number),
            "identifiers": [{"type": "national_id", "value": "110223344"}],
        }
        return country.platform.graphql.run(
            "mutation($input: PersonDraft!) { registerPerson(input: $input) { id } }",
            {"input": draft},
            actor=clerk,
        )

    answers = _at_once(register)

    codes = [answer["errors"][0]["extensions"]["code"] for answer in answers if "errors" in answer]
    assert codes == ["registry.identifier_taken"] * 3
    with country.platform.work() as work:
        assert (count(work, Person), count(work, IdentifierClaim)) == (1, 1)


@pytest.mark.rule("ID-6", "attack 97")
def test_cards_issued_at_the_same_moment_leave_one_valid(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
    clerk = as_user(PRINT_CARDS, at=country.mokolo)

    answers = _at_once(
        lambda _number: country.platform.graphql.run(
            "mutation($id: UUID!) { issueCard(personId: $id) { serial } }",
            {"id": str(person.id)},
            actor=clerk,
        )
    )

    assert sorted(answer["data"]["issueCard"]["serial"] for answer in answers) == [1, 2, 3, 4]
    with country.platform.work() as work:
        states = {row.serial: row.state for row in work.session.execute(select(Card.serial, Card.state))}
    assert states == {
        1: CardState.REVOKED,
        2: CardState.REVOKED,
        3: CardState.REVOKED,
        4: CardState.VALID,
    }


def _at_once(step: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    together = Barrier(len(NAMES), timeout=60)

    def wait_and_go(number: int) -> dict[str, Any]:
        together.wait()
        return step(number)

    with ThreadPoolExecutor(len(NAMES)) as clerks:
        return list(clerks.map(wait_and_go, range(len(NAMES))))
