"""What clerks, officers and strangers try with families, policies and money, and what they get."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, premiums, till_of
from tests.modules.msingi_insurance.payment_fixtures import POOLS, SECRET, intend, jobs, notice, stored

from msingi.errors import DomainError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.transact import transact
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.payments import PaymentDetail
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.payment_errors import DutiesConflict, OfficerNotThere, ReceiptTaken, ReturnImpossible
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
    REQUEST_REFERENCES,
    SUSPEND_POLICIES,
)
from msingi_insurance.rules.payments import PAYMENT_CODES, PaymentState
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.control_numbers import take_number, top_up_pools
from msingi_insurance.services.families import add_member
from msingi_insurance.services.officers import OfficerChanges, update_officer
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.photos import add_photo
from msingi_insurance.services.policies import enrol_policy, renew_policy
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium

ENROL = "mutation ($input: FamilyDraft!) { enrolFamily(input: $input) { family { id } } }"
PAY = "mutation ($input: ContributionDraft!) { receiveContribution(input: $input) { status } }"
CREDIT = "mutation ($id: UUID!) { payFromFamilyCredit(policyId: $id) { status excess premium { amount payType } } }"
SETTLE = """mutation ($amount: Money!, $day: LocalDate!, $slip: String!) {
    settleGateway(gateway: "G", amount: $amount, day: $day, slip: $slip) }"""
_Made = TypeVar("_Made")


@pytest.fixture
def gateway() -> GatewayDouble:
    return GatewayDouble()


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser, gateway: GatewayDouble) -> Till:
    def make(*plugins: Any, **overrides: Any) -> Any:
        return make_platform(*plugins, gateway.plugin(), **overrides)

    payments = {"gateways": {"G": {"notice_secret": SECRET}}, "default_gateway": "G", "pools": POOLS}
    return till_of(make, as_user, terms={"max_members": 3}, payments=payments)


def at_once(writers: int, step: Callable[[int], _Made]) -> list[_Made | DomainError]:
    """What came of writers who start together, each with as many attempts as the server gives."""
    together = Barrier(writers)

    def go(number: int) -> _Made | DomainError:
        together.wait()
        try:
            return transact(lambda: step(number), attempts=40)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(go, range(writers)))


def made(outcomes: list[Any]) -> list[Any]:
    """The outcomes that are no refusals."""
    return [one for one in outcomes if not isinstance(one, DomainError)]


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


@pytest.mark.rule("attack 15", "PAY-9")
def test_numbers_of_a_pool_go_to_officers_of_the_own_places(till: Till) -> None:
    till.act(top_up_pools)
    jobs(till)
    clerk = till.user(REQUEST_REFERENCES, READ_PAYMENTS, at="D2")
    take = "mutation ($p: UUID!, $o: UUID!) { takeReference(productId: $p, officerId: $o) { code number } }"

    mine = till.scheme.run(take, {"p": str(till.product.id), "o": str(till.other.id)}, actor=clerk)
    code = till.scheme.refused(take, {"p": str(till.product.id), "o": str(till.officer.id)}, actor=clerk)

    assert mine["takeReference"]["number"] is not None
    assert code == "core.not_found"


@pytest.mark.rule("attack 86", "PAY-9")
def test_writers_at_once_get_different_numbers_of_a_pool(till: Till) -> None:
    till.act(top_up_pools)
    jobs(till)

    taken = at_once(
        6,
        lambda _: (
            till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id)).number
        ),
    )

    given = [number for number in taken if number is not None]
    assert (len(given), len(set(given))) == (3, 3)


@pytest.mark.rule("attack 86", "attack 89", "POL-7")
def test_one_receipt_is_sold_once_by_twenty_writers(till: Till) -> None:
    policies = [till.policy(village=village) for village in ("V1", "V2")]

    def sell(number: int) -> Any:
        new = till.cash(policies[number % 2], VALUE, receipt="R-1")
        return till.act(lambda work: receive_premium(work, new))

    sold = at_once(20, sell)

    assert len(made(sold)) == 1
    assert {type(one) for one in sold if isinstance(one, DomainError)} == {ReceiptTaken}
    assert till.balances() == {"1410": VALUE, "4210": VALUE}


@pytest.mark.rule("attack 86", "POL-4")
def test_instalments_at_once_activate_once_and_add_up(till: Till) -> None:
    policy = till.policy()

    paid = at_once(10, lambda _: till.act(lambda work: receive_premium(work, till.cash(policy, VALUE // 10))))

    assert len(made(paid)) == 10
    assert (till.get(policy).status, till.balances()) == (PolicyStatus.ACTIVE, {"1410": VALUE, "4210": VALUE})


@pytest.mark.rule("attack 86", "INS-1", "PRM-8")
def test_members_who_join_at_once_never_exceed_the_maximum(till: Till) -> None:
    policy = till.policy()
    children = [till.scheme.child() for _ in range(5)]

    at_once(5, lambda number: till.act(lambda work: add_member(work, policy.family_id, children[number])))

    with till.scheme.platform.work() as work:
        covered = work.session.scalars(select(InsureePolicy.id).where(InsureePolicy.policy_id == policy.id))
        members = work.session.scalars(select(Insuree.id).where(Insuree.family_id == policy.family_id))
        assert (len(covered.all()), len(members.all())) == (3, 6)


@pytest.mark.rule("attack 86", "POL-8")
def test_a_policy_is_renewed_once_by_many(till: Till, frozen_clock: FrozenClock) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    frozen_clock.move(days=360)
    draft = RenewalDraft(policy_id=policy.id)

    renewed = at_once(4, lambda _: till.act(lambda work: renew_policy(work, draft)))

    with till.scheme.platform.work() as work:
        assert len(work.session.scalars(select(Policy.id)).all()) == 2
    assert len(made(renewed)) == 1


@pytest.mark.rule("attack 86", "attack 88")
def test_of_two_who_take_one_contribution_back_the_second_meets_the_first(till: Till) -> None:
    policy = till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))

    asked = at_once(
        4, lambda _: till.act(lambda work: request_reversal(work, premium.id, reason="twice at once"))
    )

    assert len(made(asked)) == 1
    assert {type(one) for one in asked if isinstance(one, DomainError)} == {ReturnImpossible}


@pytest.mark.rule("PAY-6", "attack 87")
def test_a_familys_credit_pays_its_renewal_and_nothing_twice(till: Till, frozen_clock: FrozenClock) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE + 400)))
    frozen_clock.move(days=360)
    renewal = till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id))).policy
    ask = "query ($id: UUID!) { family(id: $id) { credit } }"
    brought = {"policyId": str(renewal.id), "amount": "400 XAF", "payDate": "2027-02-25", "payType": "CREDIT"}

    before = till.scheme.run(ask, {"id": str(policy.family_id)})["family"]["credit"]
    refused = till.scheme.refused(PAY, {"input": brought})
    done = till.scheme.run(CREDIT, {"id": str(renewal.id)})["payFromFamilyCredit"]
    again = till.scheme.refused(CREDIT, {"id": str(renewal.id)})

    assert (before, refused, again) == ("400 XAF", "insurance.credit_not_brought", "insurance.credit_empty")
    assert done == {
        "status": "IDLE",
        "excess": "0 XAF",
        "premium": {"amount": "400 XAF", "payType": "CREDIT"},
    }
    assert till.balances() == {"1410": VALUE + 400, "4210": VALUE + 400}
    used = premiums(till.scheme)[-1]
    request = till.act(lambda work: request_reversal(work, used.id, reason="wrong policy"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
    assert till.balances() == {"1410": VALUE + 400, "2950": 400, "4210": VALUE}


@pytest.mark.rule("attack 89", "INS-4")
def test_one_picture_for_many_people_is_told(till: Till) -> None:
    family = till.scheme.enrol(till.scheme.child())
    for insuree in family.insurees:
        till.act(
            lambda work, insuree=insuree: add_photo(
                work, insuree.id, b"\xff\xd8\xffthe same face", taken_on=TODAY
            )
        )
    ask = "query ($id: UUID!) { family(id: $id) { members { photos { othersWithThisPicture } } } }"

    seen = till.scheme.run(ask, {"id": str(family.family.id)})["family"]["members"]

    assert [one["photos"][0]["othersWithThisPicture"] for one in seen] == [1, 1]


@pytest.mark.rule("PAY-4", "PAY-7")
def test_a_payment_that_brings_no_contribution_says_so(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)
    number = stored(till, payment).reference_number
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))

    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    with till.scheme.platform.work() as work:
        error = work.session.scalars(select(PaymentDetail.error)).one()
    assert (stored(till, payment).state, error) == (PaymentState.UNMATCHED, 109)
    assert till.balances() == {"1410": VALUE, "1430": VALUE, "2960": VALUE, "4210": VALUE}


@pytest.mark.rule("PAY-7")
def test_a_payment_whose_reference_the_gateway_refuses_is_rejected(
    till: Till, gateway: GatewayDouble
) -> None:
    gateway.rejects = True
    payment = intend(till, till.policy())

    jobs(till)

    assert PAYMENT_CODES[stored(till, payment).state] == -1


@pytest.mark.rule("attack 77", "attack 86", "PAY-8")
def test_one_notice_in_parallel_is_one_payment(till: Till) -> None:
    said = notice("", VALUE)

    received = at_once(10, lambda _: till.act(lambda work: receive_payment(work, said)).id)

    assert len(set(made(received))) == 1
    assert till.balances() == {"1430": VALUE, "2960": VALUE}
