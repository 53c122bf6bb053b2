"""Policies under a contribution plan: the plan's rule sets the value, and is kept with the policy (PRM-7)."""

from datetime import date
from typing import Any

import pytest
from tests.modules.msingi_insurance.contract_fixtures import plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, till_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.plugin import ENROL_POLICIES
from msingi_insurance.services.premiums import receive_premium

QUOTE = "query ($input: PolicyDraft!) { quotePolicy(input: $input) { value explanation } }"
ENROL = """mutation ($input: PolicyDraft!) { enrolPolicy(input: $input) {
  policy { value planId valueRule } explanation } }"""
RENEW = """mutation ($input: RenewalDraft!) { renewPolicy(input: $input) {
  policy { value planId valueRule stage } } }"""


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def asked(till: Till, **others: Any) -> dict[str, Any]:
    """The input of a policy of a new family, sold by the officer."""
    family = till.scheme.enrol().family
    return {
        "familyId": str(family.id),
        "productId": str(till.product.id),
        "officerId": str(till.officer.id),
        **others,
    }


@pytest.mark.rule("PRM-7")
def test_a_policy_costs_what_its_plan_says_and_keeps_the_rule(till: Till) -> None:
    """2.5 % of a monthly income of 10,000 is 250; twelve months make 3,000."""
    monthly = plan(till, "INC", "contribution_from_income", percent="2.5")
    wanted = asked(till, planId=str(monthly), income="10000 XAF")
    seller = till.user(ENROL_POLICIES, "insurance.read_policies", at="D1")

    quoted = till.scheme.run(QUOTE, {"input": wanted}, actor=seller)["quotePolicy"]
    enrolled = till.scheme.run(ENROL, {"input": wanted}, actor=seller)["enrolPolicy"]

    assert enrolled["policy"] == {
        "value": "3000 XAF",
        "planId": str(monthly),
        "valueRule": "contribution_from_income",
    }
    assert (quoted["value"], quoted["explanation"]) == ("3000 XAF", enrolled["explanation"])


@pytest.mark.rule("PRM-7", "INS-A3")
def test_zero_of_a_plan_is_a_value_and_not_applicable_is_none(till: Till) -> None:
    free = plan(till, "FREE", "contribution_from_income", percent="0")

    nothing = till.scheme.run(ENROL, {"input": asked(till, planId=str(free), income="10000 XAF")})
    unknown = till.scheme.run(ENROL, {"input": asked(till, planId=str(free))})

    rule = "contribution_from_income"
    assert nothing["enrolPolicy"]["policy"] == {
        "value": "0 XAF",
        "planId": str(free),
        "valueRule": rule,
    }
    assert unknown["enrolPolicy"]["policy"] == {
        "value": f"{VALUE} XAF",
        "planId": str(free),
        "valueRule": "",
    }


@pytest.mark.rule("PRM-7", "D-27")
def test_a_renewal_names_its_plan_anew(till: Till, frozen_clock: FrozenClock) -> None:
    half = plan(till, "HALF", "contribution_from_income", percent="5")
    named, plain = till.policy(), till.policy()
    for policy in (named, plain):
        till.act(lambda work, paid=policy: receive_premium(work, till.cash(paid, VALUE)))
    frozen_clock.move(days=(date(2027, 2, 25) - TODAY).days)
    draft = {"policyId": str(named.id), "planId": str(half), "income": "10000 XAF"}

    renewed = till.scheme.run(RENEW, {"input": draft})["renewPolicy"]["policy"]
    usual = till.scheme.run(RENEW, {"input": {"policyId": str(plain.id)}})["renewPolicy"]["policy"]

    assert (renewed["value"], renewed["planId"]) == ("6000 XAF", str(half))
    assert (renewed["valueRule"], renewed["stage"]) == ("contribution_from_income", "RENEWAL")
    assert (usual["value"], usual["planId"], usual["valueRule"]) == (f"{VALUE} XAF", None, "")


@pytest.mark.rule("PRM-7")
def test_a_plan_that_does_not_price_the_product_then_is_refused(till: Till) -> None:
    later = plan(till, "LATER", "contribution_from_income", percent="5")
    wanted = asked(till, planId=str(later), enrolDate="2025-12-31")
    euro = asked(till, planId=str(later), income="10 EUR")
    nowhere = asked(till, planId=str(till.product.id))

    assert till.scheme.refused(ENROL, {"input": wanted}) == "insurance.plan_not_offered"
    assert till.scheme.refused(QUOTE, {"input": euro}) == "money.mixed_currencies"
    assert till.scheme.refused(QUOTE, {"input": nowhere}) == "core.not_found"
    assert till.scheme.refused(QUOTE, {"input": asked(till, income="10 XAF")}) == "core.invalid_input"
