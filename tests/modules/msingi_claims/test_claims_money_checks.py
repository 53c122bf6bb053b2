"""Facilities are never paid more than they billed, whatever the bank says, and verification proves it (IN-10)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from typing import Any, Final, cast

import pytest
from sqlalchemy import Connection, Table, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from tests.modules.msingi_claims.payment_fixtures import TODAY, Counter, billed_of

from msingi.cli.speech import Speech
from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, BillLine, FacilityPayment, PaymentOrder
from msingi_claims.posting_templates import BILLED, PAID, PAYABLE, RETURNED
from msingi_claims.rules.bills import BankOutcome, BillState, FacilityPaymentState, PaymentOrderState
from msingi_claims.services.answer_checks import BankAnswer
from msingi_insurance import BANK
from msingi_ledger import (
    Account,
    Entry,
    LedgerHooks,
    LedgerReport,
    Movement,
    Posting,
    Transaction,
    find_accounts,
    open_account,
    post,
    verify,
)

OTHER_AMOUNT: Final = ("TZA-31", "the amount of this record is not what its transaction moved")
NO_RECORD: Final = ("TZA-31", "no record stands for this transaction")
CAME_BACK: Final = ("IN-10", "this order says of money that came back another thing than the ledger")
UNLIKE_BILLS: Final = ("IN-10", "this order paid another amount than its bills")
BY_NOBODY: Final = ("IN-10", "this bill is paid, and no order of its facility was")
UNLIKE_LINES: Final = ("IN-10", "this bill owes another amount than its lines")
BEYOND: Final = ("IN-10", "more was billed for this claim than it is worth")


@pytest.fixture
def billed(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    """Two facilities of two districts with a bill each."""
    return billed_of(make_platform, as_user, frozen_clock)


def _report(counter: Counter) -> LedgerReport:
    report: LedgerReport = counter.scheme.act(verify)
    return report


def _faults(counter: Counter) -> set[tuple[str, str]]:
    return {(fault.rule, fault.explanation) for fault in _report(counter).faults}


def _paid_and_billed(counter: Counter) -> list[tuple[int, int]]:
    """Of each facility what was paid, less what came back, and what it billed: from the journal alone."""

    def total(template: str, sign: int) -> Any:
        return func.sum(
            case((Transaction.template == template, sign * (Entry.debit_minor - Entry.credit_minor)), else_=0)
        )

    statement = (
        select(total(PAID.name, 1) + total(RETURNED.name, 1), total(BILLED.name, -1))
        .select_from(Entry)
        .join(Transaction, Transaction.id == Entry.transaction_id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.code == PAYABLE.code)
        .group_by(Account.owner)
        .order_by(Account.owner)
    )
    rows: list[tuple[int, int]] = counter.scheme.act(
        lambda work: [(int(paid), int(owed)) for paid, owed in work.session.execute(statement)]
    )
    return rows


@pytest.mark.rule("IN-10", "F29", "F36", "BAT-6")
def test_random_answers_of_the_bank_never_pay_a_facility_more_than_it_billed(billed: Counter) -> None:
    random, most = Random(3), 0
    for _ in range(12):
        with suppress(DomainError):  # every bill waits for the bank
            billed.sent()
        for _ in range(3):
            payment = random.choice(_payments(billed))
            order = random.choice(billed.orders(payment))
            answer = BankAnswer(order.reference, random.choice(list(BankOutcome)), TODAY)
            with suppress(DomainError):  # the bank says what cannot be true
                billed.answer(payment, answer, actor=billed.approver)
            sums = _paid_and_billed(billed)
            assert all(0 <= paid <= owed for paid, owed in sums), sums
            most = max(most, sum(paid for paid, _ in sums))
    assert _report(billed).balanced
    states = {state for (state,) in billed.rows(PaymentOrder, "state")}
    assert {PaymentOrderState.RETURNED, PaymentOrderState.FAILED} <= states
    assert most == sum(owed for _, owed in _paid_and_billed(billed))


def _payments(counter: Counter) -> list[FacilityPayment]:
    at_bank = FacilityPayment.state.in_([FacilityPaymentState.SENT, FacilityPaymentState.SETTLED])
    found: list[FacilityPayment] = counter.scheme.act(
        lambda work: list(
            work.session.scalars(select(FacilityPayment).where(at_bank).order_by(FacilityPayment.id))
        )
    )
    return found


@pytest.mark.rule("IN-10", "IN-2")
def test_the_ledger_itself_refuses_to_pay_more_than_a_facility_is_owed(billed: Counter) -> None:
    facility, country = billed.scheme.hospital, billed.scheme.places["CM"]

    def pay(minor: int) -> None:
        def step(work: Work) -> None:
            (owed,) = find_accounts(work, PAYABLE, [str(facility)]).values()
            bank = open_account(work, BANK, jurisdiction_id=country)
            posting = Posting(PAID.name, f"beside:{minor}", country, TODAY, (Movement(owed, bank, minor),))
            post(work, posting)

        billed.scheme.act(step)

    with pytest.raises(DomainError) as refusal:
        pay(251)
    assert refusal.value.code == "ledger.insufficient_funds"
    pay(250)
    assert sorted(_paid_and_billed(billed)) == [(0, 100), (250, 250)]


@contextmanager
def _forging(counter: Counter) -> Iterator[Connection]:
    with counter.scheme.platform.database.write.begin() as connection:
        yield connection


@pytest.mark.rule("IN-10", "TZA-31", "attack 88")
@pytest.mark.parametrize(
    ("table", "values", "told"),
    [
        (PaymentOrder, {"amount_minor": 351}, {UNLIKE_BILLS, OTHER_AMOUNT}),
        (PaymentOrder, {"state": PaymentOrderState.FAILED}, {BY_NOBODY}),
        (PaymentOrder, {"transaction_id": None}, {OTHER_AMOUNT, NO_RECORD}),
        (Bill, {"amount_minor": 351}, {UNLIKE_BILLS, UNLIKE_LINES, OTHER_AMOUNT}),
        (Bill, {"state": BillState.ISSUED}, {UNLIKE_BILLS}),
        (Bill, {"transaction_id": None}, {OTHER_AMOUNT, NO_RECORD}),
        (BillLine, {"amount_minor": 351}, {UNLIKE_LINES, BEYOND}),
        (Claim, {"remunerated_minor": 99}, {BEYOND}),
    ],
)
def test_what_was_altered_beside_the_platform_is_named(
    billed: Counter, table: Any, values: dict[str, Any], told: set[tuple[str, str]]
) -> None:
    sent = billed.sent()
    billed.answer(sent, outcome=BankOutcome.PAID)
    assert _faults(billed) == set()

    with _forging(billed) as connection:
        amount = Claim.remunerated_minor if table is Claim else table.amount_minor
        least = connection.scalar(select(table.id).order_by(amount).limit(1))
        connection.execute(update(table).where(table.id == least).values(**values))

    assert _faults(billed) == told


@pytest.mark.rule("IN-10", "F36", "attack 88")
def test_an_order_that_came_back_and_is_called_paid_again_is_named(billed: Counter) -> None:
    sent = billed.sent()
    order = billed.orders(sent)[0]
    billed.answer(sent, BankAnswer(order.reference, BankOutcome.PAID, TODAY), actor=billed.approver)
    bill = billed.scheme.act(
        lambda work: work.session.scalar(select(Bill.id).where(Bill.order_id == order.id))
    )
    billed.answer(sent, BankAnswer(order.reference, BankOutcome.RETURNED, TODAY), actor=billed.approver)
    assert _faults(billed) == set()

    with _forging(billed) as connection:
        this = update(PaymentOrder).where(PaymentOrder.id == order.id)
        connection.execute(this.values(state=PaymentOrderState.PAID))
        connection.execute(
            update(Bill).where(Bill.id == bill).values(state=BillState.PAID, order_id=order.id)
        )
    assert _faults(billed) == {CAME_BACK}
    with _forging(billed) as connection:
        connection.execute(this.values(return_id=None))
    assert _faults(billed) == {NO_RECORD}


@pytest.mark.rule("IN-10", "attack 88")
def test_a_bill_that_is_moved_to_the_order_of_another_facility_is_named(billed: Counter) -> None:
    sent = billed.sent()
    billed.answer(sent, outcome=BankOutcome.PAID)

    with _forging(billed) as connection:
        connection.execute(update(Bill).values(facility_id=billed.scheme.hospital))

    assert _faults(billed) == {UNLIKE_BILLS, BY_NOBODY}


@pytest.mark.rule("IN-10")
def test_a_claim_is_billed_once_for_a_product_even_beside_the_platform(billed: Counter) -> None:
    lines = cast("Table", BillLine.__table__)
    with _forging(billed) as connection:
        row = connection.execute(select(lines)).mappings().first()
    assert row is not None
    copied = insert(lines).values({**row, "id": new_id()})
    with pytest.raises(IntegrityError), _forging(billed) as connection:
        connection.execute(copied)


def test_what_is_wrong_with_money_is_told_in_french(billed: Counter) -> None:
    def texts(work: Work) -> list[str]:
        checks = [one.broken for answer in work.ask(LedgerHooks.money_checks)() for one in answer]
        return checks + [one.broken for answer in work.ask(LedgerHooks.backings)() for one in answer]

    say = Speech("fr", billed.scheme.platform.texts.folders)
    told = billed.scheme.act(texts)
    assert (
        len(set(told)) == len(told) - 5 - 4
    )  # six checks of amounts, and five of transactions, say the same
    assert [text for text in told if say(text) == text] == []
