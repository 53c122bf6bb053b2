"""Payments: references asked once, money received once, shared exactly, or kept in suspense for a person."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.payments import Payment, PaymentDetail, PaymentReference
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import (
    AlreadyDecided,
    DutiesConflict,
    IntentRefused,
    NoticeContradicts,
    NoticeNotGenuine,
    NoticeUnreadable,
    NotUnmatched,
    ReferenceStepRefused,
    StatementUnreadable,
    UnknownGateway,
)
from msingi_insurance.rules.payments import MatchError, PaymentState, ReceivingResult
from msingi_insurance.rules.references import (
    MoneyNotice,
    PoolCode,
    ReferenceState,
    ReferenceStep,
    next_state,
    pool_code,
)
from msingi_insurance.rules.states import PayType, PolicyStatus, Stage
from msingi_insurance.services.control_numbers import assign_number, take_number
from msingi_insurance.services.notices import read_notice, sign_notice
from msingi_insurance.services.payment_intents import IntentLine, PaymentIntent, prepare_payment
from msingi_insurance.services.payment_matching import match_by_hand, match_payment
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.references import cancel_reference, expire_references
from msingi_insurance.services.statements import approve_statement, compare_statement, settle_gateway

SECRET = "a secret of the gateway"
TillWith = Callable[..., Till]


@pytest.fixture
def gateway() -> GatewayDouble:
    return GatewayDouble()


POOLS = {"CHF": {"gateway": "G", "threshold": 2, "batch": 3}}


@pytest.fixture
def till_with(make_platform: MakePlatform, as_user: AsUser, gateway: GatewayDouble) -> TillWith:
    def make(*plugins: Any, **overrides: Any) -> Any:
        return make_platform(*plugins, gateway.plugin(), **overrides)

    def build(**payments: Any) -> Till:
        gateways = {"gateways": {"G": {"notice_secret": SECRET}}, "default_gateway": "G"}
        return till_of(make, as_user, payments={**gateways, **payments})

    return build


@pytest.fixture
def till(till_with: TillWith) -> Till:
    return till_with()


def jobs(till: Till) -> None:
    till.scheme.platform.jobs.run_pending()


def number_of(till: Till, policy: Policy) -> str:
    with till.scheme.platform.work() as work:
        statement = select(Insuree.number).where(Insuree.family_id == policy.family_id)
        return str(work.session.scalars(statement).first())


def intend(till: Till, *policies: Policy, stage: Stage = Stage.NEW) -> Payment:
    lines = [
        IntentLine(insuree_number=number_of(till, policy), product_code="CHF", stage=stage)
        for policy in policies
    ]
    intent = PaymentIntent(lines=lines, officer_id=till.officer.id)
    payment: Payment = till.act(lambda work: prepare_payment(work, intent))
    return payment


def notice(number: str, amount: int, *, transaction: str = "T1", **others: Any) -> MoneyNotice:
    values: dict[str, Any] = {
        "gateway": "G",
        "transaction": transaction,
        "number": number,
        "amount": Decimal(amount),
        "currency": "XAF",
        "paid_on": TODAY,
    }
    return MoneyNotice(**(values | others))


def stored(till: Till, payment: Payment) -> Payment:
    with till.scheme.platform.work() as work:
        return work.get(Payment, payment.id)


def reference_of(payment: Payment) -> UUID:
    assert payment.reference_id is not None
    return payment.reference_id


def references(till: Till) -> list[PaymentReference]:
    with till.scheme.platform.work() as work:
        statement = select(PaymentReference).order_by(PaymentReference.id)
        return list(work.session.scalars(statement))


@pytest.mark.rule("PAY-3", "PAY-5", "PAY-7", "PG-1")
def test_a_payment_for_two_policies_is_asked_for_received_and_shared(
    till: Till, gateway: GatewayDouble
) -> None:
    one, two = till.policy(), till.policy(village="V2")
    payment = intend(till, one, two)
    posted = payment.state
    jobs(till)
    assigned = stored(till, payment)

    till.act(lambda work: receive_payment(work, notice(assigned.reference_number, 1501)))
    waiting = till.balances()
    jobs(till)

    assert (posted, assigned.state, payment.expected_minor) == (
        PaymentState.POSTED,
        PaymentState.REFERENCE_ASSIGNED,
        2000,
    )
    assert waiting == {"1430": 1501, "2960": 1501}
    shares = {row.policy_id: row.amount_minor for row in premiums(till.scheme)}
    assert shares == {one.id: 751, two.id: 750}
    assert [row.receipt for row in premiums(till.scheme)] == ["T1", "T1-2"]
    assert {row.pay_type for row in premiums(till.scheme)} == {PayType.MOBILE}
    assert stored(till, payment).state is PaymentState.MATCHED
    assert till.balances() == {"1430": 1501, "4210": 1501}
    assert till.get(one).status is PolicyStatus.IDLE
    assert references(till)[0].state is ReferenceState.PAID
    assert gateway.received == [references(till)[0].id]


@pytest.mark.rule("PAY-8", "PG-2", "attack 86")
def test_twenty_deliveries_of_one_notice_are_one_contribution(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)
    number = stored(till, payment).reference_number
    for _ in range(20):
        till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)
    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    assert [row.amount_minor for row in premiums(till.scheme)] == [VALUE]
    assert till.balances() == {"1430": VALUE, "4210": VALUE}
    assert till.get(policy).status is PolicyStatus.ACTIVE
    with pytest.raises(NoticeContradicts):
        till.act(lambda work: receive_payment(work, notice(number, VALUE + 1)))


@pytest.mark.rule("PAY-9", "PG-6", "F29")
def test_a_silent_gateway_is_asked_and_never_sent_to_twice(
    till: Till, gateway: GatewayDouble, frozen_clock: FrozenClock
) -> None:
    policy = till.policy()
    gateway.silent = True
    payment = intend(till, policy)
    platform = till.scheme.platform

    jobs(till)
    for _ in range(3):
        till.act(lambda work: work.enqueue("insurance.send_references"))
        frozen_clock.move(minutes=20)
        till.act(lambda work: work.enqueue("insurance.ask_references"))
        jobs(till)
    silent = references(till)[0]
    gateway.silent = False
    frozen_clock.move(minutes=20)
    till.act(lambda work: work.enqueue("insurance.ask_references"))
    platform.jobs.run_pending()

    assert (silent.state, silent.number) == (ReferenceState.SENT, None)
    assert gateway.received == [silent.id]
    issued = references(till)[0]
    assert (issued.state, issued.number) == (ReferenceState.ISSUED, gateway.numbers[silent.id])
    assert stored(till, payment).state is PaymentState.REFERENCE_ASSIGNED


@pytest.mark.rule("PG-6", "F29")
def test_what_never_arrived_is_sent_again_only_when_the_gateway_says_so(
    till: Till, gateway: GatewayDouble, frozen_clock: FrozenClock
) -> None:
    gateway.lost = True
    intend(till, till.policy())
    jobs(till)
    sent = references(till)[0].state
    before = list(gateway.received)
    gateway.lost = False
    frozen_clock.move(minutes=20)
    for job in ("insurance.ask_references", "insurance.send_references"):
        till.act(lambda work, job=job: work.enqueue(job))
        jobs(till)

    assert (sent, before) == (ReferenceState.SENT, [])
    assert references(till)[0].state is ReferenceState.ISSUED
    assert gateway.received == [references(till)[0].id]


@pytest.mark.rule("PG-4", "PG-6", "PG-7")
def test_references_are_rejected_cancelled_and_expire_but_late_money_counts(
    till: Till, gateway: GatewayDouble, frozen_clock: FrozenClock
) -> None:
    gateway.rejects = True
    intend(till, till.policy())
    jobs(till)
    gateway.rejects = False
    late, never = till.policy(), till.policy()
    payment, other = intend(till, late), intend(till, never)
    jobs(till)
    rejected = references(till)[0]
    till.act(lambda work: cancel_reference(work, reference_of(other)))
    frozen_clock.move(days=31)
    expired = till.act(expire_references)
    number = stored(till, payment).reference_number
    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    assert (rejected.state, rejected.code, expired) == (ReferenceState.REJECTED, "7102", 1)
    assert gateway.cancelled == [references(till)[2].number]
    assert references(till)[2].state is ReferenceState.CANCELLED
    assert till.get(late).status is PolicyStatus.ACTIVE
    with pytest.raises(ReferenceStepRefused):
        till.act(lambda work: cancel_reference(work, reference_of(payment)))


@pytest.mark.rule("PAY-9")
def test_the_life_of_a_reference_ends_where_it_should() -> None:
    final = {ReferenceState.PAID, ReferenceState.REJECTED, ReferenceState.CANCELLED}

    ends = {
        state for state in ReferenceState if all(next_state(state, step) is None for step in ReferenceStep)
    }

    assert ends == final
    assert [pool_code(available, 2) for available in (0, 1, 2, 3)] == [
        PoolCode.NONE_AVAILABLE,
        PoolCode.BELOW_THRESHOLD,
        PoolCode.BELOW_THRESHOLD,
        PoolCode.GIVEN,
    ]
    assert [int(code) for code in PoolCode] == [4001, 4002, 4003, 4999]


@pytest.mark.rule("PAY-9", "PG-8", "TZA-28")
def test_an_officer_takes_numbers_offline_and_the_money_finds_its_policy(till_with: TillWith) -> None:
    till = till_with(pools=POOLS)
    policy = till.policy()
    empty = till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id))
    jobs(till)
    taken = [
        till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id))
        for _ in range(3)
    ]
    number, insured = taken[0].number, number_of(till, policy)

    def assign(value: str, officer: Any = till.officer) -> int:
        code = till.act(
            lambda work: assign_number(work, number, gateway="G", insuree_number=value, officer_id=officer.id)
        )
        return int(code)

    codes = [assign(insured, till.other), assign(insured), assign(insured), assign("000")]
    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    assert (empty.code, empty.number) == (4002, None)
    assert [one.code for one in taken] == [4001, 4003, 4003]
    assert len({one.number for one in taken}) == 3
    assert codes == [1, 0, 0, 2]
    assert till.get(policy).status is PolicyStatus.ACTIVE
    assert premiums(till.scheme)[0].officer_id == till.officer.id
    assert len(references(till)) == 6


@pytest.mark.rule("PAY-4", "PAY-7", "D-32")
def test_money_without_a_policy_waits_in_suspense_until_somebody_matches_it(till: Till) -> None:
    policy = till.policy()
    payment = till.act(lambda work: receive_payment(work, notice("990000000077", 1200)))
    jobs(till)
    waiting, kept = stored(till, payment), till.balances()

    matched = till.act(lambda work: match_by_hand(work, payment.id, [policy.id]))

    assert (waiting.state, waiting.result) == (PaymentState.UNMATCHED, ReceivingResult.WRONG_REFERENCE)
    assert kept == {"1430": 1200, "2960": 1200}
    assert matched.state is PaymentState.MATCHED
    assert till.balances() == {"1430": 1200, "2950": 200, "4210": 1000}
    with pytest.raises(NotUnmatched):
        till.act(lambda work: match_by_hand(work, payment.id, [policy.id]))


@pytest.mark.rule("PAY-4")
def test_a_line_that_finds_nothing_says_why(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)

    def break_line(work: Any) -> None:
        detail = work.session.scalars(select(PaymentDetail)).one()
        detail.insuree_number = "unknown"

    till.act(break_line)
    till.act(lambda work: receive_payment(work, notice(stored(till, payment).reference_number, VALUE)))
    jobs(till)
    again = till.act(lambda work: match_payment(work, payment.id))

    with till.scheme.platform.work() as work:
        detail = work.session.scalars(select(PaymentDetail)).one()
    assert (again.state, detail.error) == (PaymentState.UNMATCHED, MatchError.INSUREE_UNKNOWN)
    assert till.balances() == {"1430": VALUE, "2960": VALUE}


@pytest.mark.rule("PAY-3")
def test_an_intent_says_what_is_wrong_by_its_code(till: Till) -> None:
    policy = till.policy()
    number = number_of(till, policy)
    wrong = [
        (IntentLine(insuree_number="", product_code="CHF"), 6),
        (IntentLine(insuree_number="nobody", product_code="CHF"), 2),
        (IntentLine(insuree_number=number, product_code="NONE"), 2),
    ]

    for line, code in wrong:
        with pytest.raises(IntentRefused) as refusal:
            till.act(lambda work, line=line: prepare_payment(work, PaymentIntent(lines=[line])))
        assert refusal.value.params == {"result": code}
    line = IntentLine(insuree_number=number, product_code="CHF")
    intent = PaymentIntent(lines=[line], gateway="elsewhere")
    with pytest.raises(UnknownGateway):
        till.act(lambda work: prepare_payment(work, intent))
    assert references(till) == []


@pytest.mark.rule("PAY-5", "D-27")
def test_a_renewal_is_made_and_priced_when_its_money_comes(till: Till, frozen_clock: FrozenClock) -> None:
    policy = till.policy()
    till.act(lambda work: receive_payment(work, notice("", VALUE, transaction="T0")))
    jobs(till)
    with till.scheme.platform.work() as work:
        first = work.session.scalars(select(Payment)).one()
    till.act(lambda work: match_by_hand(work, first.id, [policy.id]))
    frozen_clock.move(days=360)
    paid_on = TODAY + timedelta(days=360)

    payment = intend(till, policy, stage=Stage.RENEWAL)
    jobs(till)
    number = stored(till, payment).reference_number
    till.act(lambda work: receive_payment(work, notice(number, VALUE, paid_on=paid_on)))
    jobs(till)

    with till.scheme.platform.work() as work:
        follows = work.session.scalars(select(Policy).where(Policy.previous_policy_id == policy.id)).one()
    assert (follows.stage, follows.status, follows.value_minor) == (
        Stage.RENEWAL,
        PolicyStatus.ACTIVE,
        VALUE,
    )
    assert stored(till, payment).state is PaymentState.MATCHED


@pytest.mark.rule("PG-1", "D-31", "PAY-7")
def test_only_signed_notices_are_read(till: Till) -> None:
    body = orjson.dumps(
        {"transaction": "T9", "number": "", "amount": "500", "currency": "XAF", "paid_on": "2026-03-02"}
    )
    good = {"x-signature": sign_notice(SECRET, body)}

    def read(headers: dict[str, str], content: bytes = body, name: str = "G") -> MoneyNotice:
        return till.act(lambda work: read_notice(work, name, headers, content))  # type: ignore[no-any-return]

    assert read(good).amount == Decimal(500)
    for headers, content in (({}, body), (good, body + b" "), ({"x-signature": "é"}, body)):
        with pytest.raises(NoticeNotGenuine):
            read(headers, content)
    with pytest.raises(UnknownGateway):
        read(good, name="other")
    broken = orjson.dumps({"transaction": "T9", "amount": "NaN", "currency": "XAF", "paid_on": "2026-03-02"})
    with pytest.raises(NoticeUnreadable) as refusal:
        read({"x-signature": sign_notice(SECRET, broken)}, broken)
    assert refusal.value.params == {"result": int(ReceivingResult.WRONG_AMOUNT)}


@pytest.mark.rule("PG-5")
def test_a_statement_finds_what_we_were_not_told_and_a_second_person_posts_it(till: Till) -> None:
    told = till.act(lambda work: receive_payment(work, notice("", 300, transaction="T1")))
    till.act(lambda work: receive_payment(work, notice("", 50, transaction="T3")))
    csv = b"transaction;amount;day\nT1;300;2026-03-02\nT2;700;2026-03-02\nT3;60;2026-03-02\n"
    one, two = till.user("insurance.reconcile_payments"), till.user("insurance.approve_statements")
    platform = till.scheme.platform
    with platform.work(one) as work, work.everywhere():
        statement = compare_statement(work, "G", TODAY, csv)
    with pytest.raises(DutiesConflict), platform.work(one) as work, work.everywhere():
        approve_statement(work, statement.id)
    with platform.work(two) as work, work.everywhere():
        approve_statement(work, statement.id)

    counts = (statement.listed, statement.matched, statement.missing, statement.different, statement.extra)
    assert counts == (3, 1, 1, 1, 0)
    assert till.balances() == {"1430": 1050, "2960": 1050}
    with pytest.raises(AlreadyDecided):
        till.act(lambda work: approve_statement(work, statement.id))
    with pytest.raises(StatementUnreadable):
        till.act(lambda work: compare_statement(work, "G", TODAY, b"transaction;amount;day\nT1;much;x\n"))
    assert stored(till, told).state is PaymentState.UNMATCHED
    till.act(lambda work: settle_gateway(work, "G", francs(1000), day=TODAY, slip="S1"))
    till.act(lambda work: settle_gateway(work, "G", francs(1000), day=TODAY, slip="S1"))
    assert till.balances() == {"1420": 1000, "1430": 50, "2960": 1050}
