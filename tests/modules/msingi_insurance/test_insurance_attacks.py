"""What clerks, officers and strangers try with families, policies and money, and what they get."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import VALUE, Till, till_of
from tests.modules.msingi_insurance.payment_fixtures import POOLS, TillWith, gateway, till_with

from msingi.testing import AsUser, MakePlatform
from msingi_insurance.payment_errors import DutiesConflict, OfficerNotThere
from msingi_insurance.plugin import (
    APPROVE_RETURNS,
    CONFIRM_POLICIES,
    EDIT_INSUREES,
    ENROL_POLICIES,
    READ_CONTRIBUTIONS,
    READ_INSUREES,
    READ_PAYMENTS,
    READ_POLICIES,
    RECONCILE_PAYMENTS,
    SUSPEND_POLICIES,
)
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.officers import OfficerChanges, update_officer
from msingi_insurance.services.policies import enrol_policy
from msingi_insurance.services.policies_drafts import PolicyDraft
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium

ENROL = "mutation ($input: FamilyDraft!) { enrolFamily(input: $input) { family { id } } }"
PAY = "mutation ($input: ContributionDraft!) { receiveContribution(input: $input) { status } }"
__all__ = ["gateway", "till_with"]
SETTLE = """mutation ($amount: Money!, $day: LocalDate!, $slip: String!) {
    settleGateway(gateway: "G", amount: $amount, day: $day, slip: $slip) }"""


@pytest.fixture
def till(till_with: TillWith) -> Till:
    return till_with(pools=POOLS)


def person(name: str, **others: Any) -> dict[str, Any]:
    return {"givenName": name, "familyName": "Ngono", "sex": "FEMALE", "birthDate": "1990-02-03", **others}


@pytest.mark.rule("attack 15", "attack 18")
def test_a_person_of_another_district_is_not_there_however_insured(till: Till) -> None:
    family = till.scheme.enrol()
    stranger = till.user(EDIT_INSUREES, READ_INSUREES, "registry.read_persons", at="D2")
    draft = {"jurisdictionId": str(till.scheme.places["V3"])}

    known = {**draft, "head": {"personId": str(family.insurees[0].person_id)}}
    unknown = {**draft, "head": {"personId": str(family.family.id)}}
    answers = [
        till.scheme.platform.graphql.run(ENROL, {"input": one}, actor=stranger)["errors"][0]
        for one in (known, unknown)
    ]

    assert [one["extensions"]["code"] for one in answers] == ["core.not_found", "core.not_found"]
    assert answers[0]["message"] == answers[1]["message"]


@pytest.mark.rule("attack 15", "attack 16", "attack 19")
def test_another_district_reads_no_family_policy_or_money(till: Till) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    stranger = till.user(READ_INSUREES, READ_POLICIES, READ_CONTRIBUTIONS, READ_PAYMENTS, at="D2")
    ask = """query ($family: UUID!, $policy: UUID!) {
        family(id: $family) { id credit } policy(id: $policy) { id family { id } contributions { receipt } }
        families { totalCount } policies { totalCount } contributions { totalCount nodes { receipt } } payments { totalCount }
    }"""

    seen = till.scheme.run(ask, {"family": str(policy.family_id), "policy": str(policy.id)}, actor=stranger)

    nothing = {"totalCount": 0}
    assert seen == {
        "family": None,
        "policy": None,
        "families": nothing,
        "policies": nothing,
        "contributions": {"totalCount": 0, "nodes": []},
        "payments": nothing,
    }


@pytest.mark.rule("TZA-14", "attack 89")
def test_an_officer_enrols_in_the_own_villages_and_while_at_work_only(till: Till) -> None:
    rights = (EDIT_INSUREES, READ_INSUREES, ENROL_POLICIES, READ_POLICIES)
    officer = replace(till.user(*rights), id=till.officer.user_id)
    draft = {"jurisdictionId": str(till.scheme.places["V3"]), "head": person("Aissatou")}
    near = {**draft, "jurisdictionId": str(till.scheme.places["V1"])}
    sell = PolicyDraft(family_id=till.scheme.enrol(village="V3").family.id, product_id=till.product.id)

    assert till.scheme.refused(ENROL, {"input": draft}, actor=officer) == "insurance.officer_not_there"
    till.scheme.run(ENROL, {"input": near}, actor=officer)
    with pytest.raises(OfficerNotThere), till.scheme.platform.work(officer) as work, work.allowed(*rights):
        enrol_policy(work, sell)
    with pytest.raises(OfficerNotThere):
        till.act(lambda work: enrol_policy(work, sell.model_copy(update={"officer_id": till.officer.id})))
    till.act(lambda work: update_officer(work, till.officer.id, OfficerChanges(works_to=date(2026, 3, 1))))
    assert till.scheme.refused(ENROL, {"input": near}, actor=officer) == "insurance.officer_not_there"


@pytest.mark.rule("attack 54", "attack 55", "attack 56")
def test_impossible_contributions_leave_nothing(till: Till) -> None:
    policy = till.policy()
    tried = {
        ("-5 XAF", "2026-03-02"): "money.negative",
        ("0 XAF", "2026-03-02"): "insurance.amount_invalid",
        ("1000 EUR", "2026-03-02"): "money.mixed_currencies",
        ("0.5 XAF", "2026-03-02"): "money.too_precise",
        ("NaN XAF", "2026-03-02"): "money.invalid",
        ("1E+18 XAF", "2026-03-02"): "money.invalid",
        ("99999999999999999999 XAF", "2026-03-02"): "money.invalid",
        ("1000 XAF", "2026-03-03"): "insurance.paid_in_future",
    }

    given = {"policyId": str(policy.id), "payType": "BANK"}
    codes = {
        (amount, day): till.scheme.refused(PAY, {"input": {**given, "amount": amount, "payDate": day}})
        for amount, day in tried
    }

    assert codes == tried
    assert (till.balances(), till.get(policy).status) == ({}, PolicyStatus.IDLE)


@pytest.mark.rule("attack 55")
def test_sums_beyond_what_a_column_holds_are_refused(till: Till) -> None:
    policy = till.policy()
    most = {"policyId": str(policy.id), "payDate": "2026-03-02", "payType": "BANK"}
    codes = set()
    for _ in range(3):
        answer = till.scheme.platform.graphql.run(
            PAY, {"input": {**most, "amount": "9000000000000000000 XAF"}}, actor=till.scheme.clerk
        )
        codes |= {error["extensions"]["code"] for error in answer.get("errors", ())}

    assert codes <= {"core.invalid_input", "ledger.wrong_amount"}
    assert codes
    assert till.balances().get("4210", 0) in {0, VALUE}


@pytest.mark.rule("attack 24", "attack 88")
def test_an_officer_decides_on_no_money_that_the_officer_took(till: Till) -> None:
    policy = till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    request = till.act(lambda work: request_reversal(work, premium.id, reason="wrong family"))
    officer = replace(till.user(APPROVE_RETURNS, READ_CONTRIBUTIONS), id=till.officer.user_id)

    with (
        pytest.raises(DutiesConflict),
        till.scheme.platform.work(officer) as work,
        work.allowed(APPROVE_RETURNS),
    ):
        decide_return(work, request.id, approve=True)

    assert till.balances() == {"1410": VALUE, "4210": VALUE}


@pytest.mark.rule("attack 91", "POL-4", "POL-11")
def test_nobody_reinstates_a_policy_whose_money_went_back_into_cover(till: Till) -> None:
    policy = till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    request = till.act(lambda work: request_reversal(work, premium.id, reason="mistake"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
    clerk = till.user(SUSPEND_POLICIES, READ_POLICIES)
    again = 'mutation ($id: UUID!, $v: Int!) { reinstatePolicy(id: $id, reason: "asked", expectedVersion: $v) { status } }'

    stands = till.get(policy)
    answer = till.scheme.run(again, {"id": str(policy.id), "v": stands.version}, actor=clerk)

    assert (stands.status, answer["reinstatePolicy"]["status"]) == (PolicyStatus.SUSPENDED, "IDLE")


@pytest.mark.rule("attack 91", "POL-4")
def test_nobody_confirms_a_policy_whose_money_went_back(make_platform: MakePlatform, as_user: AsUser) -> None:
    till = till_of(make_platform, as_user, activation="confirmation")
    policy = till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    ready = till.get(policy).status
    request = till.act(lambda work: request_reversal(work, premium.id, reason="mistake"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
    confirm = "mutation ($id: UUID!, $v: Int!) { confirmPolicy(id: $id, expectedVersion: $v) { status } }"

    stands = till.get(policy)
    code = till.scheme.refused(
        confirm,
        {"id": str(policy.id), "v": stands.version},
        actor=till.user(CONFIRM_POLICIES, READ_POLICIES),
    )

    assert (ready, stands.status) == (PolicyStatus.READY, PolicyStatus.IDLE)
    assert code == "insurance.policy_step_refused"


@pytest.mark.rule("attack 54", "attack 77")
def test_a_gateway_settles_only_what_it_collected(till: Till) -> None:
    accountant = till.user(RECONCILE_PAYMENTS)
    tried = {
        ("100 EUR", "2026-03-02", "S1"): "money.mixed_currencies",
        ("-100 XAF", "2026-03-02", "S1"): "money.negative",
        ("0 XAF", "2026-03-02", "S1"): "insurance.amount_invalid",
        ("100 XAF", "2026-03-03", "S1"): "insurance.paid_in_future",
        ("100 XAF", "2026-03-02", " "): "insurance.slip_missing",
        ("100 XAF", "2026-03-02", "S1"): "ledger.insufficient_funds",
    }

    codes = {
        (amount, day, slip): till.scheme.refused(
            SETTLE, {"amount": amount, "day": day, "slip": slip}, actor=accountant
        )
        for amount, day, slip in tried
    }

    assert codes == tried
    assert till.balances() == {}
