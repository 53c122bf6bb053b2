"""The card check: cover with its reason, what is left, who may see what, and how little it costs."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_catalogue_fixtures import add_catalogue
from tests.modules.msingi_insurance.insurance_fixtures import pay, scheme_of, sold
from tests.modules.msingi_insurance.test_insurance_policies import enrol

from msingi.plugin import Plugin
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.plugin import CHECK_ELIGIBILITY
from msingi_insurance.rules.allowances import (
    AmountLeft,
    Standing,
    categories_left,
    ceiling_left,
    deductible_left,
    line_left,
)
from msingi_insurance.rules.consumption import Consumed, Used
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import Basis, Category, LineKind, Terms

ASK = """query ($number: String, $on: LocalDate, $items: [String!]) {
  eligibility(insureeNumber: $number, on: $on, items: $items) { name birthYear number covered reason explanation covers {
    productCode status expiryDate members ceiling { basis general hospital other } deductible { general }
    categories { category claims amount } lines { code covered nextAllowed quantity } } } }"""
TERMS: dict[str, Any] = {
    "threshold": 1,
    "ceiling": {"basis": "policy", "general": "1000", "extra_member": {"general": "100"}},
    "deductible": {"basis": "insuree", "general": "50"},
    "max_number": {"consultation": 3, "visit": 0},
    "max_amount": {"consultation": "500"},
    "other_items": {"max_quantity": {"adult": "10"}, "waiting_period": {"adult": 2}},
}
NOBODY = UUID(int=0)


def claims_that(consumed: dict[str, Any]) -> Plugin[Any]:
    """A module that answers with this consumption."""
    plugin = Plugin("fake_claims", requires=["insurance"])

    @plugin.answer
    def consumption(
        work: Work,
        policy_ids: Collection[UUID],
        insuree_ids: Collection[UUID],
        on: date,
    ) -> Sequence[Consumed]:
        return [
            Consumed(policy_id=policy_id, insuree_id=insuree_id, **consumed)
            for policy_id in policy_ids
            for insuree_id in insuree_ids
        ]

    return plugin


@pytest.mark.rule("POL-10", "D-28", "PRD-7")
def test_the_answer_shows_what_is_left_and_not_the_maximum(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    consumed = {
        "deducted": Used(insuree_other=Decimal(20)),
        "paid": Used(policy_other=Decimal(300), policy_hospital=Decimal(100)),
        "category_claims": {Category.CONSULTATION: 1},
        "category_amounts": {Category.CONSULTATION: Decimal(120)},
        "quantities": {(LineKind.ITEM, "IT1"): Decimal(4)},
        "given": {},
    }
    scheme = scheme_of(make_platform, as_user, plugins=[claims_that(consumed)])
    scheme.act(lambda work: add_catalogue(work, scheme.places["CM"]))
    made = scheme.enrol(scheme.child())
    policy = enrol(scheme, made.family.id, sold(scheme, **TERMS))["policy"]
    pay(scheme, policy["id"], 500)

    scheme.run(ASK, {"number": made.insurees[0].number, "items": ["IT1"]})
    with scheme.statements() as seen:
        answer = scheme.run(ASK, {"number": made.insurees[0].number, "items": ["IT1"]})["eligibility"]

    assert (answer["covered"], answer["reason"]) == (True, "COVERED")
    (cover,) = answer["covers"]
    assert cover["ceiling"] == {"basis": "POLICY", "general": "700 XAF", "hospital": None, "other": None}
    assert cover["deductible"] == {"general": "30 XAF"}
    assert cover["categories"] == [
        {"category": "CONSULTATION", "claims": 2, "amount": "380 XAF"},
        {"category": "VISIT", "claims": 0, "amount": None},
    ]
    assert cover["lines"] == [{"code": "IT1", "covered": True, "nextAllowed": "2026-05-02", "quantity": "6"}]
    assert (cover["productCode"], cover["members"]) == ("CSU", 2)
    assert len(seen) <= 8


@pytest.mark.rule("POL-10", "PRD-10", "CLM-2")
def test_what_the_catalogue_does_not_hold_is_not_covered(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    """A product that pays for everything pays for nothing that does not exist; a service is no item."""
    scheme = scheme_of(make_platform, as_user)
    scheme.act(lambda work: add_catalogue(work, scheme.places["CM"]))
    made = scheme.enrol()
    policy = enrol(scheme, made.family.id, sold(scheme, other_items={}, other_services={}))["policy"]
    pay(scheme, policy["id"], 300)

    asked = {"number": made.insurees[0].number, "items": ["IT1", "NOPE", "SV1"]}
    (cover,) = scheme.run(ASK, asked)["eligibility"]["covers"]

    assert [(line["covered"], line["nextAllowed"] is None) for line in cover["lines"]] == [
        *((True, False), (False, True), (False, True)),
    ]


@pytest.mark.rule("D-19", "PRM-4", "POL-10")
@pytest.mark.parametrize(("majority", "value", "quantity"), [(10, "600 XAF", "7"), (11, "500 XAF", "4")])
def test_d_19_one_age_of_majority_decides_what_a_child_pays_and_may_have(
    make_platform: MakePlatform, as_user: AsUser, majority: int, value: str, quantity: str
) -> None:
    scheme = scheme_of(make_platform, as_user, age_of_majority=majority)
    scheme.act(lambda work: add_catalogue(work, scheme.places["CM"]))
    made = scheme.enrol(scheme.child())
    product = sold(scheme, other_items={"max_quantity": {"adult": "7", "child": "4"}})
    policy = enrol(scheme, made.family.id, product)["policy"]
    pay(scheme, policy["id"], 600)

    asked = {"number": made.insurees[1].number, "items": ["IT1"]}
    (cover,) = scheme.run(ASK, asked)["eligibility"]["covers"]

    assert (policy["value"], [line["quantity"] for line in cover["lines"]]) == (value, [quantity])


@pytest.mark.rule("POL-10", "D-28", "INS-7")
def test_the_reason_is_told_for_every_day_and_former_numbers_resolve(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    scheme = scheme_of(make_platform, as_user)
    made = scheme.enrol()
    number = made.insurees[0].number

    def reason(on: str | None = None) -> str:
        return str(scheme.run(ASK, {"number": number, "on": on})["eligibility"]["reason"])

    assert reason() == "NO_POLICY"
    policy = enrol(scheme, made.family.id, sold(scheme))["policy"]
    assert reason() == "POLICY_NOT_ACTIVE"
    pay(scheme, policy["id"], 300)
    assert reason() == "COVERED"
    assert reason("2026-03-01") == "NO_POLICY"
    change = """mutation ($id: UUID!) {
      replaceInsuranceNumber(insureeId: $id, number: "TZ-77", expectedVersion: 1, reason: "synchronised") { number formerNumbers } }"""
    replaced = scheme.run(change, {"id": str(made.insurees[0].id)})["replaceInsuranceNumber"]
    assert replaced == {"number": "TZ-77", "formerNumbers": [number]}
    assert scheme.run(ASK, {"number": number})["eligibility"]["number"] == "TZ-77"
    frozen_clock.move(days=500)
    assert reason("2026-06-01") == "COVERED"
    assert reason() == "NO_POLICY"


@pytest.mark.rule("POL-10", "TZA-15")
def test_a_facility_sees_initials_and_nothing_of_the_family(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    made = scheme.enrol(
        head=scheme.head(given_name="Aissatou", family_name="Hamadou", birth_date="1990-05-12")
    )
    counter = as_user(CHECK_ELIGIBILITY, at=scheme.places["F1"])

    answer = scheme.run(ASK, {"number": made.insurees[0].number}, actor=counter)["eligibility"]

    assert (answer["name"], answer["birthYear"]) == ("A. H.", 1990)
    assert scheme.run(ASK, {"number": made.insurees[0].number})["eligibility"]["name"] == "Aissatou Hamadou"
    assert scheme.refused("{ insurees { totalCount } }", actor=counter) == "core.forbidden"
    assert scheme.refused(ASK, {"number": "nobody"}, actor=counter) == "core.not_found"


@pytest.mark.rule("POL-10", "PRD-6", "PRD-7", "D-39")
def test_amounts_left_follow_the_basis_and_the_size_of_the_family() -> None:
    terms = Terms.model_validate(
        {
            "threshold": 2,
            "ceiling": {
                "basis": "policy",
                "ip": "1000",
                "op": "400",
                "extra_member": {"ip": "50", "op": "10"},
                "maximum": {"ip": "1100", "op": "1000"},
            },
            "deductible": {"basis": "treatment", "general": "25"},
            "max_number": {"surgery": 0},
        }
    )
    used = Used(policy_hospital=Decimal(200), policy_other=Decimal(900), insuree_other=Decimal(7))

    assert ceiling_left(terms, used, members=5) == AmountLeft(
        Basis.POLICY, hospital=Decimal(900), other=Decimal(0)
    )
    assert deductible_left(terms.deductible, used) == AmountLeft(Basis.TREATMENT, general=Decimal(25))
    (surgery,) = categories_left(terms, Consumed(policy_id=NOBODY, insuree_id=NOBODY))
    assert (surgery.claims, surgery.amount) == (0, None)
    assert ceiling_left(Terms(), used, members=5) is None


@pytest.mark.rule("POL-10", "PRD-10")
def test_the_next_day_of_a_line_follows_waiting_and_frequency() -> None:
    terms = Terms.model_validate(TERMS)
    given = {(LineKind.ITEM, "IT1"): (date(2026, 6, 1), date(2026, 5, 20))}

    def left(stage: Stage, code: str, days: int | None) -> date | None:
        standing = Standing(
            terms=terms,
            stage=stage,
            cover_from=date(2026, 3, 2),
            policy_effective=date(2026, 3, 2),
            members=1,
            adult=True,
            consumed=Consumed(policy_id=NOBODY, insuree_id=NOBODY, given=given),
        )
        return line_left(
            standing, (LineKind.ITEM, code), on=date(2026, 4, 1), frequency_days=days
        ).next_allowed

    assert left(Stage.NEW, "M2", None) == date(2026, 5, 2)
    assert left(Stage.RENEWAL, "M2", None) == date(2026, 4, 1)
    assert left(Stage.RENEWAL, "IT1", 60) == date(2026, 7, 31)
    assert left(Stage.RENEWAL, "IT1", 10) == date(2026, 4, 1)
    service = (LineKind.SERVICE, "S1")
    consumed = Consumed(policy_id=NOBODY, insuree_id=NOBODY)
    standing = Standing(
        terms=terms,
        stage=Stage.NEW,
        cover_from=date(2026, 3, 2),
        policy_effective=None,
        members=1,
        adult=True,
        consumed=consumed,
    )
    assert not line_left(standing, service, on=date(2026, 4, 1), frequency_days=None).covered
