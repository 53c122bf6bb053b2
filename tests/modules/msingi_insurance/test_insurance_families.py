"""Families: enrolled in one step, joined, headed anew, moved, and ended."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, pay, scheme_of, sold
from tests.modules.msingi_insurance.test_insurance_policies import enrol as enrol_policy

from msingi.errors import ConfigurationError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.rules.states import Relationship
from msingi_insurance.services.covers_book import covers_at
from msingi_insurance.services.families import move_insuree

ENROL = """mutation ($input: FamilyDraft!) { enrolFamily(input: $input) {
  family { id version village { code } } insurees { id number isHead relationshipToHead person { givenName isHead householdRole } }
} }"""
ADD = """mutation ($family: UUID!, $input: InsureeDraft!) { addFamilyMember(familyId: $family, input: $input) {
  insuree { id number isHead } warnings
} }"""


@pytest.fixture
def scheme(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    return scheme_of(make_platform, as_user)


def head(name: str, **fields: Any) -> dict[str, Any]:
    return {"givenName": name, "familyName": "Hamadou", "sex": "FEMALE", "birthDate": "1990-05-12", **fields}


def enrol(scheme: Scheme, name: str = "Aissatou", **fields: Any) -> Any:
    given = {"jurisdictionId": str(scheme.places["V1"]), "head": head(name), **fields}
    return scheme.run(ENROL, {"input": given})["enrolFamily"]


@pytest.mark.rule("INS-1", "INS-2", "INS-3")
def test_a_family_is_enrolled_with_its_head_in_one_step(scheme: Scheme) -> None:
    made = enrol(scheme)

    assert made["family"]["village"] == {"code": "V1"}
    (insuree,) = made["insurees"]
    assert insuree["isHead"]
    assert insuree["relationshipToHead"] is None
    assert insuree["person"] == {"givenName": "Aissatou", "isHead": True, "householdRole": "HEAD"}
    assert len(insuree["number"]) == 10
    assert insuree["number"].isdecimal()


@pytest.mark.rule("INS-1")
def test_members_come_with_the_head_or_later(scheme: Scheme) -> None:
    child = head("Bouba", birthDate="2015-03-01", relationship="CHILD")
    made = enrol(scheme, members=[child])
    later = scheme.run(
        ADD,
        {
            "family": made["family"]["id"],
            "input": head("Zenabou", birthDate="1970-01-02", relationship="PARENT"),
        },
    )["addFamilyMember"]

    assert [one["relationshipToHead"] for one in made["insurees"]] == [None, "CHILD"]
    assert later["warnings"] == []
    rows = scheme.run(
        "{ families { totalCount nodes { members { isHead person { givenName householdRole } } } } }"
    )
    (family,) = rows["families"]["nodes"]
    assert [one["person"]["givenName"] for one in family["members"]] == ["Aissatou", "Bouba", "Zenabou"]
    assert family["members"][2]["person"]["householdRole"] == "RELATIVE"


@pytest.mark.rule("INS-1")
def test_families_live_in_villages_and_not_in_facilities(scheme: Scheme) -> None:
    given = {"jurisdictionId": str(scheme.places["F1"]), "head": head("Aissatou")}

    assert scheme.refused(ENROL, {"input": given}) == "insurance.family_place_invalid"
    assert scheme.run("{ families { totalCount } insurees { totalCount } persons { totalCount } }") == {
        "families": {"totalCount": 0},
        "insurees": {"totalCount": 0},
        "persons": {"totalCount": 0},
    }


@pytest.mark.rule("INS-3")
def test_sex_and_date_of_birth_are_required(scheme: Scheme) -> None:
    given = {
        "jurisdictionId": str(scheme.places["V1"]),
        "head": {"givenName": "Aissatou", "familyName": "Hamadou"},
    }

    assert scheme.refused(ENROL, {"input": given}) == "insurance.insuree_incomplete"


@pytest.mark.rule("INS-1")
def test_the_head_changes_and_the_others_keep_their_relationships(scheme: Scheme) -> None:
    spouse = head("Oumarou", birthDate="1980-01-01", sex="MALE", relationship="SPOUSE")
    child = head("Bouba", birthDate="2015-03-01", relationship="CHILD")
    made = enrol(scheme, members=[spouse, child])
    change = """mutation ($family: UUID!, $head: UUID!) {
      changeFamilyHead(familyId: $family, insureeId: $head, expectedVersion: 1, formerRelationship: SPOUSE) {
        members { number isHead relationshipToHead person { isHead } } } }"""

    data = scheme.run(change, {"family": made["family"]["id"], "head": made["insurees"][1]["id"]})

    members = {one["number"]: one for one in data["changeFamilyHead"]["members"]}
    first, second, third = (members[one["number"]] for one in made["insurees"])
    assert (first["isHead"], first["relationshipToHead"], first["person"]["isHead"]) == (
        False,
        "SPOUSE",
        False,
    )
    assert (second["isHead"], second["relationshipToHead"], second["person"]["isHead"]) == (True, None, True)
    assert third["relationshipToHead"] == "CHILD"


@pytest.mark.rule("INS-1", "INS-5")
def test_a_member_leaves_moves_and_the_head_goes_last(scheme: Scheme) -> None:
    child = head("Bouba", birthDate="2015-03-01", relationship="CHILD")
    made = enrol(scheme, members=[child])
    other = enrol(scheme, "Zenabou", head=head("Zenabou", familyName="Ngono", birthDate="1970-01-02"))
    remove = "mutation ($id: UUID!, $v: Int!) { removeInsuree(id: $id, expectedVersion: $v) { familyId } }"
    move = """mutation ($id: UUID!, $family: UUID!, $v: Int!) {
      moveInsuree(id: $id, familyId: $family, expectedVersion: $v, relationship: CHILD) {
        insuree { familyId person { householdId } } } }"""
    first, second = made["insurees"]

    assert scheme.refused(remove, {"id": first["id"], "v": 1}) == "insurance.head_stays"
    assert scheme.run(remove, {"id": second["id"], "v": 1})["removeInsuree"] == {"familyId": None}
    moved = scheme.run(move, {"id": second["id"], "family": other["family"]["id"], "v": 2})["moveInsuree"][
        "insuree"
    ]
    assert moved["familyId"] == other["family"]["id"]
    assert moved["person"]["householdId"] is not None


@pytest.mark.rule("INS-1", "POL-5")
def test_who_moves_is_covered_by_the_old_family_until_yesterday_and_by_the_new_one_from_today(
    scheme: Scheme, frozen_clock: FrozenClock
) -> None:
    product = sold(scheme)
    old, new = scheme.enrol(scheme.child()), scheme.enrol()
    paid = {made.family.id: enrol_policy(scheme, made.family.id, product)["policy"] for made in (old, new)}
    for policy in paid.values():
        pay(scheme, policy["id"], 500)
    frozen_clock.move(days=10)
    child = old.insurees[1].id

    scheme.act(
        lambda work: move_insuree(
            work, child, new.family.id, relationship=Relationship.CHILD, expected_version=1
        )
    )

    def families(day: date) -> list[UUID]:
        found = scheme.act(lambda work: covers_at(work, [child], day))[child]
        return [one.family_id for one in found if one.covered]

    assert families(date(2026, 3, 11)) == [old.family.id]
    assert families(date(2026, 3, 12)) == [new.family.id]


@pytest.mark.rule("INS-5")
def test_a_family_ends_and_its_members_stay_or_go(scheme: Scheme) -> None:
    child = head("Bouba", birthDate="2015-03-01", relationship="CHILD")
    made = enrol(scheme, members=[child])
    delete = "mutation ($id: UUID!) { deleteFamily(id: $id, expectedVersion: 1) { validTo } }"

    assert scheme.run(delete, {"id": made["family"]["id"]})["deleteFamily"] == {"validTo": "2026-03-02"}
    data = scheme.run("{ families { totalCount } insurees { nodes { number familyId isHead } } }")
    assert data["families"]["totalCount"] == 0
    assert [(one["familyId"], one["isHead"]) for one in data["insurees"]["nodes"]] == [(None, False)] * 2


@pytest.mark.rule("INS-1", "attack 15")
def test_a_clerk_of_another_village_sees_and_changes_nothing(scheme: Scheme, as_user: AsUser) -> None:
    made = enrol(scheme)
    names = list(scheme.clerk.grants.names())
    other = as_user(*names, at=scheme.places["V2"])

    assert scheme.run("{ families { totalCount } }", actor=other)["families"]["totalCount"] == 0
    refusal = scheme.refused(ADD, {"family": made["family"]["id"], "input": head("Bouba")}, actor=other)
    assert refusal == "core.not_found"
    assert scheme.run("{ insurees { totalCount } }")["insurees"]["totalCount"] == 1


@pytest.mark.rule("INS-1")
def test_enrolment_costs_few_statements(scheme: Scheme) -> None:
    """Without the statement that reads the session: see M1 and M2 of the performance goals."""
    slim = "mutation ($input: FamilyDraft!) { enrolFamily(input: $input) { family { id } } }"
    add = "mutation ($family: UUID!, $input: InsureeDraft!) { addFamilyMember(familyId: $family, input: $input) { warnings } }"
    for name in ("Bouba", "Zenabou"):
        enrol(
            scheme,
            name,
            head=head(name, familyName="Ngono" if name == "Bouba" else "Hamadou", birthDate="1971-01-02"),
        )
        enrol(scheme, name, head=head(f"{name} Oumarou", familyName="Ngono", birthDate="1961-07-12"))

    with scheme.statements() as first:
        given = {
            "jurisdictionId": str(scheme.places["V1"]),
            "head": head("Zenabou", familyName="Ngono", birthDate="1991-04-02"),
        }
        made = scheme.run(slim, {"input": given})["enrolFamily"]
    with scheme.statements() as second:
        member = head("Bouba", familyName="Ngono Ngono", birthDate="2011-03-01", relationship="CHILD")
        scheme.run(add, {"family": made["family"]["id"], "input": member})

    assert max(len(first), len(second)) <= 12, "\n".join(s[:60] for s in [*first, "", *second])


@pytest.mark.rule("INS-1")
def test_who_is_insured_in_a_family_leaves_it_in_insurance_only(scheme: Scheme) -> None:
    enrolled = scheme.enrol(scheme.child())
    child = enrolled.insurees[1]
    leave = "mutation($person: UUID!) { leaveHousehold(personIds: [$person]) }"
    remove = "mutation($id: UUID!) { removeInsuree(id: $id, closeCover: true, expectedVersion: 1) { id } }"
    person = {"person": str(child.person_id)}

    kept = scheme.refused(leave, person)
    scheme.run(remove, {"id": str(child.id)})

    assert kept == "registry.household_kept_elsewhere"
    assert scheme.run(leave, person) == {"leaveHousehold": True}


@pytest.fixture
def listed(make_platform: MakePlatform, as_user: AsUser) -> Scheme:
    """A scheme that keeps two lists and treats two fields in its own way."""
    lists = {
        "professions": {"farmer": {"fr": "Agriculteur", "en": "Farmer"}, "other": {}},
        "familyTypes": {"polygamous": {"en": "Polygamous"}},
    }
    controls = {"education": "mandatory", "maritalStatus": "hidden"}
    return scheme_of(
        make_platform, as_user, payments={"reference_lists": lists}, insuree_fields=controls, number_length=12
    )


@pytest.mark.rule("INS-2", "INS-3", "INS-6")
def test_a_form_shows_what_the_scheme_decided(listed: Scheme) -> None:
    form = """{ enrolmentForm { numberSource numberLength photoRequired ageOfMajority villageLevel
      fields { name use } lists { name fieldName entries { code label } } statusReasons { code status } } }"""

    shown = listed.run(form)["enrolmentForm"]

    assert (shown["numberSource"], shown["numberLength"], shown["photoRequired"]) == ("EITHER", 12, False)
    assert (shown["ageOfMajority"], shown["villageLevel"]) == (18, None)
    assert shown["fields"] == [
        {"name": "education", "use": "MANDATORY"},
        {"name": "maritalStatus", "use": "HIDDEN"},
    ]
    assert shown["lists"] == [
        {
            "name": "familyTypes",
            "fieldName": "familyType",
            "entries": [{"code": "polygamous", "label": "Polygamous"}],
        },
        {
            "name": "professions",
            "fieldName": "profession",
            "entries": [{"code": "farmer", "label": "Agriculteur"}, {"code": "other", "label": "other"}],
        },
    ]
    assert {"code": "death", "status": "DEAD"} in shown["statusReasons"]


@pytest.mark.rule("INS-3")
def test_a_code_outside_the_list_of_the_country_is_refused(listed: Scheme) -> None:
    fits = {"education": "none", "profession": "farmer"}
    king = {"education": "none", "profession": "king"}
    wrong: list[dict[str, Any]] = [
        {"head": head("A", **fits), "familyType": "nuclear"},
        {"head": head("A", **king)},
        {"head": head("A", **fits), "members": [head("B", **king)]},
    ]
    correct = """mutation($id: UUID!, $input: InsureeChanges!) {
      correctInsuree(id: $id, input: $input, expectedVersion: 1) { id } }"""

    made = enrol(listed, head=head("A", **fits), familyType="polygamous")
    refusals = [
        listed.platform.graphql.run(
            ENROL, {"input": {"jurisdictionId": str(listed.places["V1"]), **given}}, actor=listed.clerk
        )["errors"][0]["extensions"]
        for given in wrong
    ]
    corrected = listed.refused(correct, {"id": made["insurees"][0]["id"], "input": {"profession": "king"}})

    assert [(one["code"], one["params"]["field"]) for one in refusals] == [
        ("insurance.not_in_the_list", "familyType"),
        ("insurance.not_in_the_list", "profession"),
        ("insurance.not_in_the_list", "profession"),
    ]
    assert corrected == "insurance.not_in_the_list"


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"insuree_fields": {"proffesion": "mandatory"}}, "plugins.insurance.insuree_fields"),
        ({"payments": {"reference_lists": {"profession": {"farmer": {}}}}}, "reference_lists.profession"),
    ],
)
def test_a_misspelt_field_or_list_stops_the_start(
    make_platform: MakePlatform, as_user: AsUser, settings: dict[str, Any], place: str
) -> None:
    with pytest.raises(ConfigurationError, match=place):
        scheme_of(make_platform, as_user, **settings)
