"""A correction looks for the person among the others, as a registration does; no door searches for strangers' places."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import Country, count, country

from msingi.errors import NotFound
from msingi.testing import AsUser
from msingi.work import Work
from msingi_registry.errors import PossibleDuplicate
from msingi_registry.models.household import HouseholdRole
from msingi_registry.models.person import DuplicateDecision, Person
from msingi_registry.models.search_count import SearchCount
from msingi_registry.plugin import EDIT_PERSONS, READ_PERSONS, REGISTER_PERSONS
from msingi_registry.services.drafts import HouseholdDraft, IdentifierDraft, MemberDraft, PersonChanges
from msingi_registry.services.households import register_household
from msingi_registry.services.identifiers import add_identifier
from msingi_registry.services.persons import update_person
from msingi_registry.services.registration import register_person

__all__ = ["country"]

STRANGER = {
    "given_name": "Odile",
    "family_name": "Kamga",
    "birth_date": "1971-02-03",
    "phone": "677123456",
}


def two(work: Work, country: Country, **fields: Any) -> tuple[Person, Person]:
    """Aïssatou Hamadou, and somebody who is quite another unless the fields say otherwise."""
    return register_person(work, country.draft()), register_person(work, country.draft(**(STRANGER | fields)))


@pytest.mark.rule("ID-12", "ID-17")
@pytest.mark.parametrize(
    ("other", "changes"),
    [
        ({"given_name": "Aïssatou"}, {"family_name": "Hamadou", "birth_date": "1990-05-12"}),
        ({"birth_date": "1990-05-12"}, {"given_name": "Aissatou", "family_name": "Hamadu"}),
        ({"given_name": "Aïssatou", "family_name": "Hamadou", "birth_date": "1961"}, {"birth_date": "1990"}),
    ],
)
def test_a_correction_that_makes_two_records_alike_needs_a_look(
    country: Country, other: dict[str, Any], changes: dict[str, Any]
) -> None:
    with country.platform.work() as work:
        first, second = two(work, country, **other)

    with pytest.raises(PossibleDuplicate) as refusal, country.platform.work() as work:
        update_person(work, second.id, PersonChanges(**changes), expected_version=1)
    with country.platform.work() as work:
        looked = PersonChanges(**changes, acknowledged=[first.id])
        update_person(work, second.id, looked, expected_version=1)
        again = PersonChanges(phone="677999888")
        update_person(work, second.id, again, expected_version=2)
        decision = work.session.scalars(select(DuplicateDecision)).one()

    assert [match["id"] for match in refusal.value.params["matches"]] == [str(first.id)]  # type: ignore[attr-defined]
    assert (decision.person_id, decision.other_id) == (second.id, first.id)


@pytest.mark.rule("ID-12")
def test_a_correction_of_anything_else_asks_nobody(country: Country) -> None:
    with country.platform.work() as work:
        first, second = two(work, country)
        same = PersonChanges(residence="Maroua", phone="677123456", given_name="Odile")
        update_person(work, second.id, same, expected_version=1)
        update_person(work, first.id, PersonChanges(family_name="Hamadu"), expected_version=1)

        assert count(work, DuplicateDecision) == 0


@pytest.mark.rule("ID-4", "ID-12", "ID-17")
def test_an_added_identifier_that_another_person_carries_needs_a_look(country: Country) -> None:
    number = IdentifierDraft(type="programme_number", value="TB-77-1")
    with country.platform.work() as work:
        first, second = two(work, country)
        add_identifier(work, first.id, number)

    with pytest.raises(PossibleDuplicate), country.platform.work() as work:
        add_identifier(work, second.id, number)
    with country.platform.work() as work:
        add_identifier(work, second.id, number, acknowledged=[first.id])
        assert count(work, DuplicateDecision) == 1


@pytest.mark.rule("FR-7", "ID-23", "attack 100")
@pytest.mark.parametrize("door", ["person", "household"])
def test_a_place_out_of_scope_is_refused_before_anybody_is_searched(
    country: Country, as_user: AsUser, door: str
) -> None:
    with country.platform.work() as work:
        register_person(work, country.draft())
    stranger = as_user(REGISTER_PERSONS, READ_PERSONS, EDIT_PERSONS, at=country.garoua)

    with (
        pytest.raises(NotFound) as refusal,
        country.platform.work(stranger) as work,
        work.allowed(REGISTER_PERSONS),
    ):
        _probe(work, country, door)

    assert refusal.value.params == {"type": "Jurisdiction"}
    with country.platform.work() as work:
        assert count(work, SearchCount) == 0


def _probe(work: Work, country: Country, door: str) -> UUID:
    if door == "person":
        return register_person(work, country.draft()).id
    aissatou = country.draft().model_dump(include={"given_name", "family_name", "sex", "birth_date"})
    head = MemberDraft(**aissatou, role=HouseholdRole.HEAD)
    draft = HouseholdDraft(jurisdiction_id=country.mokolo, members=[head])
    return register_household(work, draft).household.id
