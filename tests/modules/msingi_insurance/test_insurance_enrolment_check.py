"""The dry run of an enrolment: everything at once, member by member, the same as the enrolment, and nothing is written."""

from typing import Any

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, scheme_of
from tests.modules.msingi_insurance.money_fixtures import till_of
from tests.modules.msingi_insurance.test_insurance_families import ENROL, head

from msingi.actor import Actor
from msingi.ids import new_id
from msingi.testing import AsUser, MakePlatform
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.plugin import EDIT_INSUREES, READ_INSUREES
from msingi_registry import Household, Person

CHECK = """query ($input: FamilyDraft!) { checkEnrolment(input: $input) {
  accepted objections { member code message registered { personId grade shown } } } }"""
CONTROLS: dict[str, Any] = {
    "insuree_fields": {"profession": "hidden"},
    "number_source": "given",
    "number_length": 9,
    "number_modulus": 7,
}
GOOD = "000000011"


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    return scheme_of(make_platform, as_user)


def family(scheme: Scheme, *members: dict[str, Any], village: str = "V1", **others: Any) -> dict[str, Any]:
    given = {
        "jurisdictionId": str(scheme.places[village]),
        "head": head("Aissatou"),
        "members": list(members),
    }
    return {"input": given | others}


def child(name: str, **fields: Any) -> dict[str, Any]:
    return head(name, **{"birthDate": "2015-03-01", "relationship": "CHILD", "familyName": "Ngono", **fields})


def checked(
    scheme: Scheme, given: dict[str, Any], actor: Actor | None = None
) -> list[tuple[int | None, str]]:
    answer = scheme.run(CHECK, given, actor=actor)["checkEnrolment"]
    assert answer["accepted"] is not bool(answer["objections"])
    assert all(one["message"] for one in answer["objections"])
    return [(one["member"], one["code"]) for one in answer["objections"]]


def rows(scheme: Scheme) -> list[int]:
    with scheme.platform.work() as work:
        return [
            int(work.session.scalar(select(func.count()).select_from(model)) or 0)
            for model in (Family, Household, Insuree, Person)
        ]


@pytest.mark.rule("TZA-01", "INS-3", "ID-12")
def test_everything_is_told_at_once_with_the_member_and_nothing_is_written(scheme: Scheme) -> None:
    registered = scheme.enrol(
        head=scheme.head(given_name="Zenabou", family_name="Mbarga", birth_date="1970-01-02")
    )
    before = rows(scheme)
    given = family(
        scheme,
        child("Bouba", birthDate="2031-01-01"),
        child("Zenabou", familyName="Mbarga", birthDate="1970-01-02"),
        child("Hadja"),
        child("Fadi", sex=None, firstServicePointId=str(new_id())),
        {"personId": str(registered.insurees[0].person_id), "relationship": "PARENT"},
        {"personId": str(new_id())},
        child("Kaltoumi", motherId=str(new_id())),
    )

    assert checked(scheme, given) == [
        (1, "registry.birth_in_future"),
        (2, "registry.possible_duplicate"),
        (4, "core.not_found"),
        (4, "insurance.insuree_incomplete"),
        (5, "insurance.already_insured"),
        (6, "core.not_found"),
        (7, "registry.mother_unknown"),
    ]
    assert rows(scheme) == before


@pytest.mark.rule("TZA-01", "ID-12", "ID-17")
def test_possible_duplicates_are_shown_masked_and_an_acknowledged_one_passes(scheme: Scheme) -> None:
    known = scheme.enrol(
        head=scheme.head(given_name="Zenabou", family_name="Mbarga", birth_date="1970-01-02")
    )
    twin = {"givenName": "Zenabou", "familyName": "Mbarga", "sex": "FEMALE", "birthDate": "1970-01-02"}
    person = str(known.insurees[0].person_id)

    (one,) = scheme.run(CHECK, family(scheme, head=twin))["checkEnrolment"]["objections"]
    acknowledged = family(scheme, head={**twin, "acknowledged": [person]})

    assert (one["member"], one["code"]) == (0, "registry.possible_duplicate")
    (shown,) = one["registered"]
    assert (shown["personId"], shown["shown"].startswith("Z. M., 1970, Pitoa, …")) == (person, True)
    assert checked(scheme, acknowledged) == []
    assert scheme.run(ENROL, acknowledged)["enrolFamily"]["insurees"]


