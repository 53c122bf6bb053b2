"""The doors: statements of a single claim and of lists, explanations, and what a district may see (M3, M4, L1, L3)."""

from datetime import date

import pytest
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi_claims.plugin import READ_CLAIMS

FIELDS = """id code status dateClaimed dateFrom dateTo claimed approved remunerated visitType category reviewStatus
    feedbackStatus facility{id name code} patient{id number givenName familyName birthDate}"""
LIST = "{claims(first:100,orderBy:[DATE_CLAIMED_DESC]){totalCount pageInfo{hasNextPage} nodes{%s}}}"
LINES = "lines{id code name quantity priceAsked status}"
CREATE = (
    "mutation($d:ClaimDraft!){createClaim(input:$d){id status claimed lines{id code quantity priceAsked}}}"
)


def _draft(scheme: Scheme, insuree: object, code: str) -> dict[str, object]:
    lines = [("SERVICE", one, "1") for one in ("SV1", "SV2", "CONS")] + [
        ("ITEM", one, "2") for one in ("IT1", "IT2")
    ]
    return {
        "code": code,
        "facilityId": str(scheme.hospital),
        "insureeId": str(insuree),
        "diagnosis": "A00",
        "dateFrom": "2026-02-01",
        "lines": [
            {"kind": kind, "code": one, "quantity": much, "price": "100 XAF"} for kind, one, much in lines
        ],
    }


def test_a_claim_is_created_and_submitted_with_few_statements(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    scheme.submitted(insuree)

    with scheme.statements() as create:
        made = scheme.run(CREATE, {"d": _draft(scheme, insuree, "M3")}, actor=scheme.clerk)["createClaim"]
    with scheme.statements() as submit:
        done = scheme.run(
            "mutation($i:UUID!){submitClaim(id:$i){status approved lines{status reason}}}",
            {"i": made["id"]},
            actor=scheme.clerk,
        )["submitClaim"]

    assert (made["status"], made["claimed"], len(made["lines"])) == ("ENTERED", "700 XAF", 5)
    assert (done["status"], done["approved"]) == ("CHECKED", "700 XAF")
    assert done["lines"] == [{"status": "PASSED", "reason": 0}] * 5
    assert len(create) <= 12
    assert len(submit) <= 15


def test_a_page_of_claims_takes_the_same_few_statements_whatever_it_holds(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    for _ in range(4):
        scheme.submitted(scheme.patient(), ("SV1", 1), ("IT1", 2))

    with scheme.statements() as plain:
        page = scheme.run(LIST % FIELDS)["claims"]
    with scheme.statements() as full:
        lines = scheme.run(LIST % (FIELDS + LINES))["claims"]

    assert (page["totalCount"], len(page["nodes"])) == (4, 4)
    assert page["nodes"][0]["patient"]["familyName"] == "Hamadou"
    assert page["nodes"][0]["facility"]["name"] == "Hôpital de Garoua"
    assert [line["name"] for line in lines["nodes"][0]["lines"]] == ["SV1", "IT1"]
    looked = int(scheme.platform.database.is_sqlite)
    """Of a small place SQLite is asked first how much lies there."""
    assert len(plain) <= 4 + looked
    assert len(full) <= 6 + looked


@pytest.mark.rule("ADJ-9", "ADJ-8", "m12", "D-11")
def test_the_facility_reads_why_a_line_was_cut_in_its_language(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    terms = {
        "other_items": {},
        "coverage": [{"kind": "item", "code": "IT1", "max_quantity": {"adult": "5"}}],
    }
    scheme = scheme_of(make_platform, as_user, terms)
    insuree = scheme.patient()
    scheme.submitted(insuree, ("IT1", 3))
    claim_id = scheme.submitted(insuree, ("IT1", 4), date_from=date(2026, 2, 20))
    given = {"i": str(claim_id)}

    told = scheme.run(
        "query($i:UUID!){claim(id:$i){lines{quantity acceptedQuantity refused remunerated adjustments{kind before after rule}}}}",
        given,
        actor=scheme.clerk,
    )["claim"]["lines"][0]
    explained = {
        language: scheme.run(
            "query($i:UUID!,$l:String!){explainClaim(id:$i,language:$l){lines{steps}}}",
            given | {"l": language},
        )["explainClaim"]["lines"][0]["steps"]
        for language in ("fr", "en")
    }

    assert (told["quantity"], told["acceptedQuantity"]) == ("4", "2")
    assert (told["refused"], told["remunerated"]) == ("200 XAF", "200 XAF")
    assert {"kind": "quantity_limit", "before": "4", "after": "2", "rule": "ADJ-8"} in told["adjustments"]
    assert any("3 used before" in step for step in explained["en"])
    assert len(explained["fr"]) == len(explained["en"])
    assert explained["fr"] != explained["en"]


def test_a_district_sees_its_facilities_and_no_others(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.submitted(scheme.patient())
    names = scheme.officer.grants.names()

    def count(place: str) -> int:
        actor = as_user(*names, at=scheme.places[place])
        return int(scheme.run("{claims{totalCount}}", actor=actor)["claims"]["totalCount"])

    assert (count("D1"), count("D2"), count("CM")) == (1, 0, 1)
    assert READ_CLAIMS.sensitive
