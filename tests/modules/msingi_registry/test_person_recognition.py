"""A person is recognised by card or health ID, and nobody is by guessing."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import Country, country

from msingi.audit.models import AuditEntry
from msingi.errors import NotFound
from msingi.testing import AsUser
from msingi_registry.plugin import LIST_PERSONS, READ_PERSONS
from msingi_registry.services.cards import issue_card
from msingi_registry.services.persons import (
    AccessBasis,
    recognise_person,
)
from msingi_registry.services.registration import register_person
from msingi_registry.services.uhids import lease_block, uhids_of

__all__ = ["country"]


@pytest.mark.rule("CH-05", "ID-6", "FR-7")
def test_a_card_is_recognised_in_another_facility_and_the_reading_is_kept(
    country: Country, as_user: AsUser
) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft())
        card = issue_card(work, person.id)
    nurse = as_user(READ_PERSONS, at=country.garoua)
    document = "query($code: String!) { recognisePerson(code: $code, basis: CARE) { id familyName } }"

    answer = country.platform.graphql.run(document, {"code": card.code}, actor=nurse)

    assert answer["data"]["recognisePerson"] == {"id": str(person.id), "familyName": "Hamadou"}
    with country.platform.work() as work:
        kept = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "open")).one()
    assert (kept.actor_id, kept.entity_id, kept.changes["basis"]) == (nurse.id, person.id, "care")


@pytest.mark.rule("ID-23", "CH-05")
def test_a_typed_health_id_of_another_place_needs_the_year_of_birth(
    country: Country, as_user: AsUser
) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft(birth_date="1984-05-02"))
        uhid = uhids_of(work, [person.id])[person.id]
    stranger, neighbour = as_user(READ_PERSONS, at=country.garoua), as_user(READ_PERSONS, at=country.mokolo)
    document = """query($code: String!, $year: Int) {
      recognisePerson(code: $code, basis: CARE, birthYear: $year) { id } }"""

    def ask(actor: Any, year: int | None) -> Any:
        return country.platform.graphql.run(document, {"code": uhid, "year": year}, actor=actor)

    answers = [ask(stranger, None), ask(stranger, 1985), ask(stranger, 1984), ask(neighbour, None)]

    assert [answer["data"] is None for answer in answers] == [True, True, False, False]
    assert {answer["errors"][0]["extensions"]["code"] for answer in answers[:2]} == {"core.not_found"}


@pytest.mark.rule("ID-23")
def test_guessing_health_ids_uses_the_searches_up(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        _, values = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)
    guesser = as_user(READ_PERSONS, at=country.garoua)
    document = "query($code: String!) { recognisePerson(code: $code, basis: CARE) { id } }"

    codes = [
        country.platform.graphql.run(document, {"code": value}, actor=guesser)["errors"][0]["extensions"][
            "code"
        ]
        for value in values[:20]
    ]

    assert "registry.search_too_often" in codes
    assert codes.index("registry.search_too_often") <= 12


@pytest.mark.rule("ID-23")
def test_full_records_are_listed_only_by_those_who_may_list(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        register_person(work, country.draft())
    clerk = as_user(READ_PERSONS, at=country.mokolo)
    manager = as_user(READ_PERSONS, LIST_PERSONS, at=country.mokolo)
    document = "{ persons { nodes { familyName } } }"

    refused = country.platform.graphql.run(document, actor=clerk)
    listed = country.platform.graphql.run(document, actor=manager)

    assert refused["errors"][0]["extensions"]["code"] == "core.forbidden"
    assert listed["data"]["persons"]["nodes"] == [{"familyName": "Hamadou"}]


@pytest.mark.rule("CH-05")
def test_an_unknown_health_id_is_nobody(country: Country) -> None:
    with country.platform.work() as work:
        _, values = lease_block(work, device="tablet-1", jurisdiction_id=country.mokolo)

        with pytest.raises(NotFound):
            recognise_person(work, values[0], basis=AccessBasis.CARE)
