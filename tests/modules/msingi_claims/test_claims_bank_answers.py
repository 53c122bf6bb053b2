"""What banks answer to payments: every state is posted, wrong lines are named, days and amounts make sense (TZA-16)."""

import pytest
from tests.modules.msingi_claims.payment_fixtures import TODAY, Counter, billed_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, PaymentOrder
from msingi_claims.rules.bills import BankOutcome, BillState, FacilityPaymentState, PaymentOrderState
from msingi_claims.services.settling import BankAnswer
from msingi_ledger import Transaction, verify

PAID, RETURNED = BankOutcome.PAID, BankOutcome.RETURNED


@pytest.fixture
def billed(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """Two facilities of two districts with a bill each."""
    return billed_of(make_platform, as_user, frozen_clock)


@pytest.mark.rule("F36", "F29", "I4", "BAT-6")
def test_an_order_paid_and_returned_in_one_file_is_posted_twice_and_paid_again_once(billed: Counter) -> None:
    sent = billed.sent()
    before = billed.balances()
    first, second = billed.orders(sent)
    unknown = BankAnswer(first.reference, BankOutcome.UNKNOWN, TODAY)
    answers = [BankAnswer(first.reference, outcome, TODAY) for outcome in (PAID, RETURNED)]

    settled = billed.answer(
        sent, unknown, *answers, BankAnswer(second.reference, PAID, TODAY), actor=billed.approver
    )

    assert settled.state is FacilityPaymentState.SETTLED
    back, kept = billed.orders(sent)
    assert (back.state, kept.state) == (PaymentOrderState.RETURNED, PaymentOrderState.PAID)
    assert (back.transaction_id is None, back.return_id is None) == (False, False)
    assert billed.balances() == {
        **before,
        "1420": 10_000 - second.amount_minor,
        "2410": first.amount_minor,
    }
    again = billed.sent()
    billed.answer(again, outcome=PAID)
    assert billed.balances() == {"1420": 9_650, "4220": 10_000, "5220": 350}
    assert billed.rows(Bill, "amount_minor", "state") == [(100, BillState.PAID), (250, BillState.PAID)]
    assert {row[0] for row in billed.rows(Claim, "paid_at")} == {billed.clock.instant}
    keys = [row[0] for row in billed.rows(Transaction, "template") if row[0].startswith("claims.")]
    assert keys == ["claims.bill_issued"] * 2 + ["claims.bill_paid"] * 3 + ["claims.payment_returned"]
    assert billed.scheme.act(lambda work: verify(work).balanced)
    assert len(billed.rows(PaymentOrder, "reference")) == 3
