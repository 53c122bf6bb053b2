"""Money that comes late, twice, by another way or in excess: it is kept, booked once, and never sinks a match."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of
from tests.modules.msingi_insurance.payment_fixtures import (
    SECRET,
    TillWith,
    gateway,
    intend,
    jobs,
    notice,
    reference_of,
    stored,
    till,
    till_with,
)

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.payment_errors import NoticeContradicts, NoticeUnreadable, StatementUnreadable
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.states import PayerType, PayType, PolicyStatus
from msingi_insurance.services.family_credit import credits_of
from msingi_insurance.services.fundings import FundingDraft, accept_funding, post_funding, record_funding
from msingi_insurance.services.payers import PayerDraft, create_payer
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.premiums import receive_premium
from msingi_insurance.services.statements import approve_statement, compare_statement, settle_gateway
from msingi_ledger import LARGEST_MINOR, Transaction, close_period, verify

__all__ = ["gateway", "till", "till_with"]

CLOSED = TODAY + timedelta(days=29)
LATE = (CLOSED + timedelta(days=1), f"booked_late:{TODAY.isoformat()}")


def _number(till: Till, payment: Payment) -> str:
    """The reference under which a payment is expected, issued meanwhile."""
    jobs(till)
    with till.scheme.platform.work() as work:
        return str(work.get(PaymentReference, reference_of(stored(till, payment))).number)


def _booked(till: Till) -> list[tuple[object, str]]:
    with till.scheme.platform.work() as work:
        rows = work.session.scalars(select(Transaction).order_by(Transaction.id)).all()
        assert verify(work).balanced
    return [(row.occurred_on, row.description) for row in rows]


@pytest.mark.rule("PG-7", "PG-3", "POL-4")
def test_money_paid_in_a_month_that_is_closed_is_booked_on_the_first_open_day(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy, cash = till.policy(), till.policy()
    payment = intend(till, policy)
    number = _number(till, payment)
    frozen_clock.move(days=35)
    till.act(lambda work: close_period(work, CLOSED))

    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)
    till.act(lambda work: receive_premium(work, till.cash(cash, VALUE)))

    received = stored(till, payment)
    assert (received.state, received.pay_date) == (PaymentState.MATCHED, TODAY)
    assert [(row.amount_minor, row.pay_date) for row in premiums(till.scheme)] == [(VALUE, TODAY)] * 2
    assert _booked(till) == [LATE] * 3
    for each in (policy, cash):
        assert (till.get(each).status, till.get(each).effective_date) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("PG-7", "P8")
def test_a_funding_of_a_closed_month_is_booked_on_the_first_open_day(
    till: Till, frozen_clock: FrozenClock
) -> None:
    donor = PayerDraft(type=PayerType.DONOR, name="Donor", jurisdiction_id=till.scheme.places["CM"])
    payer = till.act(lambda work: create_payer(work, donor))
    given = FundingDraft(
        product_id=till.product.id, payer_id=payer.id, amount=francs(900), pay_date=TODAY, receipt="F1"
    )
    funding = till.act(lambda work: record_funding(work, given))
    till.act(lambda work: post_funding(work, funding.id))
    frozen_clock.move(days=35)
    till.act(lambda work: close_period(work, CLOSED))

    accepted = till.act(lambda work: accept_funding(work, funding.id))

    assert (accepted.pay_date, _booked(till)) == (TODAY, [LATE])
    assert till.balances() == {"1420": 900, "4220": 900}


@pytest.mark.rule("PAY-2", "PAY-5", "PAY-6")
def test_an_excess_goes_with_a_share_and_not_to_a_policy_that_takes_no_more(
    make_platform: MakePlatform, as_user: AsUser, gateway: GatewayDouble
) -> None:
    def make(*plugins: Any, **overrides: Any) -> Any:
        return make_platform(*plugins, gateway.plugin(), **overrides)

    payments = {"gateways": {"G": {"notice_secret": SECRET}}, "default_gateway": "G"}
    till = till_of(make, as_user, terms={"max_installments": 1}, payments=payments)
    done, owing = till.policy(), till.policy()
    till.act(lambda work: receive_premium(work, till.cash(done, VALUE)))
    payment = intend(till, done, owing)
    number = _number(till, payment)

    till.act(lambda work: receive_payment(work, notice(number, VALUE + 300)))
    jobs(till)

    assert stored(till, payment).state is PaymentState.MATCHED
    assert till.get(owing).status is PolicyStatus.ACTIVE
    last = premiums(till.scheme)[-1]
    assert (last.policy_id, last.amount_minor, last.credit_minor) == (owing.id, VALUE + 300, 300)
    held = till.act(lambda work: credits_of(work, [done.family_id, owing.family_id]))
    assert held == {done.family_id: francs(0), owing.family_id: francs(300)}


def _listed(till: Till, csv: bytes, *, and_shared: bool = True) -> None:
    """A statement that one compared and another approved, and what jobs make of it."""
    one, two = till.user("insurance.reconcile_payments"), till.user("insurance.approve_statements")
    with till.scheme.platform.work(one) as work, work.everywhere():
        statement = compare_statement(work, "G", TODAY, csv)
    with till.scheme.platform.work(two) as work, work.everywhere():
        approve_statement(work, statement.id)
    if and_shared:
        jobs(till)


@pytest.mark.rule("PAY-5", "PAY-8", "PG-5")
def test_money_of_a_statement_was_paid_the_way_of_its_gateway_and_a_late_notice_changes_nothing(
    till_with: TillWith,
) -> None:
    till = till_with(gateways={"G": {"notice_secret": SECRET, "channel": "B"}})
    policy = till.policy()
    payment = intend(till, policy)
    number = _number(till, payment)

    _listed(till, f"transaction;amount;day;number\nT1;{VALUE};2026-03-02;{number}\n".encode())
    before = stored(till, payment)
    again = till.act(lambda work: receive_payment(work, notice(number, VALUE, channel="M")))
    jobs(till)

    assert (before.state, before.pay_type) == (PaymentState.MATCHED, PayType.BANK)
    assert (again.id, stored(till, payment).version) == (payment.id, before.version)
    assert [(row.amount_minor, row.pay_type) for row in premiums(till.scheme)] == [(VALUE, PayType.BANK)]
    assert till.balances() == {"1420": VALUE, "4210": VALUE}
    with pytest.raises(NoticeContradicts):
        till.act(lambda work: receive_payment(work, notice(number, VALUE + 1)))


@pytest.mark.rule("PAY-8", "PG-5")
@pytest.mark.parametrize("and_shared", [True, False])
def test_a_notice_with_a_number_leads_money_of_a_statement_to_its_policy(
    till: Till, *, and_shared: bool
) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    number = _number(till, payment)
    told = notice(number, VALUE)
    _listed(till, f"transaction;amount;day\nT1;{VALUE};2026-03-02\n".encode(), and_shared=and_shared)

    joined = till.act(lambda work: receive_payment(work, told))
    jobs(till)
    again = till.act(lambda work: receive_payment(work, told))
    jobs(till)

    found = stored(till, payment)
    assert (joined.id, again.id, found.state) == (payment.id, payment.id, PaymentState.MATCHED)
    assert (found.transaction, found.reference_number, found.pay_date) == ("T1", number, TODAY)
    assert till.get(policy).status is PolicyStatus.ACTIVE
    assert [row.payment_id for row in premiums(till.scheme)] == [payment.id]
    assert till.balances() == {"1430": VALUE, "4210": VALUE}
    with till.scheme.platform.work() as work:
        assert work.session.scalars(select(Payment.id)).all() == [payment.id]
    with pytest.raises(NoticeContradicts):
        till.act(lambda work: receive_payment(work, notice("another", VALUE)))


@pytest.mark.rule("PAY-8", "PG-2")
def test_more_money_of_a_statement_under_a_number_that_is_paid_stays_a_payment_of_its_own(till: Till) -> None:
    payment = intend(till, till.policy())
    number = _number(till, payment)
    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)
    _listed(till, f"transaction;amount;day\nT2;{VALUE};2026-03-02\n".encode())

    more = till.act(lambda work: receive_payment(work, notice(number, VALUE, transaction="T2")))
    jobs(till)

    found = stored(till, more)
    assert found.id != payment.id
    assert (found.reference_id, found.officer_id) == (reference_of(payment), till.officer.id)
    assert found.state is PaymentState.UNMATCHED
    assert till.balances() == {"1430": 2 * VALUE, "4210": VALUE, "2960": VALUE}


@pytest.mark.rule("PAY-8", "PG-4")
def test_a_number_that_nobody_knows_is_kept_with_the_money_in_suspense(till: Till) -> None:
    _listed(till, f"transaction;amount;day\nT1;{VALUE};2026-03-02\n".encode())

    told = till.act(lambda work: receive_payment(work, notice("unknown", VALUE)))
    jobs(till)

    found = stored(till, told)
    assert (found.state, found.reference_number) == (PaymentState.UNMATCHED, "unknown")
    assert till.balances() == {"1430": VALUE, "2960": VALUE}


@pytest.mark.rule("PAY-8", "PG-5")
def test_a_notice_that_comes_between_comparison_and_approval_is_the_same_money(till: Till) -> None:
    one, two = till.user("insurance.reconcile_payments"), till.user("insurance.approve_statements")
    csv = b"transaction;amount;day\nT1;300;2026-03-02\nT2;700;2026-03-02\n"
    with till.scheme.platform.work(one) as work, work.everywhere():
        statement = compare_statement(work, "G", TODAY, csv)
    told = till.act(lambda work: receive_payment(work, notice("", 300, channel="B")))

    with till.scheme.platform.work(two) as work, work.everywhere():
        approve_statement(work, statement.id)

    assert till.balances() == {"1420": 300, "1430": 700, "2960": 1000}
    assert stored(till, told).pay_type is PayType.BANK


PADDED = ["T1 ", " T1", "T1\u00a0", "\u202fT1", "T1\u200b", "\ufeffT1", "T\u20601", "T1\t"]


@pytest.mark.rule("PAY-8", "PG-5")
def test_a_padded_transaction_is_the_same_money_whichever_way_it_comes(till: Till) -> None:
    first = till.act(lambda work: receive_payment(work, notice("unknown", 700)))
    booked = till.balances()
    for padded in PADDED:
        again = till.act(
            lambda work, padded=padded: receive_payment(work, notice(" unknown", 700, transaction=padded))
        )
        lines = f'transaction;amount;day;number\n"{padded}";700;{TODAY};unknown\n'.encode()
        statement = till.act(lambda work, lines=lines: compare_statement(work, "G", TODAY, lines))
        assert (again.id, statement.matched, statement.missing, statement.extra) == (first.id, 1, 0, 0)
    assert till.balances() == booked
    assert stored(till, first).transaction == "T1"


@pytest.mark.rule("PAY-8", "PG-5")
def test_a_padded_transaction_of_a_statement_is_kept_without_its_blanks(till: Till) -> None:
    lines = f"transaction;amount;day\n\u00a0T7\u200b;700;{TODAY}\n".encode()
    statement = till.act(lambda work: compare_statement(work, "G", TODAY, lines))
    till.act(lambda work: approve_statement(work, statement.id))

    told = till.act(lambda work: receive_payment(work, notice("", 700, transaction="T7")))

    assert told.transaction == "T7"
    assert till.balances() == {"1430": 700, "2960": 700}


@pytest.mark.rule("PG-5")
def test_a_statement_does_not_name_a_transaction_twice_with_other_blanks(till: Till) -> None:
    lines = f"transaction;amount;day\nT1;5;{TODAY}\nT1 ;5;{TODAY}\n".encode()

    with pytest.raises(StatementUnreadable) as refusal:
        till.act(lambda work: compare_statement(work, "G", TODAY, lines))

    assert refusal.value.plain() == {"why": "a transaction is there twice"}


@pytest.mark.rule("PAY-7", "attack 57")
def test_an_id_with_a_character_that_nobody_types_is_refused(till: Till) -> None:
    with pytest.raises(NoticeUnreadable) as refusal:
        till.act(lambda work: receive_payment(work, notice("", 5, transaction="T\x001")))

    assert refusal.value.params == {"result": 2}


@pytest.mark.rule("PG-7")
def test_a_padded_slip_is_the_same_settlement(till: Till) -> None:
    till.act(lambda work: receive_payment(work, notice("", 700)))
    first, again = (
        till.act(lambda work, slip=slip: settle_gateway(work, "G", francs(700), day=TODAY, slip=slip))
        for slip in ("S1", "\u00a0S1\u200b ")
    )

    assert first == again
    assert till.balances() == {"1420": 700, "2960": 700}


@pytest.mark.rule("PG-5", "attack 54")
@pytest.mark.parametrize(
    ("cell", "english", "french"),
    [
        ("0", "The smallest allowed value is 1.", "La plus petite valeur admise est 1."),
        ("0.0", "The smallest allowed value is 1.", "La plus petite valeur admise est 1."),
        ("-5", "The smallest allowed value is 1.", "La plus petite valeur admise est 1."),
        ("10.5", "At most 0 decimals are allowed.", "Au plus 0 décimales sont admises."),
        (
            str(LARGEST_MINOR + 1),
            f"The largest allowed value is {LARGEST_MINOR}.",
            f"La plus grande valeur admise est {LARGEST_MINOR}.",
        ),
        ("1_00", "This is not a number.", "Ce n'est pas un nombre."),
    ],
)
def test_a_line_that_could_not_be_booked_is_refused_when_it_is_compared(
    till: Till, cell: str, english: str, french: str
) -> None:
    lines = f"transaction;amount;day\nT1;5;{TODAY}\nT2;{cell};{TODAY}\n".encode()

    with pytest.raises(StatementUnreadable) as refusal:
        till.act(lambda work: compare_statement(work, "G", TODAY, lines))

    texts = till.scheme.platform.texts
    place = "look at line 3, column “amount”"
    assert texts.refusal(refusal.value, "en") == f"The statement cannot be read: {place} ({english})."
    assert texts.refusal(refusal.value, "fr") == (
        f"Le relevé est illisible : regardez la ligne 3, colonne « amount » ({french})."
    )


@pytest.mark.rule("PG-5")
def test_the_largest_amount_of_the_ledger_is_compared_and_posted(till: Till) -> None:
    lines = f"transaction;amount;day\nT1;{LARGEST_MINOR};{TODAY}\n".encode()
    statement = till.act(lambda work: compare_statement(work, "G", TODAY, lines))

    till.act(lambda work: approve_statement(work, statement.id))

    assert till.balances() == {"1430": LARGEST_MINOR, "2960": LARGEST_MINOR}
