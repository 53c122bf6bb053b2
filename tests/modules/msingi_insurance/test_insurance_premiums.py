"""Contributions: recorded, numbered, shared between policy and credit, taken back by two people."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.modules.msingi_insurance.insurance_fixtures import Scheme
from tests.modules.msingi_insurance.money_fixtures import (
    TODAY,
    VALUE,
    Till,
    balances,
    francs,
    premiums,
    till_of,
)

from msingi.errors import DomainError
from msingi.testing import AsUser, MakePlatform
from msingi.transact import transact
from msingi.work import Work
from msingi_insurance.models.payers import FundingStatus
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.models.receipts import ReturnState
from msingi_insurance.payment_errors import (
    AlreadyDecided,
    DutiesConflict,
    OfficerNotThere,
    OfficerRequired,
    PaidInFuture,
    ReceiptReserved,
    ReceiptTaken,
    ReturnImpossible,
)
from msingi_insurance.plugin import (
    APPROVE_RETURNS,
    COLLECT_CONTRIBUTIONS,
    EDIT_PAYERS,
    READ_CONTRIBUTIONS,
    READ_POLICIES,
    RETURN_CONTRIBUTIONS,
)
from msingi_insurance.rules.premium_shares import credit_change
from msingi_insurance.rules.refusals import (
    AmountInvalid,
    PayerNotAllowedHere,
    RefundRefused,
    TooManyInstalments,
)
from msingi_insurance.rules.states import PayerType, PayType, PolicyStatus
from msingi_insurance.services.fundings import FundingDraft, accept_funding, post_funding, record_funding
from msingi_insurance.services.payers import PayerDraft, create_payer
from msingi_insurance.services.premium_returns import decide_return, request_refund, request_reversal
from msingi_insurance.services.premiums import NewPremium, receive_premium, receive_premiums

RECEIVE = """mutation ($input: ContributionDraft!) { receiveContribution(input: $input) {
  status excess premium { id receipt amount credit } } }"""


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user, terms={"max_installments": 3})


def pay(till: Till, policy: Policy, amount: int, **others: Any) -> Premium:
    premium: Premium = till.act(lambda work: receive_premium(work, till.cash(policy, amount, **others)))
    return premium


@pytest.mark.rule("PAY-1", "PAY-2", "PAY-6", "POL-7")
def test_paying_in_parts_activates_at_the_value_and_the_rest_is_credit(till: Till) -> None:
    policy = till.policy()

    first = pay(till, policy, 400)
    before = till.get(policy)
    second = pay(till, policy, 700)

    after = till.get(policy)
    assert (before.status, before.effective_date) == (PolicyStatus.IDLE, None)
    assert (after.status, after.effective_date) == (PolicyStatus.ACTIVE, TODAY)
    assert [first.receipt, second.receipt] == ["RE-CHF-20260302-1", "RE-CHF-20260302-2"]
    assert (first.credit_minor, second.credit_minor) == (0, 100)
    assert till.balances() == {"1410": 1100, "2950": 100, "4210": 1000}


@pytest.mark.rule("PAY-2", "POL-7", "attack 89", "attack 54")
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(till: Till) -> None:
    policy, other = till.policy(), till.policy(village="V3")
    pay(till, policy, 100, receipt="A-17")
    pay(till, policy, 100)
    pay(till, policy, 100)
    kept = till.balances()
    refused = [
        (till.cash(policy, 100), TooManyInstalments),
        (till.cash(other, 100, receipt="A-17", officer_id=till.other.id), ReceiptTaken),
        (till.cash(other, 100, receipt="RE-CHF-20260302-9", officer_id=till.other.id), ReceiptReserved),
        (till.cash(other, 100, officer_id=till.officer.id), OfficerNotThere),
        (till.cash(other, 100, officer_id=None), OfficerRequired),
        (till.cash(other, 0, officer_id=till.other.id), AmountInvalid),
        (
            till.cash(other, 100, officer_id=till.other.id, pay_date=TODAY + timedelta(days=1)),
            PaidInFuture,
        ),
    ]

    for new, refusal in refused:
        with pytest.raises(refusal):
            till.act(lambda work, new=new: receive_premium(work, new))

    assert till.balances() == kept
    assert len(premiums(till.scheme)) == 3


@pytest.mark.rule("PAY-2")
def test_a_photo_fee_is_no_instalment_and_pays_for_no_cover(till: Till) -> None:
    policy = till.policy()

    pay(till, policy, VALUE, is_photo_fee=True)

    assert till.get(policy).status is PolicyStatus.IDLE
    assert till.balances() == {"1410": VALUE, "4210": VALUE}


@pytest.mark.rule("PAY-2")
@pytest.mark.parametrize("way", ["one by one", "at once"])
def test_instalments_are_counted_in_one_list_as_one_by_one_and_without_photo_fees(
    till: Till, way: str
) -> None:
    policy = till.policy()
    part, photo = till.cash(policy, 100), till.cash(policy, 100, is_photo_fee=True)

    def receive(*given: NewPremium) -> None:
        lists = [list(given)] if way == "at once" else [[new] for new in given]
        till.act(lambda work: [receive_premiums(work, some) for some in lists])

    with pytest.raises(TooManyInstalments):
        receive(part, part, part, part)
    assert premiums(till.scheme) == []
    receive(photo, part, photo, part, part, photo)
    with pytest.raises(TooManyInstalments):
        receive(photo, part)

    assert len(premiums(till.scheme)) == 6


@pytest.mark.rule("PAY-1", "attack 24")
def test_a_payer_is_used_at_or_above_the_products_place_and_never_made_by_collectors(till: Till) -> None:
    policy = till.policy()
    places = till.scheme.places

    def payer(place: str) -> Any:
        draft = PayerDraft(type=PayerType.DONOR, name="Fund", jurisdiction_id=places[place])
        return till.act(lambda work: create_payer(work, draft))

    national, district = payer("CM"), payer("D1")
    paid = pay(till, policy, 100, payer_id=national.id)

    with pytest.raises(PayerNotAllowedHere):
        pay(till, policy, 100, payer_id=district.id)
    collector = till.user(COLLECT_CONTRIBUTIONS, EDIT_PAYERS)
    draft = PayerDraft(type=PayerType.DONOR, name="Friend", jurisdiction_id=places["CM"])
    with (
        till.scheme.platform.work(collector) as work,
        work.allowed(EDIT_PAYERS),
        pytest.raises(DutiesConflict),
    ):
        create_payer(work, draft)
    assert paid.payer_id == national.id


@pytest.mark.rule("POL-7", "attack 97")
def test_receipts_have_no_gap_when_many_collect_at_once(till: Till) -> None:
    policies = [till.policy() for _ in range(4)]
    barrier = Barrier(4, timeout=60)

    def collect(policy: Policy) -> None:
        barrier.wait()
        transact(lambda: pay(till, policy, 10), attempts=10)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(collect, policies))

    assert sorted(premium.receipt for premium in premiums(till.scheme)) == [
        f"RE-CHF-20260302-{number}" for number in (1, 2, 3, 4)
    ]
    assert till.balances() == {"1410": 40, "4210": 40}


@pytest.mark.rule("PAY-6", "attack 24", "attack 88")
def test_a_reversal_needs_a_second_person_and_takes_cover_back(till: Till) -> None:
    policy = till.policy()
    clerk = till.user(COLLECT_CONTRIBUTIONS, RETURN_CONTRIBUTIONS, APPROVE_RETURNS, READ_CONTRIBUTIONS)
    chief = till.user(APPROVE_RETURNS, READ_CONTRIBUTIONS)
    platform = till.scheme.platform
    with platform.work(clerk) as work, work.allowed(COLLECT_CONTRIBUTIONS):
        premium = receive_premium(work, till.cash(policy, VALUE + 50))
    with platform.work(clerk) as work, work.allowed(RETURN_CONTRIBUTIONS):
        request = request_reversal(work, premium.id, reason="wrong family")

    with pytest.raises(DutiesConflict), platform.work(clerk) as work, work.allowed(APPROVE_RETURNS):
        decide_return(work, request.id, approve=True)
    with platform.work(chief) as work, work.allowed(APPROVE_RETURNS):
        done = decide_return(work, request.id, approve=True)

    rows = premiums(till.scheme)
    assert [(row.amount_minor, row.credit_minor, row.receipt) for row in rows] == [
        (1050, 50, "RE-CHF-20260302-1"),
        (-1050, -50, "RE-CHF-20260302-1-R"),
    ]
    assert (done.state, done.reversal_id, rows[1].reverses_id) == (
        ReturnState.APPROVED,
        rows[1].id,
        premium.id,
    )
    assert till.get(policy).status is PolicyStatus.SUSPENDED
    assert till.balances() == {}
    with pytest.raises(AlreadyDecided):
        till.act(lambda work: decide_return(work, request.id, approve=True))
    with pytest.raises(ReturnImpossible):
        till.act(lambda work: request_reversal(work, premium.id, reason="again"))
    with pytest.raises(ReturnImpossible):
        till.act(lambda work: request_reversal(work, rows[1].id, reason="reversal of a reversal"))


@pytest.mark.rule("PAY-6", "attack 88")
def test_only_the_excess_is_refunded_and_never_twice(till: Till) -> None:
    policy = till.policy()
    premium = pay(till, policy, VALUE + 300, pay_type=PayType.BANK)

    with pytest.raises(RefundRefused):
        till.act(lambda work: request_refund(work, premium.id, francs(301), reason="too much"))
    request = till.act(lambda work: request_refund(work, premium.id, francs(200), reason="asked"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
    with pytest.raises(RefundRefused):
        till.act(lambda work: request_refund(work, premium.id, francs(101), reason="too much"))

    assert till.balances() == {"1420": 1100, "2950": 100, "4210": 1000}
    assert till.get(policy).status is PolicyStatus.ACTIVE


@pytest.mark.rule("attack 24")
def test_a_funding_is_recorded_posted_and_accepted_by_two_people(till: Till) -> None:
    places = till.scheme.places
    payer = till.act(
        lambda work: create_payer(
            work, PayerDraft(type=PayerType.GOVERNMENT, name="State", jurisdiction_id=places["CM"])
        )
    )
    recorder, decider = till.user("insurance.record_fundings"), till.user("insurance.decide_fundings")
    draft = FundingDraft(
        product_id=till.product.id, payer_id=payer.id, amount=francs(5000), pay_date=TODAY, receipt="F-1"
    )
    platform = till.scheme.platform
    with platform.work(recorder) as work, work.everywhere():
        funding = record_funding(work, draft)
    with platform.work(recorder) as work, work.everywhere():
        post_funding(work, funding.id)

    with pytest.raises(DutiesConflict), platform.work(recorder) as work, work.everywhere():
        accept_funding(work, funding.id)
    with platform.work(decider) as work, work.everywhere():
        accepted = accept_funding(work, funding.id)

    assert accepted.status is FundingStatus.ACCEPTED
    assert till.balances() == {"1420": 5000, "4220": 5000}
    with pytest.raises(ReceiptTaken):
        till.act(lambda work: record_funding(work, draft))


@pytest.mark.rule("PAY-1", "attack 21")
def test_over_graphql_a_village_officer_collects_in_the_own_village_only(till: Till) -> None:
    near, far = till.policy(village="V1"), till.policy(village="V3")
    agent = till.user(COLLECT_CONTRIBUTIONS, READ_CONTRIBUTIONS, READ_POLICIES, at="D1")

    def draft(policy: Policy) -> dict[str, Any]:
        return {
            "input": {
                "policyId": str(policy.id),
                "amount": "1000 XAF",
                "payDate": TODAY.isoformat(),
                "payType": "CASH",
                "officerId": str(till.officer.id),
            }
        }

    done = till.scheme.run(RECEIVE, draft(near), actor=agent)["receiveContribution"]
    refused = till.scheme.refused(RECEIVE, draft(far), actor=agent)

    assert (done["status"], done["excess"], done["premium"]["amount"]) == ("ACTIVE", "0 XAF", "1000 XAF")
    assert refused == "core.not_found"
    assert len(premiums(till.scheme)) == 1


@pytest.mark.rule("PAY-1", "F1")
def test_a_payment_that_dies_on_the_way_leaves_nothing(till: Till) -> None:
    policy = till.policy()

    def die(work: Work) -> None:
        receive_premium(work, till.cash(policy, VALUE))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        till.act(die)

    assert till.balances() == {}
    assert premiums(till.scheme) == []
    assert till.get(policy).status is PolicyStatus.IDLE
    assert pay(till, policy, 10).receipt == "RE-CHF-20260302-1"


@pytest.mark.rule("PAY-6")
@given(
    value=st.integers(0, 500),
    amounts=st.lists(st.integers(1, 300), max_size=12),
    reversals=st.sets(st.integers(0, 11)),
)
def test_credit_is_always_what_was_paid_above_the_value(
    value: int, amounts: list[int], reversals: set[int]
) -> None:
    steps = [*amounts, *(-amounts[place] for place in sorted(reversals) if place < len(amounts))]

    paid = credit = 0
    for amount in steps:
        change = credit_change(amount, paid_before=paid, credit_before=credit, value=value)
        assert min(0, amount) <= change <= max(0, amount)
        paid, credit = paid + amount, credit + change

    assert credit == max(0, paid - value)


@pytest.mark.rule("PAY-6", "attack 90")
def test_contributions_ledger_and_credits_always_agree(till: Till) -> None:
    """A sequence of random steps by random people; after each one the books say what the rows say."""
    policies = [till.policy(), till.policy(village="V2")]

    @settings(max_examples=5, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(st.sampled_from(["pay", "reverse", "refund"]), st.integers(0, 5), st.integers(1, 900)),
            min_size=3,
            max_size=6,
        )
    )
    def run(steps: list[tuple[str, int, int]]) -> None:
        for kind, place, amount in steps:
            _try(till, policies, kind, place, amount)
            _agree(till.scheme)

    run()


def _try(till: Till, policies: list[Policy], kind: str, place: int, amount: int) -> None:
    rows = premiums(till.scheme)
    policy = policies[place % 2]
    with suppress(DomainError):
        if kind == "pay" or not rows:
            pay(till, policy, amount)
            return
        premium = rows[place % len(rows)]
        ask = (
            (lambda work: request_reversal(work, premium.id, reason="test"))
            if kind == "reverse"
            else (lambda work: request_refund(work, premium.id, francs(amount), reason="test"))
        )
        request = till.act(ask)
        till.act(lambda work: decide_return(work, request.id, approve=True))


def _agree(scheme: Scheme) -> None:
    rows, books = premiums(scheme), balances(scheme)
    total, credit = sum(row.amount_minor for row in rows), sum(row.credit_minor for row in rows)
    assert books.get("1410", 0) + books.get("1420", 0) == total
    assert books.get("2950", 0) == credit
    assert books.get("4210", 0) == total - credit