@pytest.mark.rule("TZA-01", "INS-1", "INS-2", "INS-3")
@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({}, []),
        ({"village": "F1"}, [(None, "insurance.family_place_invalid")]),
        ({"head": head("Aissatou", number="000000012")}, [(0, "insurance.number_refused")]),
        ({"head": head("Aissatou")}, [(0, "insurance.number_refused")]),
        ({"head": head("Aissatou", number=GOOD, profession="farmer")}, [(0, "insurance.field_hidden")]),
        ({"head": head("", familyName="", number=GOOD)}, [(0, "insurance.name_required")]),
        ({"head": head("12", number=GOOD)}, [(0, "registry.name_invalid")]),
        ({"head": head("Aissatou", number=GOOD, birthDate=None)}, [(0, "insurance.insuree_incomplete")]),
        ({"head": head("Aissatou", number=GOOD, phone="12")}, [(0, "registry.phone_invalid")]),
    ],
)
def test_the_check_answers_what_the_enrolment_answers(
    make_platform: MakePlatform,
    as_user: AsUser,
    wrong: dict[str, Any],
    expected: list[tuple[int | None, str]],
) -> None:
    scheme = scheme_of(make_platform, as_user, **CONTROLS)
    given = family(scheme, **{"head": head("Aissatou", number=GOOD), **wrong})

    assert checked(scheme, given) == expected

    answer = scheme.platform.graphql.run(ENROL, given, actor=scheme.clerk)
    assert [one["extensions"]["code"] for one in answer.get("errors", [])] == [code for _, code in expected]


@pytest.mark.rule("TZA-01", "INS-2", "ID-12")
def test_members_who_repeat_a_number_a_person_or_each_other_are_told(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, **CONTROLS)
    taken = scheme.enrol(head=scheme.head(number="000000022")).insurees[0]
    person = {"personId": str(taken.person_id), "relationship": "SPOUSE"}
    given = family(
        scheme,
        child("Bouba", number=GOOD),
        child("Hadja", number="000000022"),
        child("Hadja", number="000000033"),
        person,
        person,
        head=head("Aissatou", number=GOOD),
    )

    assert checked(scheme, given) == [
        (0, "insurance.number_refused"),
        (1, "insurance.number_refused"),
        (2, "insurance.number_refused"),
        (3, "registry.repeated_in_batch"),
        (4, "insurance.already_insured"),
        (5, "insurance.named_twice"),
        (5, "insurance.already_insured"),
    ]


@pytest.mark.rule("INS-1")
def test_a_registered_person_is_named_once_in_a_family(scheme: Scheme) -> None:
    register = "mutation ($i: PersonDraft!) { registerPerson(input: $i) { id } }"
    draft = {"jurisdictionId": str(scheme.places["V1"]), **head("Salamatou", familyName="Bakari")}
    person = scheme.run(register, {"i": draft})["registerPerson"]["id"]
    named = {"personId": person, "relationship": "SIBLING"}
    before = rows(scheme)

    assert scheme.refused(ENROL, family(scheme, named, named)) == "insurance.named_twice"
    assert scheme.refused(ENROL, family(scheme, named, head={"personId": person})) == "insurance.named_twice"
    assert rows(scheme) == before


