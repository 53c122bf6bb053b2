"""Deterministic keys and graded comparison of two records, with reasons; twins are never certain."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.dates import BirthDate, DatePrecision, read_birth_date
from msingi_registry.rules.matching import (
    IdentifierRole,
    MatchGrade,
    PersonFacts,
    PersonIdentifier,
    Reason,
    compare_persons,
    deterministic_keys,
)

BIRTH = read_birth_date("1990-05-17")
NATIONAL = PersonIdentifier(IdentifierRole.NATIONAL, "urn:nid", "001234567")
OTHER_NATIONAL = PersonIdentifier(IdentifierRole.NATIONAL, "urn:nid", "001234568")
UHID = PersonIdentifier(IdentifierRole.UHID, "urn:uhid", "100000000093")
OTHER_UHID = PersonIdentifier(IdentifierRole.UHID, "urn:uhid", "999999999951")
INSURANCE = PersonIdentifier(IdentifierRole.INSURANCE, "urn:ins", "A1")
TB = PersonIdentifier(IdentifierRole.PROGRAMME, "urn:tb", "77")
JEAN = PersonFacts(given="Jean", family="Ngono", sex="M", birth=BIRTH)
PHONE = frozenset({"+237677123456"})

people = st.builds(
    PersonFacts,
    given=st.sampled_from(["", "Jean", "Jeanne", "Paul"]),
    family=st.sampled_from(["", "Ngono", "N'Gono", "Mbarga"]),
    sex=st.sampled_from([None, "M", "F"]),
    birth=st.sampled_from([None, BIRTH, read_birth_date("1990"), read_birth_date("1992-01-01")]),
    identifiers=st.frozensets(st.sampled_from([NATIONAL, OTHER_NATIONAL, UHID, INSURANCE, TB])),
    phones=st.sampled_from([frozenset(), PHONE]),
    place=st.sampled_from([None, "p1", "p2"]),
    mother=st.sampled_from([None, "m1"]),
    birth_order=st.sampled_from([None, 1, 2]),
)


@pytest.mark.rule("ID-9")
def test_each_deterministic_key_stands_for_its_facts() -> None:
    person = replace(JEAN, identifiers=frozenset({NATIONAL, UHID, INSURANCE, TB}), phones=PHONE)

    assert deterministic_keys(person) == {
        "national|urn:nid|001234567",
        "uhid|urn:uhid|100000000093",
        "insurance|urn:ins|A1",
        "programme|urn:tb|77|M",
        "phone|+237677123456|ngono|1990",
    }


@pytest.mark.rule("ID-9")
def test_name_and_birth_date_alone_are_never_a_key() -> None:
    assert deterministic_keys(replace(JEAN, place="p1", mother="m1")) == frozenset()


@pytest.mark.rule("ID-8", "ID-9", "ID-10")
@pytest.mark.parametrize(
    "person",
    [
        replace(JEAN, phones=PHONE, birth_order=1),
        replace(JEAN, phones=PHONE, birth=None),
        replace(JEAN, phones=PHONE, family=""),
        replace(JEAN, phones=PHONE, birth=BirthDate(date(1990, 1, 1), DatePrecision.ESTIMATED)),
        PersonFacts(identifiers=frozenset({TB})),
    ],
)
def test_an_incomplete_estimated_or_multiple_birth_key_is_no_key(person: PersonFacts) -> None:
    assert deterministic_keys(person) == frozenset()


@pytest.mark.rule("ID-9")
@pytest.mark.parametrize("identifier", [NATIONAL, UHID, INSURANCE, TB])
def test_a_shared_identifier_makes_the_same_person_certain(identifier: PersonIdentifier) -> None:
    first = replace(JEAN, identifiers=frozenset({identifier}))
    second = replace(first, given="Ngono", family="Jean")

    compared = compare_persons(first, second)

    assert compared.grade is MatchGrade.CERTAIN
    assert compared.reasons == (Reason.SAME_IDENTIFIER, Reason.SAME_NAME, Reason.SAME_BIRTH_DATE)


@pytest.mark.rule("ID-9")
@pytest.mark.parametrize(
    ("change", "reason", "grade"),
    [
        ({"given": "Zoa", "family": "Marthe"}, Reason.OTHER_NAME, MatchGrade.PROBABLE),
        ({"sex": "F"}, Reason.OTHER_SEX, MatchGrade.PROBABLE),
        ({"birth": read_birth_date("1960")}, Reason.OTHER_BIRTH_DATE, MatchGrade.PROBABLE),
        ({"sex": "F", "birth": read_birth_date("1960")}, Reason.OTHER_SEX, MatchGrade.POSSIBLE),
    ],
)
def test_a_shared_identifier_with_a_conflict_is_not_certain(
    change: dict[str, Any], reason: Reason, grade: MatchGrade
) -> None:
    first = replace(JEAN, identifiers=frozenset({NATIONAL}))

    compared = compare_persons(first, replace(first, **change))

    assert compared.grade is grade
    assert reason in compared.reasons


@pytest.mark.rule("ID-9", "ID-10")
@pytest.mark.parametrize(
    ("first", "second", "grade", "points"),
    [
        ({"place": "p"}, {"given": "Ngono", "family": "Jean", "place": "p"}, MatchGrade.PROBABLE, 8),
        ({"phones": PHONE}, {"birth": read_birth_date("1990"), "phones": PHONE}, MatchGrade.PROBABLE, 8),
        ({}, {}, MatchGrade.POSSIBLE, 7),
        ({"place": "p"}, {"birth": read_birth_date("1992"), "place": "p"}, MatchGrade.POSSIBLE, 6),
        ({}, {"birth": read_birth_date("1992")}, MatchGrade.POSSIBLE, 5),
        ({}, {"given": "Jeanne"}, MatchGrade.POSSIBLE, 6),
        ({"phones": PHONE}, {"birth": None, "phones": PHONE}, MatchGrade.POSSIBLE, 6),
        ({}, {"birth": None}, MatchGrade.CERTAINLY_NOT, 4),
        ({}, {"given": "Jeanne", "birth": read_birth_date("1992")}, MatchGrade.CERTAINLY_NOT, 4),
        ({"phones": PHONE}, {"birth": read_birth_date("1960"), "phones": PHONE}, MatchGrade.CERTAINLY_NOT, 2),
        ({"place": "p"}, {"sex": "F", "place": "p"}, MatchGrade.POSSIBLE, 6),
        ({"place": "p"}, {"given": "Zoa", "family": "Marthe", "place": "p"}, MatchGrade.CERTAINLY_NOT, 4),
    ],
)
def test_without_an_identifier_the_points_decide(
    first: dict[str, Any], second: dict[str, Any], grade: MatchGrade, points: int
) -> None:
    compared = compare_persons(replace(JEAN, **first), replace(JEAN, **second))

    assert (compared.grade, compared.points) == (grade, points)


@pytest.mark.rule("ID-9")
def test_the_phone_key_alone_is_possible_and_a_conflict_ends_it() -> None:
    first = replace(JEAN, phones=PHONE)

    cousin = compare_persons(first, replace(first, given="Martin", sex=None))
    sister = compare_persons(first, replace(first, given="Marthe", sex="F"))

    assert (cousin.grade, sister.grade) == (MatchGrade.POSSIBLE, MatchGrade.CERTAINLY_NOT)
    assert Reason.SAME_PHONE_FAMILY_YEAR in cousin.reasons


@pytest.mark.rule("ID-9")
def test_two_national_identifiers_of_one_system_speak_against_one_person() -> None:
    first = replace(JEAN, place="p", phones=PHONE, identifiers=frozenset({NATIONAL, UHID}))
    second = replace(first, identifiers=frozenset({OTHER_NATIONAL, OTHER_UHID}))

    compared = compare_persons(first, second)

    assert compared.grade is MatchGrade.POSSIBLE
    assert Reason.OTHER_NATIONAL_IDENTIFIER in compared.reasons


@pytest.mark.rule("attack 57")
def test_a_look_alike_of_an_existing_person_is_flagged() -> None:
    compared = compare_persons(JEAN, replace(JEAN, family="Ng\u043en\u043e", given="J\u0435an"))

    assert compared.grade is MatchGrade.POSSIBLE
    assert compared.reasons == (Reason.LOOK_ALIKE_NAME, Reason.SAME_BIRTH_DATE)


@pytest.mark.rule("ID-8")
def test_twins_are_never_certain() -> None:
    first = PersonFacts(given="Bébé", family="Ngono", birth=BIRTH, mother="m1", phones=PHONE, birth_order=1)
    second = replace(first, birth_order=2)
    unknown = replace(first, birth_order=None)
    shared = frozenset({NATIONAL})

    assert compare_persons(first, second).grade is MatchGrade.CERTAINLY_NOT
    assert compare_persons(first, unknown).grade is MatchGrade.PROBABLE
    assert (
        compare_persons(replace(first, identifiers=shared), replace(second, identifiers=shared)).grade
        is MatchGrade.POSSIBLE
    )
    assert (
        compare_persons(replace(first, identifiers=shared), replace(first, identifiers=shared)).grade
        is MatchGrade.CERTAIN
    )


@pytest.mark.rule("ID-8", "ID-9")
@given(first=people, second=people)
def test_comparison_is_symmetric_and_certain_only_by_an_identifier(
    first: PersonFacts, second: PersonFacts
) -> None:
    compared = compare_persons(first, second)

    assert compared == compare_persons(second, first)
    if compared.grade is MatchGrade.CERTAIN:
        assert Reason.SAME_IDENTIFIER in compared.reasons
        assert first.birth_order == second.birth_order
    if first.birth_order != second.birth_order:
        assert Reason.MULTIPLE_BIRTH in compared.reasons
