"""A facility learns of a patient of another region what a portable claim needs: name, number and cover (TZA-15, D-22)."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.actor import Actor
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_insurance import Family, Insuree, InsureePolicy, Policy
from msingi_registry import Facility, Person

_TYPES = """{__schema{types{name kind fields{name args{name defaultValue type{kind}} type{kind name ofType{kind name ofType{
    kind name ofType{kind name}}}}}}}}"""
_PATIENT = "patient{id number givenName familyName birthDate sex}"
_ELIGIBILITY = """query($n:String!){eligibility(insureeNumber:$n){insureeId number name birthYear on covered reason
    explanation covers{policyId productCode productName stage status covered reason startDate effectiveDate expiryDate
    members deductible{basis} ceiling{basis} categories{category} lines{code}}}}"""


def _stranger(scheme: Scheme, as_user: AsUser) -> Actor:
    """Everything that can be held at the health centre of the other district, and nothing above it."""
    leaf = scheme.act(lambda work: work.get(Facility, scheme.centre).jurisdiction_id)
    every = [one for plugin in scheme.platform.plugins for one in plugin.contributions.permissions]
    return as_user(*every, at=leaf)


def _secrets(scheme: Scheme, insuree_id: UUID) -> set[str]:
    """What identifies the patient, the family and the policy beyond name and number."""

    def read(work: Work) -> set[str]:
        insuree = work.get(Insuree, insuree_id)
        person = work.get(Person, insuree.person_id)
        family = work.get(Family, insuree.family_id or insuree_id)
        covers = select(InsureePolicy.id).where(InsureePolicy.insuree_id == insuree_id)
        policies = select(Policy.id).where(Policy.family_id == family.id)
        ids = {
            person.id,
            family.id,
            family.household_id,
            insuree.jurisdiction_id,
            *work.session.scalars(covers),
        }
        return {*(str(one) for one in (*ids, *work.session.scalars(policies))), str(person.birth_date)}

    found: set[str] = scheme.act(read)
    return found


@pytest.mark.rule("TZA-15", "D-22")
def test_a_facility_of_another_region_reads_name_number_and_cover_of_a_patient(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    scheme.family()
    stranger = _stranger(scheme, as_user)
    claim_id = scheme.enter(insuree, facility_id=scheme.centre, actor=stranger)
    number = scheme.act(lambda work: work.get(Insuree, insuree).number)

    shown = scheme.run(f"{{claims{{nodes{{id {_PATIENT}}}}}}}", actor=stranger)["claims"]["nodes"]
    cover = scheme.run(_ELIGIBILITY, {"n": number}, actor=stranger)["eligibility"]

    assert shown == [
        {
            "id": str(claim_id),
            "patient": {
                "id": str(insuree),
                "number": number,
                "givenName": "Aïssatou",
                "familyName": "Hamadou",
                "birthDate": None,
                "sex": None,
            },
        }
    ]
    assert (cover["name"], cover["number"], cover["birthYear"], cover["covered"]) == (
        "A. H.",
        number,
        1990,
        True,
    )
    assert str(date(1990, 5, 12)) not in json.dumps(cover)


@pytest.mark.rule("TZA-15")
def test_who_reviews_the_claim_or_may_read_the_insuree_sees_age_and_sex(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.enter(scheme.patient(), facility_id=scheme.centre, actor=scheme.national)
    reviewer = as_user("claims.read", "claims.review", at=scheme.places["D2"])
    reader = as_user("claims.read", at=scheme.places["D2"])
    both = as_user("claims.read", "insurance.read_insurees", at=scheme.places["CM"])
    everywhere = as_user("claims.read", at=scheme.places["CM"], national=True)

    def seen(actor: Actor) -> tuple[Any, Any]:
        document = f"query($i:UUID!){{claim(id:$i){{{_PATIENT}}}}}"
        patient = scheme.run(document, {"i": str(claim_id)}, actor=actor)["claim"]["patient"]
        return patient["birthDate"], patient["sex"]

    assert [seen(one) for one in (reviewer, both)] == [("1990-05-12", "FEMALE")] * 2
    assert [seen(one) for one in (reader, everywhere)] == [(None, None)] * 2


@pytest.mark.rule("TZA-15", "D-22", "attack 22")
def test_no_list_shows_the_facility_anything_else_of_that_patient(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    stranger = _stranger(scheme, as_user)
    claim_id = scheme.enter(insuree, facility_id=scheme.centre, actor=stranger)
    scheme.submit(claim_id)
    lists = _lists(scheme, stranger)

    answers = {
        name: json.dumps(scheme.run(f"{{{name}(first:50){{nodes{{{fields}}}}}}}", actor=stranger))
        for name, fields in lists.items()
    }

    assert {"claims", "insurees", "families", "policies"} <= lists.keys()
    secrets = _secrets(scheme, insuree)
    del answers["jurisdictions"]  # places are everybody's to read; that one of them is the patient's is not
    assert {name: one for name, text in answers.items() for one in secrets if one in text} == {}
    assert [name for name, text in answers.items() if "Hamadou" in text] == []
    assert [name for name, text in answers.items() if str(insuree) in text] == ["claims"]


def _lists(scheme: Scheme, actor: Actor) -> dict[str, str]:
    """Every list that needs no argument, with the plain fields of its nodes."""
    types = {one["name"]: one for one in scheme.run(_TYPES, actor=actor)["__schema"]["types"]}
    found = {}
    for entry in types["Query"]["fields"]:
        of = _named(entry["type"])
        needed = [
            one for one in entry["args"] if one["type"]["kind"] == "NON_NULL" and not one["defaultValue"]
        ]
        if not of.endswith("Connection") or needed:
            continue
        nodes = next(one for one in types[of]["fields"] if one["name"] == "nodes")
        plain = [one["name"] for one in types[_named(nodes["type"])]["fields"] if _is_plain(one)]
        found[entry["name"]] = " ".join(plain)
    return found


def _is_plain(shown: Any) -> bool:
    kind = shown["type"]
    while kind["kind"] in {"NON_NULL", "LIST"}:
        kind = kind["ofType"]
    return kind["kind"] in {"SCALAR", "ENUM"} and not shown["args"]


def _named(kind: Any) -> str:
    while kind["kind"] in {"NON_NULL", "LIST"}:
        kind = kind["ofType"]
    return str(kind["name"])
