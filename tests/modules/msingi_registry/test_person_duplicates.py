"""Nobody is registered twice, whoever registers and wherever; and nobody is taken for somebody else."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import (
    Country,
    count,
    country,
    country_of,
)

from msingi.errors import DomainError, NotFound
from msingi.plugin import Plugin
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_registry.errors import DuplicatePerson, IdentifierTaken, PossibleDuplicate
from msingi_registry.hooks import RegistryHooks
from msingi_registry.models.household import HouseholdRole
from msingi_registry.models.identifier import IdentifierClaim
from msingi_registry.models.person import DuplicateDecision, Person, Sex
from msingi_registry.plugin import EDIT_PERSONS, READ_PERSONS, REGISTER_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_registry.rules.matching import PersonFacts
from msingi_registry.services.drafts import HouseholdDraft, IdentifierDraft, MemberDraft
from msingi_registry.services.duplicates import find_duplicates
from msingi_registry.services.households import register_household
from msingi_registry.services.identifiers import add_identifier
from msingi_registry.services.intake import read_person
from msingi_registry.services.registration import register_person, register_persons

__all__ = ["country"]

PHONE = "677123456"


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


@pytest.mark.rule("ID-23", "attack 100")
@pytest.mark.parametrize("door", ["person", "household", "identifier"])
def test_refusals_that_show_persons_count_as_searches(
    make_platform: MakePlatform, as_user: AsUser, door: str
) -> None:
    country = country_of(make_platform(registry, plugins={"registry": {"searches_per_minute": 2}}))
    identifier = IdentifierDraft(type="national_id", value="1102233")
    with country.platform.work() as work:
        register_person(work, country.draft(identifiers=[identifier]))
        own = register_person(work, country.draft(given_name="Luc", family_name="Nana", birth_date="1950"))
    clerk = as_user(REGISTER_PERSONS, EDIT_PERSONS, at=country.mokolo)
    guess = {"given_name": "Zita", "family_name": "Owona", "birth_date": "1931", "identifiers": [identifier]}

    def probe(work: Work) -> None:
        match door:
            case "person":
                register_person(work, country.draft(**guess))
            case "household":
                member = MemberDraft(**guess, role=HouseholdRole.HEAD)
                register_household(work, HouseholdDraft(jurisdiction_id=country.mokolo, members=[member]))
            case _:
                add_identifier(work, own.id, identifier)

    permission = EDIT_PERSONS if door == "identifier" else REGISTER_PERSONS
    refusals = []
    for _ in range(3):
        with (
            pytest.raises(DomainError) as refusal,
            country.platform.work(clerk) as work,
            work.allowed(permission),
        ):
            probe(work)
        refusals.append(refusal.value.code)

    assert refusals == ["registry.identifier_taken"] * 2 + ["registry.search_too_often"]


@pytest.mark.rule("ID-12", "attack 22")
def test_nobody_declares_a_person_made_up(country: Country, as_user: AsUser) -> None:
    clerk = as_user(REGISTER_PERSONS, READ_PERSONS, at=country.mokolo)
    draft = {"jurisdictionId": str(country.mokolo), "givenName": "Awa", "familyName": "Sali"}

    answer = country.platform.graphql.run(
        "mutation($input: PersonDraft!) { registerPerson(input: $input) { id } }",
        {"input": {**draft, "synthetic": True}},
        actor=clerk,
    )

    assert answer["errors"][0]["extensions"] == {
        "code": "graphql.invalid_variable",
        "params": {"name": "input", "at": "$input", "why": "there is no field “synthetic”"},
    }
    with country.platform.work() as work:
        assert count(work, Person) == 0


@pytest.mark.rule("ID-4", "attack 15")
@pytest.mark.parametrize("known", [True, False])
def test_a_file_number_belongs_to_a_place_of_the_clerk(
    country: Country,
    as_user: AsUser,
    known: bool,  # noqa: FBT001
) -> None:
    clerk = as_user(REGISTER_PERSONS, at=country.mokolo)
    place = country.garoua if known else uuid4()
    identifier = IdentifierDraft(type="file_number", value="7", location_id=place)

    with (
        pytest.raises(NotFound) as refusal,
        country.platform.work(clerk) as work,
        work.allowed(REGISTER_PERSONS),
    ):
        register_person(work, country.draft(identifiers=[identifier]))

    assert refusal.value.params == {"type": "Jurisdiction"}
    with country.platform.work() as work:
        assert (count(work, Person), count(work, IdentifierClaim)) == (0, 0)
