"""Persons and households are registered once, by every path, with health IDs of their own."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import (
    Country,
    count,
    country,
    country_of,
    household,
    statements_of,
)

from msingi.actor import Actor
from msingi.errors import DomainError, NotFound
from msingi.plugin import Plugin
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_registry.errors import DuplicatePerson, IdentifierTaken, NameMissing, PossibleDuplicate
from msingi_registry.hooks import RegistryHooks
from msingi_registry.models.household import Household, HouseholdRole
from msingi_registry.models.identifier import Identifier, IdentifierClaim, Uhid, UhidState
from msingi_registry.models.person import DuplicateDecision, Person, PersonSearchKey, Sex
from msingi_registry.plugin import READ_PERSONS, REGISTER_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_registry.rules.dates import DatePrecision
from msingi_registry.rules.identifiers import is_uhid
from msingi_registry.rules.matching import PersonFacts
from msingi_registry.services.drafts import HouseholdDraft, IdentifierDraft, MemberDraft, PersonDraft
from msingi_registry.services.duplicates import find_duplicates
from msingi_registry.services.households import register_household
from msingi_registry.services.intake import read_person
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


@pytest.mark.rule("attack 57", "ID-12")
def test_a_look_alike_of_a_registered_person_is_flagged(country: Country) -> None:
    with country.platform.work() as work:
        register_person(work, country.draft(given_name="Paul", family_name="Mbarga"))

        with pytest.raises(PossibleDuplicate) as refusal:
            register_person(work, country.draft(given_name="\u0420\u0430ul", family_name="Mbarga"))

    assert "look_alike_name" in refusal.value.params["matches"][0]["reasons"]  # type: ignore[index]


@pytest.mark.rule("ID-9", "ID-12")
def test_a_shared_national_identifier_is_a_certain_duplicate(country: Country) -> None:
    identifier = IdentifierDraft(type="national_id", value="110-22 33")
    with country.platform.work() as work:
        first = register_person(work, country.draft(identifiers=[identifier]))

        with pytest.raises(DuplicatePerson) as refusal:
            register_person(
                work,
                country.draft(
                    jurisdiction_id=country.garoua,
                    identifiers=[IdentifierDraft(type="national_id", value="1102233")],
                    acknowledged=[first.id],
                ),
            )

    assert refusal.value.params["candidate_id"] == str(first.id)
    assert str(refusal.value.params["candidate"]).startswith("A. H., 1990, Mokolo, …")


@pytest.mark.rule("ID-4", "ID-9")
def test_an_identifier_of_somebody_who_differs_is_refused_whatever_is_acknowledged(country: Country) -> None:
    identifiers = [IdentifierDraft(type="national_id", value="1102233")]
    with country.platform.work() as work:
        first = register_person(work, country.draft(identifiers=identifiers))
        other = country.draft(
            given_name="Pierre",
            family_name="Kamga",
            sex=Sex.MALE,
            birth_date="1950",
            identifiers=identifiers,
            acknowledged=[first.id],
        )

        with pytest.raises(IdentifierTaken):
            register_person(work, other)

        assert count(work, Person) == 1


@pytest.mark.rule("ID-9", "ID-10", "ID-12", "ID-17", "CH-03")
@pytest.mark.parametrize(
    "fields",
    [
        {"given_name": "Hamadou", "family_name": "Aissatou"},
        {"given_name": "Aïssatou", "family_name": "Hamadu"},
        {"given_name": "AISSATOU", "family_name": "El Hamadou"},
    ],
    ids=["swapped", "misspelt", "particle"],
)
def test_a_likely_duplicate_is_refused_until_it_is_acknowledged(
    country: Country, fields: dict[str, Any]
) -> None:
    with country.platform.work() as work:
        first = register_person(work, country.draft())

        with pytest.raises(PossibleDuplicate) as refusal:
            register_person(work, country.draft(**fields))
        second = register_person(work, country.draft(**fields, acknowledged=[first.id]))
        decision = work.session.scalars(select(DuplicateDecision)).one()

    assert [match["id"] for match in refusal.value.params["matches"]] == [str(first.id)]  # type: ignore[attr-defined]
    assert (decision.person_id, decision.other_id) == (second.id, first.id)


@pytest.mark.rule("ID-9")
def test_a_common_name_alone_is_no_duplicate_of_another_generation(country: Country) -> None:
    with country.platform.work() as work:
        register_person(work, country.draft(birth_date="1950-01-01"))

        register_person(work, country.draft(birth_date="1990-05-12"))

        assert count(work, Person) == 2


@pytest.mark.rule("ID-12", "FR-7")
def test_the_check_sees_the_whole_country_and_shows_only_masked_facts(
    country: Country, as_user: AsUser
) -> None:
    with country.platform.work() as work:
        register_person(work, country.draft(jurisdiction_id=country.garoua))
    clerk = as_user(REGISTER_PERSONS, at=country.mokolo)

    with (
        country.platform.work(clerk) as work,
        work.allowed(REGISTER_PERSONS),
        pytest.raises(PossibleDuplicate) as refusal,
    ):
        register_person(work, country.draft())

    assert "Hamadou" not in str(refusal.value)
    assert str(refusal.value.params["candidates"]).startswith("A. H., 1990, Garoua, …")


@pytest.mark.rule("FR-7")
def test_nobody_registers_outside_the_own_places(country: Country, as_user: AsUser) -> None:
    clerk = as_user(REGISTER_PERSONS, at=country.garoua)

    with pytest.raises(NotFound), country.platform.work(clerk) as work, work.allowed(REGISTER_PERSONS):
        register_person(work, country.draft())

    with country.platform.work() as work:
        assert (count(work, Person), count(work, Uhid)) == (0, 0)


@pytest.mark.rule("ID-8")
def test_a_newborn_without_a_name_is_linked_to_the_mother(country: Country) -> None:
    with country.platform.work() as work:
        mother = register_person(work, country.draft())
        nameless = {"given_name": "", "family_name": "", "birth_date": "2026-03-01"}

        baby = register_person(work, country.draft(**nameless, mother_id=mother.id))
        with pytest.raises(NameMissing):
            register_person(work, country.draft(**nameless))

    assert baby.mother_id == mother.id


@pytest.mark.rule("ID-8")
def test_twins_with_an_order_are_two_persons(country: Country) -> None:
    with country.platform.work() as work:
        mother = register_person(
            work, country.draft(given_name="Marie", family_name="Ngono", birth_date="1995")
        )
        twin = {"birth_date": "2026-02-01", "mother_id": mother.id, "phone": PHONE}
        register_person(work, country.draft(**twin, given_name="Joëlle", birth_order=1))

        register_person(work, country.draft(**twin, given_name="Joëlla", birth_order=2))

        assert count(work, Person) == 3


@pytest.mark.rule("ID-12")
def test_a_batch_registers_the_good_drafts_and_answers_for_each_other_one(country: Country) -> None:
    identifiers = [IdentifierDraft(type="insurance_number", value="A-1")]
    drafts = [
        country.draft(),
        country.draft(given_name="Aissatou"),
        country.draft(given_name="Paul", birth_date="2050"),
        country.draft(given_name="Jean", family_name="Kamga", identifiers=identifiers),
        country.draft(given_name="Luc", family_name="Nana", birth_date="1970", identifiers=identifiers),
    ]

    with country.platform.work() as work:
        outcome = register_persons(work, drafts)
        people = count(work, Person)

    assert sorted(outcome.registered) == [0, 3]
    assert {position: refusal.code for position, refusal in outcome.refused.items()} == {
        1: "registry.repeated_in_batch",
        2: "registry.birth_in_future",
        4: "registry.repeated_in_batch",
    }
    assert people == 2


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


@pytest.mark.rule("ID-9")
def test_another_plugin_may_name_candidates(make_platform: MakePlatform) -> None:
    neighbour = Plugin("neighbour", requires=["registry"])
    known: list[UUID] = []

    @neighbour.answer
    def find_candidates(work: Work, person: PersonFacts) -> list[UUID]:
        return known

    assert find_candidates.__name__ == RegistryHooks.find_candidates.__name__
    country = country_of(make_platform(registry, neighbour))
    with country.platform.work() as work:
        first = register_person(work, country.draft(birth_date="1990"))
        resembling = country.draft(family_name="Bamadou", birth_date="1990")
        assert (
            find_duplicates(work, [read_person(work, resembling, jurisdiction_id=country.mokolo)])[0].matches
            == ()
        )

        known.append(first.id)
        with pytest.raises(PossibleDuplicate):
            register_person(work, resembling)


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
