"""Payments: received once, shared exactly, or kept in suspense for a person."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums
from tests.modules.msingi_insurance.payment_fixtures import (
    SECRET,
    gateway,
    intend,
    jobs,
    notice,
    number_of,
    references,
    stored,
    till,
    till_with,
)

from msingi.testing import FrozenClock
from msingi_insurance.models.payments import Payment, PaymentDetail, Statement
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import (
    AlreadyDecided,
    DutiesConflict,
    IntentRefused,
    NoticeContradicts,
    NoticeNotGenuine,
    NoticeUnreadable,
    NotUnmatched,
    StatementUnreadable,
    UnknownGateway,
)
from msingi_insurance.rules.payments import MatchError, PaymentState, ReceivingResult
from msingi_insurance.rules.references import (
    MoneyNotice,
    ReferenceState,
)
from msingi_insurance.rules.states import PayType, PolicyStatus, Stage
from msingi_insurance.services.notices import read_notice, sign_notice
from msingi_insurance.services.payment_intents import IntentLine, PaymentIntent, prepare_payment
from msingi_insurance.services.payment_matching import match_by_hand, match_payment
from msingi_insurance.services.payments import receive_payment, receive_payments
from msingi_insurance.services.statements import approve_statement, compare_statement, settle_gateway

__all__ = ["gateway", "till", "till_with"]


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
    with pytest.raises(UnknownGateway) as unknown:
        till.act(lambda work: prepare_payment(work, intent))
    assert unknown.value.plain() == {"gateway": "elsewhere", "known": "known are G"}
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
def test_d_31_only_signed_notices_are_read(till: Till) -> None:
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


@pytest.mark.rule("PAY-8", "PG-2", "PG-5")
def test_many_notices_are_received_together_as_one_by_one(till: Till) -> None:
    policies = till.policy(), till.policy(village="V2")
    numbers = [intend(till, policy) for policy in policies]
    jobs(till)
    known = till.act(lambda work: receive_payment(work, notice("", 100, transaction="T0")))
    one, two = (stored(till, payment).reference_number for payment in numbers)
    said = [
        notice(one, VALUE),
        notice("", 100, transaction="T0"),
        notice(two, VALUE, transaction="T2"),
        notice(one, VALUE),
        notice(one, 300, transaction="T3"),
    ]

    received = till.act(lambda work: receive_payments(work, said))
    jobs(till)

    assert [payment.id for payment in received[:4]] == [numbers[0].id, known.id, numbers[1].id, numbers[0].id]
    assert received[4].id not in {payment.id for payment in received[:4]}
    assert [stored(till, payment).state for payment in received] == [
        *(PaymentState.MATCHED, PaymentState.UNMATCHED, PaymentState.MATCHED, PaymentState.MATCHED),
        PaymentState.UNMATCHED,
    ]
    assert till.balances() == {"1430": 2 * VALUE + 400, "2960": 400, "4210": 2 * VALUE}


@pytest.mark.rule("PAY-8")
@pytest.mark.parametrize("wrong", [notice("", 7, transaction="T5"), notice("", 0, transaction="T6")])
def test_one_notice_that_cannot_be_leaves_nothing_of_the_others(till: Till, wrong: MoneyNotice) -> None:
    with pytest.raises((NoticeContradicts, NoticeUnreadable)):
        till.act(
            lambda work: receive_payments(
                work, [notice("", 5, transaction="T5"), notice("", 6, transaction="T4"), wrong]
            )
        )

    assert till.act(lambda work: work.session.scalar(select(func.count()).select_from(Payment))) == 0
    assert till.balances() == {}


@pytest.mark.rule("PG-5")
def test_a_longer_statement_is_approved_with_as_many_readings(till: Till) -> None:
    def readings(name: str, lines: int) -> int:
        rows = "".join(f"{name}{place};{place};2026-03-02\n" for place in range(1, lines + 1))
        csv = f"transaction;amount;day\n{rows}".encode()
        statement = till.act(lambda work: compare_statement(work, "G", TODAY, csv))
        with till.scheme.statements() as seen:
            till.act(lambda work: approve_statement(work, statement.id))
        return sum(one.startswith("SELECT") for one in seen)

    till.act(lambda work: receive_payment(work, notice("", 1, transaction="T0")))

    assert readings("A", 2) == readings("B", 40)


@pytest.mark.rule("PG-5", "attack 74")
@pytest.mark.parametrize(
    ("days", "english", "french"),
    [
        (
            ("03-03", "03-02"),
            "the day of line 2 lies in the future",
            "le jour de la ligne 2 est dans le futur",
        ),
        (
            ("03-02", "03-03", "03-02", "04-01"),
            "the days of 2 lines lie in the future: 3, 5",
            "les jours de 2 lignes sont dans le futur : 3, 5",
        ),
    ],
)
def test_a_statement_with_lines_of_the_future_is_refused_as_a_whole(
    till: Till, days: tuple[str, ...], english: str, french: str
) -> None:
    rows = "".join(f"T{place};5;2026-{day}\n" for place, day in enumerate(days))

    with pytest.raises(StatementUnreadable) as refusal:
        till.act(lambda work: compare_statement(work, "G", TODAY, f"transaction;amount;day\n{rows}".encode()))

    texts = till.scheme.platform.texts
    assert texts.refusal(refusal.value, "en") == f"The statement cannot be read: {english}."
    assert texts.refusal(refusal.value, "fr") == f"Le relevé est illisible : {french}."
    assert till.act(lambda work: work.session.scalar(select(func.count()).select_from(Statement))) == 0


@pytest.mark.rule("PG-5")
def test_the_day_of_a_statement_has_begun(till: Till) -> None:
    lines = b"transaction;amount;day\nT1;5;2026-03-02\n"

    with pytest.raises(StatementUnreadable) as refusal:
        till.act(lambda work: compare_statement(work, "G", TODAY + timedelta(days=1), lines))

    assert refusal.value.plain() == {"why": "its day lies in the future"}


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
