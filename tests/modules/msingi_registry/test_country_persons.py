"""Synthetic persons: deterministic, plausible in shape, unreachable by phone, never taken for real."""

import datetime as dt
from collections import Counter
from itertools import islice

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msingi_registry.country import (
    Household,
    Person,
    Role,
    Sex,
    describe_country,
    generate_households,
    generate_persons,
    read_places,
    weigh_places,
)
from msingi_registry.country.description import ComposedNames
from msingi_registry.country.persons import HOUSEHOLDS_PER_BLOCK
from msingi_registry.country.synthetic_names import compose_names, read_synthetic_names
from msingi_registry.rules.dates import BirthDate, DatePrecision
from msingi_registry.rules.names import MAX_NAME

COUNTRIES = ("BDI", "CAF", "CMR", "DZA", "TZA")
TODAY = dt.date(2026, 1, 1)


def households(iso3: str, amount: int, *, seed: int = 7) -> list[Household]:
    return list(islice(generate_households(iso3, seed=seed, as_of=TODAY), amount))


def persons(iso3: str, amount: int) -> list[Person]:
    return list(generate_persons(iso3, amount, seed=7, as_of=TODAY))


@settings(max_examples=10)
@given(st.integers(min_value=0, max_value=2**63))
def test_the_same_seed_gives_the_same_persons(seed: int) -> None:
    first = list(generate_persons("CMR", 30, seed=seed, as_of=TODAY, places={"CM-CE": 1}))

    assert list(generate_persons("CMR", 30, seed=seed, as_of=TODAY, places={"CM-CE": 1})) == first


def test_another_seed_gives_others() -> None:
    assert households("CMR", 10) != households("CMR", 10, seed=8)


def test_the_persons_of_a_seed_never_change_between_releases() -> None:
    first = persons("CMR", 1)[0]

    assert first == Person(
        number=16,
        household=1,
        role=Role.HEAD,
        given_name="Guy",
        family_name="Tchamotso",
        sex=Sex.MALE,
        birth_date=dt.date(1952, 9, 4),
        birth_precision=DatePrecision.DAY,
        phone="+237609681956",
        place_code="CM-CE",
    )


def test_a_block_can_be_made_alone() -> None:
    later = generate_households("TZA", seed=7, as_of=TODAY, first_block=2)

    assert next(later) == households("TZA", HOUSEHOLDS_PER_BLOCK * 2 + 1)[-1]


def test_cuts_at_the_amount_asked() -> None:
    everybody = [person for household in households("CMR", 100) for person in household.members]

    assert persons("CMR", 100) == everybody[:100]


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_persons_are_plausible(iso3: str) -> None:
    codes = {place.code for place in read_places(iso3)}
    made = persons(iso3, 1_500)

    assert len({person.number for person in made}) == 1_500
    assert {person.place_code for person in made} <= codes
    assert {person.sex for person in made} == set(Sex)
    assert {person.birth_precision for person in made} == set(DatePrecision)
    for person in made:
        assert person.synthetic is True
        assert dt.date(1920, 1, 1) <= person.birth_date <= TODAY
        assert BirthDate(person.birth_date, person.birth_precision).value == person.birth_date
        assert 0 < len(person.given_name) < MAX_NAME
        assert 0 < len(person.family_name) < MAX_NAME


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_no_phone_can_reach_a_real_person(iso3: str) -> None:
    numbers = [person.phone for person in persons(iso3, 1_500) if person.phone]

    assert len(numbers) == len(set(numbers)) > 300
    for number in numbers:
        parsed = phonenumbers.parse(number)
        assert (
            phonenumbers.region_code_for_country_code(parsed.country_code or 0) == describe_country(iso3).code
        )
        assert phonenumbers.is_possible_number(parsed)
        assert not phonenumbers.is_valid_number(parsed)


def test_a_million_persons_share_no_phone() -> None:
    recipe = describe_country("CAF").persons

    assert 10**recipe.phone_digits > 1_000_000 / 4.9 * 4


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_households_have_about_4_9_members(iso3: str) -> None:
    made = households(iso3, 8 * HOUSEHOLDS_PER_BLOCK)
    sizes = [len(household.members) for household in made]

    assert 4.75 < sum(sizes) / len(sizes) < 5.05
    assert (min(sizes), max(sizes)) == (1, 12)
    for household in made:
        assert household.synthetic is True
        assert {person.place_code for person in household.members} == {household.place_code}
        assert {person.household for person in household.members} == {household.number}


def test_families_hang_together() -> None:
    for household in households("DZA", 500):
        head, *others = household.members
        roles = Counter(person.role for person in household.members)
        spouses = [person for person in others if person.role is Role.SPOUSE]
        children = [person for person in others if person.role is Role.CHILD]

        assert head.role is Role.HEAD
        assert roles[Role.HEAD] == 1
        assert all(spouse.sex is not head.sex for spouse in spouses)
        assert all(child.family_name == head.family_name for child in children)
        assert all(child.birth_date.year >= head.birth_date.year + 15 for child in children)


def test_children_in_burundi_bear_their_own_name() -> None:
    same = [
        child.family_name == household.members[0].family_name
        for household in households("BDI", 500)
        for child in household.members
        if child.role is Role.CHILD
    ]

    assert len(same) > 1_000
    assert sum(same) < len(same) / 50


def test_places_follow_their_weights() -> None:
    drawn = Counter(
        person.place_code
        for person in generate_persons(
            "CMR", 5_000, seed=1, as_of=TODAY, places={"CM-CE": 9, "CM-ES": 1, "CM-AD": 0}
        )
    )

    assert set(drawn) == {"CM-CE", "CM-ES"}
    assert 7 < drawn["CM-CE"] / drawn["CM-ES"] < 12


def test_weighs_regions_by_their_facilities() -> None:
    assert weigh_places("CAF") == {
        "CF-BANGUI": 23,
        "CF-EQUATEUR": 95,
        "CF-FERTIT": 48,
        "CF-HAUT-OUBANGUI": 109,
        "CF-KAGAS": 85,
        "CF-PLATEAUX": 112,
        "CF-YADE": 83,
    }


@pytest.mark.parametrize(
    ("iso3", "women", "men", "families"),
    [
        ("BDI", 127, 88, 810),
        ("CAF", 127, 88, 1344),
        ("CMR", 127, 88, 2560),
        ("DZA", 85, 81, 294),
        ("TZA", 149, 114, 185),
    ],
)
def test_counts_the_names_to_draw_from(iso3: str, women: int, men: int, families: int) -> None:
    names = read_synthetic_names(describe_country(iso3).persons)

    assert (len(names.given[Sex.FEMALE]), len(names.given[Sex.MALE]), len(names.family)) == (
        women,
        men,
        families,
    )
    assert list(names.family) == sorted(set(names.family))


def test_composes_each_name_once() -> None:
    syllables = ComposedNames(starts=("Ba", "Baba"), middles=("", "ba"), ends=("di",))

    assert compose_names(syllables) == ("Bababadi", "Babadi", "Badi")