@pytest.mark.rule("TZA-14", "attack 15")
def test_who_does_not_see_the_village_or_does_not_work_there_is_told_so(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    till = till_of(make_platform, as_user)
    scheme = till.scheme
    scheme.enrol(head=scheme.head(given_name="Zenabou", family_name="Mbarga", birth_date="1970-01-02"))
    same = {"givenName": "Zenabou", "familyName": "Mbarga", "sex": "FEMALE", "birthDate": "1970-01-02"}
    clerk = till.user(READ_INSUREES, EDIT_INSUREES)
    officer = Actor(clerk.kind, id=till.officer.user_id, name="E1", grants=clerk.grants)
    stranger = till.user(READ_INSUREES, EDIT_INSUREES, at="D2")

    assert checked(scheme, family(scheme, village="V3"), officer) == [(None, "insurance.officer_not_there")]
    assert checked(scheme, family(scheme, head=same), stranger) == [(None, "core.not_found")]
    reader = till.user(READ_INSUREES)
    assert scheme.refused(CHECK, family(scheme), actor=reader) == "core.forbidden"


@pytest.mark.rule("TZA-01", "attack 15")
@pytest.mark.parametrize("place", ["nowhere", "V3"])
def test_beside_a_wrong_place_everything_else_is_told_and_nobody_is_searched(
    make_platform: MakePlatform, as_user: AsUser, place: str
) -> None:
    till = till_of(make_platform, as_user)
    scheme = till.scheme
    scheme.enrol(head=scheme.head(given_name="Zenabou", family_name="Mbarga", birth_date="1970-01-02"))
    same = {"givenName": "Zenabou", "familyName": "Mbarga", "sex": "FEMALE", "birthDate": "1970-01-02"}
    where = str(scheme.places["V3"] if place == "V3" else new_id())
    given = family(
        scheme,
        child("Bouba", birthDate="2031-01-01"),
        child("Hadja", sex=None),
        child("Hamadou"),
        child("Hamadou"),
        {"personId": str(new_id())},
        jurisdictionId=where,
        head=same,
    )

    assert checked(scheme, given, till.user(READ_INSUREES, EDIT_INSUREES, at="V1")) == [
        (None, "core.not_found"),
        (1, "registry.birth_in_future"),
        (2, "insurance.insuree_incomplete"),
        (4, "registry.repeated_in_batch"),
        (5, "core.not_found"),
    ]


@pytest.mark.rule("ID-23")
def test_a_check_that_shows_registered_persons_counts_as_searches(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.enrol(head=scheme.head(given_name="Zenabou", family_name="Mbarga", birth_date="1970-01-02"))
    same = {"givenName": "Zenabou", "familyName": "Mbarga", "sex": "FEMALE", "birthDate": "1970-01-02"}
    codes = []
    for _ in range(61):
        answer = scheme.platform.graphql.run(CHECK, family(scheme, head=same), actor=scheme.clerk)
        codes += [one["extensions"]["code"] for one in answer.get("errors", [])]

    assert codes == ["registry.search_too_often"]


@pytest.mark.rule("TZA-01")
def test_a_large_family_is_checked_in_as_many_statements_as_a_small_one(scheme: Scheme) -> None:
    names = ("Bouba", "Hadja", "Mairama", "Fadimatou", "Kaltoumi", "Djenabou", "Salamatou", "Zenabou")
    small = family(scheme, child("Bouba"))
    large = family(scheme, *(child(name, familyName="Tchatchoua", motherId=None) for name in names))
    checked(scheme, small)
    counts = []
    for given in (small, large):
        with scheme.statements() as seen:
            assert checked(scheme, given) == []
        counts.append(len(seen))

    assert counts[1] <= counts[0]
    assert counts[0] <= 14, counts


@pytest.mark.rule("TZA-01")
def test_a_form_may_send_null_for_a_field_that_may_be_left_out(scheme: Scheme) -> None:
    empty: dict[str, Any] = dict.fromkeys(("address", "familyType", "poverty", "members", "confirmationType"))
    given = family(scheme, **empty)
    given["input"]["head"] |= dict.fromkeys(("otherNames", "phone", "education", "identifiers"))

    assert checked(scheme, given) == []
    assert scheme.run(ENROL, given)["enrolFamily"]["family"]["village"]["code"] == "V1"
    named = {**given["input"], "jurisdictionId": None}
    assert scheme.refused(CHECK, {"input": named}) == "graphql.invalid_variable"
