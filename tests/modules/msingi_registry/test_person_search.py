"""A clerk finds persons by what is remembered of them, inside the own places, masked and not too often."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import Country, country, country_of, household

from msingi.actor import EVERYWHERE
from msingi.audit.models import AuditEntry
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_registry.errors import SearchTooBroad, SearchTooOften
from msingi_registry.models.person import Sex
from msingi_registry.plugin import LIST_PERSONS, READ_CONTACTS, READ_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_registry.services.drafts import IdentifierDraft, PersonChanges
from msingi_registry.services.households import register_household
from msingi_registry.services.masked import MaskedRow
from msingi_registry.services.person_index import forget_persons, rebuild_index
from msingi_registry.services.persons import update_person
from msingi_registry.services.registration import register_person
from msingi_registry.services.search import PersonQuery, search_persons
from msingi_registry.services.uhids import uhids_of

__all__ = ["country"]


def find(work: Work, **query: Any) -> list[MaskedRow]:
    """Search over the whole country."""
    with work.scoped(EVERYWHERE):
        return search_persons(work, PersonQuery(**query))


@pytest.mark.rule("ID-10")
@pytest.mark.parametrize(
    "name",
    [
        "Aïssatou Hamadou",
        "hamadou aissatou",
        "AISSATU HAMADU",
        "aissa",
        "ais ham",
        "hamadou",
        "Aissatou El Hamadou",
        "Essatou",
        "a hamadou",
    ],
)
def test_a_name_is_found_however_it_is_written(country: Country, name: str) -> None:
    with country.platform.work() as work:
        wanted = register_person(work, country.draft())
        register_person(work, country.draft(given_name="Odile", family_name="Kamga", birth_date="1971"))

        found = find(work, name=name)

    assert [row.person_id for row in found] == [wanted.id]


@pytest.mark.rule("attack 57")
@pytest.mark.parametrize("name", ["N'Djamena", "Ngo'o", "Ould Abdallah", "عائشة"])
def test_names_of_the_region_are_searched(country: Country, name: str) -> None:
    with country.platform.work() as work:
        wanted = register_person(work, country.draft(given_name=name, family_name=""))

        found = find(work, name=name.replace("'", ""))

    assert [row.person_id for row in found] == [wanted.id]


@pytest.mark.rule("ID-23")
def test_every_remembered_fact_narrows_the_search(country: Country) -> None:
    with country.platform.work() as work:
        wanted = register_person(work, country.draft(phone="677123456"))
        register_person(work, country.draft(birth_date="1950", given_name="Aïssatou"))
        register_person(work, country.draft(jurisdiction_id=country.garoua, birth_date="1975-01-01"))
        (uhid,) = uhids_of(work, [wanted.id]).values()

        by_year = find(work, name="Hamadou", birth_year=1990)
        by_phone = find(work, phone="+237 677 12 34 56")
        by_phone_and_other_name = find(work, phone="677123456", name="Kamga")
        by_code = find(work, code=f"{uhid[:4]} {uhid[4:8]} {uhid[8:]}")
        by_code_and_other_year = find(work, code=uhid, birth_year=1950)
        in_garoua = find(work, name="Hamadou", within=country.garoua)

    wanted_only = [wanted.id]
    assert [row.person_id for row in by_year] == wanted_only
    assert [row.person_id for row in by_phone] == wanted_only
    assert [row.person_id for row in by_code] == wanted_only
    assert [row.birth_year for row in in_garoua] == [1975]
    assert (by_phone_and_other_name, by_code_and_other_year) == ([], [])


@pytest.mark.rule("ID-4", "attack 59", "attack 99")
def test_an_identifier_is_found_by_its_normal_form(country: Country) -> None:
    with country.platform.work() as work:
        identifier = IdentifierDraft(type="national_id", value="CM-110 22")
        wanted = register_person(work, country.draft(identifiers=[identifier]))

        found = find(work, code=" cm11022 ")

    assert [row.person_id for row in found] == [wanted.id]


def test_the_members_of_a_household_are_found_by_its_code(country: Country) -> None:
    with country.platform.work() as work:
        made = register_household(work, household(country))

        members = find(work, household=made.household.code)
        mbargas = find(work, household=made.household.code, name="mbarga")

    assert len(members) == 4
    assert len(mbargas) == 3


@pytest.mark.rule("ID-23")
def test_a_match_shows_initials_year_sex_place_and_the_end_of_the_health_id(country: Country) -> None:
    with country.platform.work() as work:
        wanted = register_person(work, country.draft())
        (uhid,) = uhids_of(work, [wanted.id]).values()

        (row,) = find(work, name="Hamadou")

    assert row == MaskedRow(wanted.id, "A. H.", 1990, Sex.FEMALE, "Mokolo", uhid[-4:])


@pytest.mark.rule("FR-7", "ID-23")
def test_nobody_finds_persons_of_other_places(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        here = register_person(work, country.draft(phone="677123456"))
        there = register_person(
            work, country.draft(jurisdiction_id=country.garoua, birth_date="1961", phone="677123457")
        )
        uhids = uhids_of(work, [there.id])
    clerk = as_user(READ_PERSONS, at=country.mokolo)

    with country.platform.work(clerk, writes=False) as work, work.allowed(READ_PERSONS):
        found = {
            query: [row.person_id for row in search_persons(work, PersonQuery(**{query: value}))]
            for query, value in {"name": "Hamadou", "phone": "677123457", "code": uhids[there.id]}.items()
        }

    assert found == {"name": [here.id], "phone": [], "code": []}


@pytest.mark.rule("ID-23")
def test_a_search_shows_at_most_twenty(country: Country) -> None:
    with country.platform.work() as work:
        for number in range(25):
            letters = chr(ord("a") + number)
            register_person(
                work,
                country.draft(given_name=f"{letters}o{letters}i{letters}", birth_date=str(1930 + number * 3)),
            )

        found = find(work, name="Hamadou")

    assert len(found) == 20


@pytest.mark.rule("ID-23")
@pytest.mark.parametrize("query", [{}, {"name": "a"}, {"name": "ab c"}, {"birth_year": 1990}])
def test_a_search_names_somebody(country: Country, query: dict[str, Any]) -> None:
    with country.platform.work() as work, pytest.raises(SearchTooBroad):
        find(work, **query)


@pytest.mark.rule("ID-23")
def test_searches_of_one_user_are_counted(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    country = country_of(make_platform(registry, plugins={"registry": {"searches_per_minute": 3}}))
    clerk, other = as_user(READ_PERSONS), as_user(READ_PERSONS)

    with country.platform.work(clerk) as work:
        for _ in range(3):
            find(work, name="Hamadou")
        with pytest.raises(SearchTooOften) as refusal:
            find(work, name="Hamadou")
        frozen_clock.move(seconds=20)
        find(work, name="Hamadou")
    with country.platform.work(other) as work:
        find(work, name="Hamadou")

    assert refusal.value.params == {"seconds": 20}


def test_a_corrected_name_is_found_and_the_wrong_one_no_more(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft(family_name="Hamidou"))

        update_person(work, person.id, PersonChanges(family_name="Kamga"), expected_version=1)

        assert [row.person_id for row in find(work, name="Kamga")] == [person.id]
        assert find(work, name="Hamidou") == []


def test_the_index_is_rebuilt_from_the_records(country: Country) -> None:
    with country.platform.work() as work:
        person = register_person(work, country.draft(phone="677123456"))
        forget_persons(work, [person.id])
        assert find(work, name="Hamadou") == []

        last = rebuild_index(work)
        end = rebuild_index(work, after=last)

        assert (last, end) == (person.id, None)
        assert [row.person_id for row in find(work, name="Hamadou", phone="677123456")] == [person.id]


@pytest.mark.rule("ID-23", "ID-19")
def test_a_record_opens_with_a_basis_and_phones_stay_guarded(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        wanted = register_person(work, country.draft(phone="677123456"))
    clerk = as_user(READ_PERSONS, at=country.mokolo)
    nurse = as_user(READ_PERSONS, READ_CONTACTS, at=country.mokolo)
    stranger = as_user(READ_PERSONS, at=country.garoua)
    document = "query($id: UUID!) { person(id: $id, basis: CARE) { familyName phone } }"

    answers = [
        country.platform.graphql.run(document, {"id": str(wanted.id)}, actor=actor)["data"]["person"]
        for actor in (clerk, nurse, stranger)
    ]

    assert answers == [
        {"familyName": "Hamadou", "phone": None},
        {"familyName": "Hamadou", "phone": "+237677123456"},
        None,
    ]
    assert opened(country) == [(clerk.id, wanted.id), (nurse.id, wanted.id)]


@pytest.mark.rule("FR-7")
def test_the_list_of_persons_stays_in_the_own_places(country: Country, as_user: AsUser) -> None:
    with country.platform.work() as work:
        register_household(work, household(country))
        register_person(work, country.draft(jurisdiction_id=country.garoua))
    reader = as_user(READ_PERSONS, LIST_PERSONS, at=country.garoua)
    document = """{ persons(where: {sex: {eq: FEMALE}}, orderBy: [FAMILY_NAME_ASC]) { totalCount nodes {
        familyName uhid identifiers { type } household { code } } } households { totalCount } }"""

    data = country.platform.graphql.run(document, {}, actor=reader)["data"]

    assert data["households"]["totalCount"] == 0
    assert data["persons"]["totalCount"] == 1
    assert data["persons"]["nodes"][0]["familyName"] == "Hamadou"
    assert len(data["persons"]["nodes"][0]["uhid"]) == 12


def opened(country: Country) -> list[tuple[UUID | None, UUID | None]]:
    """Who opened which record for care, as the trail tells."""
    with country.platform.work() as work:
        entries = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "open"))
        return [
            (entry.actor_id, entry.entity_id)
            for entry in sorted(entries, key=lambda entry: entry.id)
            if entry.changes["basis"] == "care"
        ]
