"""Persons are registered by every path with the values they were given and health IDs of their own."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import (
    Country,
    count,
    country,
    statements_of,
)

from msingi.actor import Actor
from msingi.errors import DomainError, NotFound
from msingi.testing import AsUser
from msingi_registry.errors import MotherTooYoung, NameMissing
from msingi_registry.models.identifier import Identifier, IdentifierClaim, Uhid, UhidState
from msingi_registry.models.person import Person, PersonSearchKey, Sex
from msingi_registry.plugin import READ_PERSONS, REGISTER_PERSONS
from msingi_registry.rules.dates import DatePrecision
from msingi_registry.rules.identifiers import is_uhid
from msingi_registry.services.drafts import IdentifierDraft, PersonDraft
from msingi_registry.services.registration import register_person, register_persons

__all__ = ["country"]

PHONE = "677123456"


@pytest.mark.rule("ID-1", "ID-3", "CH-03")
def test_a_registered_person_has_a_health_id_of_her_own(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft(phone=PHONE, languages=["ff", "fr"]))
        other = register_person(work, country.draft(given_name="Paul", family_name="Biya", sex=Sex.MALE))

    with country.platform.work() as work:
        uhids = {uhid.person_id: uhid for uhid in work.session.scalars(select(Uhid))}
        stored = work.get(Person, person.id)

    assert set(uhids) == {person.id, other.id}
    assert all(is_uhid(uhid.value) and uhid.state is UhidState.ISSUED for uhid in uhids.values())
    assert uhids[person.id].value != uhids[other.id].value
    assert (stored.given_name, stored.phone, stored.languages) == ("Aïssatou", "+237677123456", ["ff", "fr"])


@pytest.mark.rule("ID-10", "attack 56")
@pytest.mark.parametrize(
    ("fields", "precision", "year"),
    [
        ({"birth_date": "1990-05-12"}, DatePrecision.DAY, 1990),
        ({"birth_date": "1990-05"}, DatePrecision.MONTH, 1990),
        ({"birth_date": "1990"}, DatePrecision.YEAR, 1990),
        ({"birth_date": None, "age_years": 30}, DatePrecision.ESTIMATED, 1996),
    ],
)
def test_a_birth_date_keeps_the_precision_it_was_given_with(
    country: Country, fields: dict[str, Any], precision: DatePrecision, year: int
) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft(**fields))

    assert (person.birth_precision, person.birth_date and person.birth_date.year) == (precision, year)


@pytest.mark.rule("attack 56", "attack 57", "attack 59", "ID-4")
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"birth_date": "0001-01-01"}, "registry.birth_too_long_ago"),
        ({"birth_date": "9999-12-31"}, "registry.birth_in_future"),
        ({"birth_date": "2023-02-29"}, "registry.birth_date_invalid"),
        ({"birth_date": "2020-04-31"}, "registry.birth_date_invalid"),
        ({"birth_date": "2026-03-03"}, "registry.birth_in_future"),
        ({"given_name": "Paul\x00"}, "registry.name_invalid"),
        ({"given_name": "Paul😀"}, "registry.name_invalid"),
        ({"given_name": "1234"}, "registry.name_invalid"),
        ({"given_name": " ", "family_name": " "}, "registry.name_missing"),
        ({"residence": "Quartier\x00Haoussa"}, "text.invalid_character"),
        (
            {"identifiers": [IdentifierDraft(type="national_id", value="7", assigner="\x00")]},
            "text.invalid_character",
        ),
        ({"phone": "12"}, "registry.phone_invalid"),
        ({"uhid": "1234 5678 9012"}, "registry.identifier_invalid"),
        ({"identifiers": [IdentifierDraft(type="passport", value="1")]}, "registry.identifier_type_unknown"),
        (
            {"identifiers": [IdentifierDraft(type="file_number", value="7")]},
            "registry.identifier_location_required",
        ),
        ({"mother_id": uuid4()}, "registry.mother_unknown"),
    ],
)
def test_a_wrong_value_is_refused_in_both_languages_and_nothing_is_written(
    country: Country, fields: dict[str, Any], code: str
) -> None:
    with country.platform.work() as work:
        with pytest.raises(DomainError) as refusal:
            register_person(work, country.draft(**fields))
        english = country.platform.texts.refusal(refusal.value, "en")
        french = country.platform.texts.refusal(refusal.value, "fr")

    assert refusal.value.code == code
    assert english != french
    with country.platform.work() as work:
        assert (count(work, Person), count(work, Uhid), count(work, PersonSearchKey)) == (0, 0, 0)


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize("name", ["N'Djamena", "Ngo'o", "Ould\u00a0Abdallah", "عائشة", "Bénédicte-Joëlle"])
def test_names_of_the_region_are_stored(country: Country, name: str) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft(given_name=name))

    assert person.given_name == name.replace("\u00a0", " ")


@pytest.mark.rule("FR-7")
def test_nobody_registers_outside_the_own_places(country: Country, as_user: AsUser) -> None:
    clerk = as_user(REGISTER_PERSONS, at=country.garoua)

    with pytest.raises(NotFound), country.platform.work(clerk) as work, work.allowed(REGISTER_PERSONS):
        register_person(work, country.draft())

    with country.platform.work() as work:
        assert (count(work, Person), count(work, Uhid)) == (0, 0)


@pytest.mark.rule("ID-8")
@pytest.mark.parametrize("born", ["2019", "2020-02", "2020-03-01"])
def test_a_mother_is_older_than_her_child(country: Country, born: str) -> None:
    with country.platform.work() as work:
        mother = register_person(work, country.draft(birth_date="2020-03-01"))
    child = country.draft(given_name="Zoé", birth_date=born, mother_id=mother.id)

    with pytest.raises(MotherTooYoung), country.platform.work() as work:
        register_person(work, child)


@pytest.mark.rule("ID-8")
def test_a_newborn_without_a_name_is_linked_to_the_mother(country: Country) -> None:
    with country.platform.work() as work:
        mother = register_person(work, country.draft())
        nameless = {"given_name": "", "family_name": "", "birth_date": "2026-03-01"}

        baby = register_person(work, country.draft(**nameless, mother_id=mother.id))
        with pytest.raises(NameMissing):
            register_person(work, country.draft(**nameless))

    assert baby.mother_id == mother.id


@pytest.mark.rule("ID-12")
def test_a_large_batch_costs_no_more_statements_than_a_small_one(country: Country) -> None:
    def draft(number: int) -> PersonDraft:
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")
        return country.draft(
            given_name=f"X{letters}", family_name=f"{letters}wuk", birth_date=str(1930 + number % 90)
        )

    small = statements_of(country, lambda work: register_persons(work, [draft(n) for n in range(2)]))
    large = statements_of(country, lambda work: register_persons(work, [draft(n) for n in range(2, 302)]))

    assert len(large) <= len(small) + 2


@pytest.mark.rule("attack 99")
def test_phones_and_identifiers_are_unreadable_in_the_database(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(
            work,
            country.draft(phone=PHONE, identifiers=[IdentifierDraft(type="national_id", value="110223344")]),
        )

    tables = (Person, Identifier, IdentifierClaim, PersonSearchKey)
    with country.platform.database.read.connect() as connection:
        dump = " ".join(
            str(tuple(row))
            for table in tables
            for row in connection.exec_driver_sql(f"SELECT * FROM {table.__tablename__}")
        )
    assert person.id.hex in dump.replace("-", "")
    assert "677123456" not in dump
    assert "110223344" not in dump


def test_a_refused_caller_leaves_nothing(country: Country, as_user: AsUser) -> None:
    reader = as_user(READ_PERSONS, at=country.mokolo)

    answer = _register(country, reader)

    assert answer["errors"][0]["extensions"]["code"] == "core.forbidden"
    with country.platform.work() as work:
        assert count(work, Person) == 0


@pytest.mark.rule("CH-03")
def test_a_clerk_registers_over_graphql(country: Country, as_user: AsUser) -> None:
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, at=country.mokolo)

    made = _register(country, clerk)["data"]["registerPerson"]
    again = _register(country, clerk)["errors"][0]["extensions"]

    assert is_uhid(made["uhid"])
    assert (made["givenName"], made["phone"]) == ("Aïssatou", None)
    assert again["code"] == "registry.possible_duplicate"
    assert again["params"]["matches"][0]["grade"] == "probable"


def _register(country: Country, actor: Actor) -> dict[str, Any]:
    document = "mutation($input: PersonDraft!) { registerPerson(input: $input) { id givenName phone uhid } }"
    values = {
        "jurisdictionId": str(country.mokolo),
        "givenName": "Aïssatou",
        "familyName": "Hamadou",
        "sex": "FEMALE",
        "birthDate": "1990-05-12",
        "phone": PHONE,
    }
    return country.platform.graphql.run(document, {"input": values}, actor=actor)
