"""Whenever the ledger is verified, insurance proves its own money: what is families' is there, and refunds are right."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text, update
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs
from tests.modules.msingi_insurance.payment_fixtures import gateway, notice, till, till_with

from msingi.ids import new_id
from msingi.work import Work
from msingi_insurance.models.payers import Funding, FundingStatus
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.models.receipts import PremiumReturn, ReturnState
from msingi_insurance.payment_errors import ReturnImpossible
from msingi_insurance.posting_templates import CASH, CASH_SHORTAGE, DEPOSITED
from msingi_insurance.rules.states import PayerType, PayType
from msingi_insurance.services.family_credit import pay_from_credit
from msingi_insurance.services.fundings import (
    FundingDraft,
    accept_funding,
    post_funding,
    record_funding,
    reject_funding,
)
from msingi_insurance.services.payers import PayerDraft, create_payer
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.policies import enrol_policy
from msingi_insurance.services.policies_drafts import PolicyDraft
from msingi_insurance.services.premium_returns import decide_return, request_refund, request_reversal
from msingi_insurance.services.premiums import receive_premium
from msingi_ledger import Movement, Posting, find_accounts, open_account, post, verify

__all__ = ["gateway", "till", "till_with"]

OTHER_AMOUNT: Final = ("TZA-31", "the amount of this record is not what its transaction moved")
NO_RECORD: Final = ("TZA-31", "no record stands for this transaction")
OTHER_DECISION: Final = ("TZA-31", "the ledger holds another decision on it")
BEYOND: Final = ("IN-11", "more of this contribution went back than was paid")
ELSEWHERE: Final = ("IN-11", "what was decided here did not go back as it came")
UNASKED: Final = ("IN-11", "nobody approved that this contribution goes back")
SPENT: Final = (
    "IN-5",
    "what families paid too much and what waits to be matched is more than cash, bank and gateways hold",
)


def _faults(till: Till) -> set[tuple[str, str]]:
    with till.scheme.platform.work(writes=False) as work:
        return {(fault.rule, fault.explanation) for fault in verify(work).faults}


def _pay(till: Till, policy: Policy, amount: int, **others: Any) -> Premium:
    premium: Premium = till.act(lambda work: receive_premium(work, till.cash(policy, amount, **others)))
    return premium


def _returned(till: Till, request: Any) -> PremiumReturn:
    asked: PremiumReturn = till.act(request)
    decided: PremiumReturn = till.act(lambda work: decide_return(work, asked.id, approve=True))
    return decided


@contextmanager
def _forging(till: Till) -> Iterator[Connection]:
    """The tables as somebody changes them who takes the triggers away."""
    database = till.scheme.platform.database
    with database.write.begin() as connection:
        on = "" if database.is_sqlite else " ON insurance_premium"
        for event in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER tr_insurance_premium_{event}{on}"))
        yield connection


def _accepted(till: Till, receipt: str) -> Funding:
    """A funding that was recorded, posted and accepted."""
    donor = PayerDraft(type=PayerType.DONOR, name="Donor", jurisdiction_id=till.scheme.places["CM"])
    payer = till.act(lambda work: create_payer(work, donor))
    draft = FundingDraft(
        product_id=till.product.id, payer_id=payer.id, amount=francs(50), pay_date=TODAY, receipt=receipt
    )
    funding: Funding = till.act(lambda work: record_funding(work, draft))
    till.act(lambda work: post_funding(work, funding.id))
    till.act(lambda work: accept_funding(work, funding.id))
    return funding


@pytest.mark.rule("IN-5", "IN-11", "PAY-6", "TZA-31")
def test_every_way_of_money_leaves_a_scheme_that_proves_itself(till: Till) -> None:
    first, second, third = (till.policy() for _ in range(3))
    over = _pay(till, first, VALUE + 300, pay_type=PayType.BANK)
    _returned(till, lambda work: request_refund(work, over.id, francs(100), reason="asked"))
    wrong = _pay(till, second, VALUE)
    _returned(till, lambda work: request_reversal(work, wrong.id, reason="wrong family"))
    _pay(till, third, 5, is_photo_fee=True)
    refused = till.act(lambda work: request_reversal(work, over.id, reason="no"))
    till.act(lambda work: decide_return(work, refused.id, approve=False))
    till.act(lambda work: receive_payment(work, notice("unknown", 700)))
    _accepted(till, "F-1")
    wrongly = _accepted(till, "F-2")
    till.act(lambda work: reject_funding(work, wrongly.id, "wrong"))

    assert _faults(till) == set()


@pytest.mark.rule("IN-11", "PAY-6", "TZA-31")
def test_credit_that_pays_for_a_policy_is_money_moved_once(till: Till) -> None:
    policy = till.policy()
    _pay(till, policy, VALUE + 300, pay_type=PayType.BANK)
    draft = PolicyDraft(
        family_id=policy.family_id, product_id=till.product.id, enrol_date=TODAY, officer_id=till.officer.id
    )
    second = till.act(lambda work: enrol_policy(work, draft)).policy
    paid = till.act(lambda work: pay_from_credit(work, second.id))

    assert (paid.pay_type, paid.amount_minor) == (PayType.CREDIT, 300)
    assert _faults(till) == set()


@pytest.mark.rule("IN-11", "TZA-31", "attack 88")
@pytest.mark.parametrize(
    ("wrong", "values", "told"),
    [
        ("refund", {"amount_minor": -301}, {OTHER_AMOUNT, ELSEWHERE}),
        ("refund", {"pay_type": PayType.MOBILE}, {ELSEWHERE}),
        ("refund", {"payment_id": UUID(int=7)}, {ELSEWHERE}),
        ("paid", {"amount_minor": VALUE + 900}, {OTHER_AMOUNT}),
        ("paid", {"credit_minor": 0}, {OTHER_AMOUNT}),
        ("paid", {"transaction_id": None}, {OTHER_AMOUNT, NO_RECORD}),
        ("request", {"state": ReturnState.REFUSED}, {UNASKED}),
        ("request", {"reversal_id": None}, {ELSEWHERE, UNASKED}),
        ("request", {"amount_minor": VALUE + 301}, {BEYOND, ELSEWHERE}),
    ],
)
def test_what_was_altered_beside_the_platform_is_named(
    till: Till, wrong: str, values: dict[str, Any], told: set[tuple[str, str]]
) -> None:
    paid = _pay(till, till.policy(), VALUE + 300, pay_type=PayType.BANK)
    request = _returned(till, lambda work: request_refund(work, paid.id, francs(300), reason="asked"))
    assert _faults(till) == set()
    table, row = {
        "refund": (Premium, request.reversal_id),
        "paid": (Premium, paid.id),
        "request": (PremiumReturn, request.id),
    }[wrong]

    with _forging(till) as connection:
        connection.execute(update(table).where(table.id == row).values(**values))

    assert _faults(till) == told


@pytest.mark.rule("TZA-31", "attack 88")
def test_a_contribution_that_vanished_is_missed_by_its_transaction(till: Till) -> None:
    paid = _pay(till, till.policy(), VALUE)
    with _forging(till) as connection:
        connection.execute(delete(Premium))

    with till.scheme.platform.work(writes=False) as work:
        assert [(fault.rule, fault.explanation, fault.row) for fault in verify(work).faults] == [
            (*NO_RECORD, paid.transaction_id)
        ]


@pytest.mark.rule("TZA-31", "PAY-6", "attack 88")
@pytest.mark.parametrize("forged", [FundingStatus.ACCEPTED, FundingStatus.REJECTED])
def test_a_decision_on_a_funding_that_the_ledger_does_not_know_is_named(
    till: Till, forged: FundingStatus
) -> None:
    funding = _accepted(till, "F-1")
    if forged is FundingStatus.ACCEPTED:
        till.act(lambda work: reject_funding(work, funding.id, "wrong"))
    assert _faults(till) == set()
    with _forging(till) as connection:
        connection.execute(update(Funding).values(status=forged))

    assert _faults(till) == {OTHER_DECISION}


@pytest.mark.rule("IN-11", "PAY-6", "attack 88")
def test_cash_that_nobody_counted_does_not_go_back_from_the_bank(till: Till) -> None:
    paid = _pay(till, till.policy(), VALUE)
    request = _returned(till, lambda work: request_reversal(work, paid.id, reason="wrong family"))
    assert _faults(till) == set()
    with _forging(till) as connection:
        back = update(Premium).where(Premium.id == request.reversal_id)
        connection.execute(back.values(pay_type=PayType.BANK))

    assert _faults(till) == {ELSEWHERE}


@pytest.mark.rule("PAY-6", "attack 88")
def test_what_the_family_has_as_credit_already_is_not_given_back_once_more(till: Till) -> None:
    """A policy is paid from credit and then in full: nothing is left to take back of the first."""
    policy = till.policy()
    _pay(till, policy, VALUE + 300, pay_type=PayType.BANK)
    draft = PolicyDraft(
        family_id=policy.family_id, product_id=till.product.id, enrol_date=TODAY, officer_id=till.officer.id
    )
    second = till.act(lambda work: enrol_policy(work, draft)).policy
    paid = till.act(lambda work: pay_from_credit(work, second.id))
    _pay(till, second, VALUE)
    request = till.act(lambda work: request_reversal(work, paid.id, reason="paid twice"))

    with pytest.raises(ReturnImpossible):
        till.act(lambda work: decide_return(work, request.id, approve=True))
    assert _faults(till) == set()


@pytest.mark.rule("IN-11", "TZA-31", "attack 88")
def test_a_contribution_that_borrows_the_transaction_of_another_is_named(till: Till) -> None:
    paid = _pay(till, till.policy(), VALUE, pay_type=PayType.BANK)
    columns = {column.name: column for column in Premium.__table__.columns}
    others = {"id": new_id(), "receipt": "BORROWED"}
    copied = select(*(columns[name] for name in columns if name not in others)).where(Premium.id == paid.id)

    with till.scheme.platform.database.write.begin() as connection:
        (row,) = connection.execute(copied).mappings()
        connection.execute(insert(Premium).values({**row, **others}))

    with till.scheme.platform.work(writes=False) as work:
        faults = verify(work).faults
    assert {(fault.rule, fault.explanation) for fault in faults} == {OTHER_AMOUNT}
    assert {fault.row for fault in faults} == {paid.id, others["id"]}


@pytest.mark.rule("IN-1", "PAY-1")
def test_the_database_refuses_to_change_or_delete_a_contribution(till: Till) -> None:
    paid = _pay(till, till.policy(), VALUE)

    for statement in ("UPDATE insurance_premium SET amount_minor = 1", "DELETE FROM insurance_premium"):
        with (
            pytest.raises(Exception, match="never changed"),
            till.scheme.platform.database.write.begin() as one,
        ):
            one.execute(text(statement))

    assert till.act(lambda work: work.session.scalar(select(func.sum(Premium.amount_minor)))) == VALUE
    assert till.act(lambda work: work.get(Premium, paid.id)).amount_minor == VALUE


@pytest.mark.rule("IN-5")
def test_spending_what_families_paid_too_much_raises_the_alarm(till: Till) -> None:
    """An officer took 1,300, of which 300 are the family's; 1,100 are gone."""
    policy = till.policy()
    _pay(till, policy, VALUE + 300)
    officer, country = till.officer, till.scheme.places["CM"]

    def lose(minor: int) -> None:
        def step(work: Work) -> None:
            (cash,) = find_accounts(work, CASH, [str(officer.id)]).values()
            short = open_account(work, CASH_SHORTAGE, jurisdiction_id=country, owner=str(officer.id))
            movements = (Movement(short, cash, minor),)
            post(work, Posting(DEPOSITED.name, f"lost:{minor}", country, TODAY, movements))

        till.act(step)

    lose(1000)
    assert _faults(till) == set()
    lose(100)
    assert _faults(till) == {SPENT}
