"""Postings are balanced, allowed by a template, made once, and never overdraw an account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.modules.msingi_ledger.ledger_fixtures import DAY, WALLET, Desk

from msingi.errors import DomainError, InvalidInput, NotFound
from msingi.ids import new_id
from msingi.platform import Platform
from msingi_ledger import (
    Account,
    AccountClass,
    AccountKind,
    Entry,
    ExternalEvent,
    HoldRequest,
    Posting,
    Transaction,
    balance_of,
    hold,
    open_account,
    post,
    post_many,
    trial_balance,
    verify,
)
from msingi_ledger.errors import (
    EmptyPosting,
    EventAlreadyPosted,
    FutureDay,
    InsufficientFunds,
    KeyUsedOtherwise,
    PairNotAllowed,
    PeriodClosed,
    PeriodNotOver,
    SameAccount,
    TooMuchOnAccount,
    UnknownKind,
    UnknownTemplate,
    WrongAmount,
)
from msingi_ledger.models import Book
from msingi_ledger.services.books import close_period

LARGEST = 2**63 - 1
Make = Callable[[Desk], Posting]
REFUSED: dict[str, tuple[type[DomainError], Make]] = {
    "nothing": (EmptyPosting, lambda desk: desk.posting("purse.bill", "k")),
    "zero": (WrongAmount, lambda desk: desk.bill("k", 0)),
    "negative": (WrongAmount, lambda desk: desk.bill("k", -5)),
    "boolean": (WrongAmount, lambda desk: desk.bill("k", True)),
    "fraction": (WrongAmount, lambda desk: desk.bill("k", 0.5)),  # type: ignore[arg-type]
    "beyond 64 bits": (WrongAmount, lambda desk: desk.gift("k", LARGEST + 1)),
    "just 64 bits": (WrongAmount, lambda desk: desk.gift("k", LARGEST)),
    "beyond any real balance": (
        TooMuchOnAccount,
        lambda desk: desk.posting("purse.gift", "k", *[(desk.bank, desk.wallet, 10**15)] * 100),
    ),
    "to itself": (
        SameAccount,
        lambda desk: desk.posting("purse.transfer", "k", (desk.wallet, desk.wallet, 1)),
    ),
    "unknown template": (
        UnknownTemplate,
        lambda desk: desk.posting("purse.theft", "k", (desk.wallet, desk.bank, 1)),
    ),
    "other pair": (PairNotAllowed, lambda desk: desk.posting("purse.bill", "k", (desk.wallet, desk.bank, 1))),
    "pair turned round": (
        PairNotAllowed,
        lambda desk: desk.posting("purse.bill", "k", (desk.payable, desk.wallet, 1)),
    ),
    "no such account": (NotFound, lambda desk: desk.posting("purse.bill", "k", (desk.wallet, new_id(), 1))),
    "too much": (InsufficientFunds, lambda desk: desk.bill("k", 1001)),
    "tomorrow": (
        FutureDay,
        lambda desk: desk.posting(
            "purse.bill", "k", (desk.wallet, desk.payable, 1), occurred_on=DAY + timedelta(1)
        ),
    ),
    "key of another": (KeyUsedOtherwise, lambda desk: desk.gift("start", 999)),
}


def _balances(platform: Platform, *accounts: UUID) -> list[int]:
    with platform.work(writes=False) as work:
        return [balance_of(work, account).minor for account in accounts]


@pytest.mark.rule("IN-1", "IN-2", "IN-3", "IN-6", "attack 54", "attack 87")
@pytest.mark.parametrize("case", REFUSED)
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(platform: Platform, desk: Desk, case: str) -> None:
    refusal, make = REFUSED[case]

    with pytest.raises(refusal), platform.work() as work:
        post(work, make(desk))

    with platform.work(writes=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Transaction)) == 1
        assert work.session.scalar(select(Account.posted_minor).where(Account.id == desk.wallet)) == 1000


@pytest.mark.rule("IN-1", "IN-8")
def test_every_movement_is_a_debit_and_a_credit(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        gift = desk.posting("purse.gift", "g", (desk.bank, desk.other, 500), (desk.fees, desk.bank, 15))
        posted = post(work, gift)

    with platform.work(writes=False) as work:
        lines = select(Entry.account_id, Entry.debit_minor, Entry.credit_minor).order_by(Entry.position)
        found = work.session.execute(lines.where(Entry.transaction_id == posted.transaction_id))
        assert [tuple(line) for line in found] == [
            (desk.bank, 500, 0),
            (desk.other, 0, 500),
            (desk.fees, 15, 0),
            (desk.bank, 0, 15),
        ]
    assert _balances(platform, desk.bank, desk.other, desk.fees) == [1485, 500, 15]


@pytest.mark.rule("IN-3")
def test_the_same_command_is_carried_out_once(platform: Platform, desk: Desk) -> None:
    event = ExternalEvent("momo", "e-1")
    with platform.work() as work:
        first, again = post_many(work, [desk.gift("g", 70, event=event), desk.gift("g", 70, event=event)])
    with platform.work() as work:
        later = post(work, desk.gift("g", 70, event=event))

    assert (first.is_new, later.is_new) == (True, False)
    assert first.transaction_id == again.transaction_id == later.transaction_id
    assert _balances(platform, desk.wallet) == [1070]


@pytest.mark.rule("IN-3")
def test_an_event_of_a_provider_is_posted_once(platform: Platform, desk: Desk) -> None:
    event = ExternalEvent("momo", "e-1")
    with platform.work() as work:
        post(work, desk.gift("g", 70, event=event))

    with pytest.raises(EventAlreadyPosted), platform.work() as work:
        post(work, desk.gift("h", 70, event=event))
    with pytest.raises(EventAlreadyPosted), platform.work() as work:
        post_many(work, [desk.gift(key, 70, event=ExternalEvent("momo", "e-2")) for key in "ij"])

    with platform.work() as work:
        assert post(work, desk.gift("k", 70, event=ExternalEvent("wave", "e-1"))).is_new
    assert _balances(platform, desk.wallet) == [1140]


@pytest.mark.rule("IN-2")
def test_each_posting_of_a_list_must_be_possible_where_it_stands(platform: Platform, desk: Desk) -> None:
    bill, gift = desk.bill("b", 1500), desk.gift("g", 500)

    with pytest.raises(InsufficientFunds), platform.work() as work:
        post_many(work, [bill, gift])
    with platform.work() as work:
        post_many(work, [gift, bill])

    assert _balances(platform, desk.wallet, desk.payable) == [0, 1500]


@pytest.mark.rule("IN-1", "IN-2")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET debit_minor = debit_minor + 1 WHERE debit_minor > 0",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_transaction SET description = 'x'",
        "DELETE FROM ledger_transaction",
        "UPDATE ledger_account SET posted_minor = -1 WHERE bounded",
        "UPDATE ledger_account SET held_minor = posted_minor + 1 WHERE bounded",
    ],
)
def test_the_database_itself_refuses_to_change_history(
    platform: Platform, desk: Desk, statement: str
) -> None:
    with pytest.raises((DBAPIError, IntegrityError)), platform.database.write.begin() as connection:
        connection.execute(text(statement))

    assert _balances(platform, desk.wallet) == [1000]


def test_an_account_is_opened_once_and_only_of_a_known_kind(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        assert open_account(work, WALLET, jurisdiction_id=desk.place, owner="patient-1") == desk.wallet
    unbounded = AccountKind("2000", AccountClass.LIABILITY, "Wallet of a patient", bounded=False)
    with pytest.raises(UnknownKind), platform.work() as work:
        open_account(work, unbounded, jurisdiction_id=desk.place, owner="patient-3")


@pytest.mark.rule("attack 88")
def test_nothing_is_posted_in_a_closed_period(platform: Platform, desk: Desk) -> None:
    yesterday = DAY - timedelta(days=1)
    with platform.work() as work:
        assert close_period(work, yesterday).closed_through == yesterday
    late = desk.posting("purse.bill", "b", (desk.wallet, desk.payable, 1), occurred_on=yesterday)

    with pytest.raises(PeriodClosed), platform.work() as work:
        post(work, late)
    for day in (yesterday, DAY):
        with pytest.raises(PeriodNotOver), platform.work() as work:
            close_period(work, day)
    with platform.work() as work:
        assert post(work, desk.bill("b", 1)).is_new


@pytest.mark.rule("PG-7", "IN-3", "attack 88")
def test_money_that_came_in_a_closed_period_is_booked_on_the_first_open_day_once(
    platform: Platform, desk: Desk
) -> None:
    early, closed = DAY - timedelta(days=9), DAY - timedelta(days=3)
    late = replace(desk.gift("late", 70), occurred_on=early, moves_on=True)
    with platform.work() as work:
        close_period(work, closed)

    with platform.work() as work:
        posted = post(work, late)
    with platform.work() as work:
        close_period(work, DAY - timedelta(days=1))
        again = post(work, late)

    assert (again.transaction_id, again.is_new) == (posted.transaction_id, False)
    with platform.work(writes=False) as work:
        row = work.get(Transaction, posted.transaction_id)
        assert (row.occurred_on, row.description) == (
            DAY - timedelta(days=2),
            f"booked_late:{early.isoformat()}",
        )
        assert verify(work).balanced


def test_a_loaded_account_shows_its_new_balance(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        account = work.get(Account, desk.wallet)
        post(work, desk.bill("b", 300))

        assert (account.posted.minor, str(account.posted)) == (700, "700 XAF")


def test_a_changed_account_needs_the_ledger(platform: Platform, desk: Desk) -> None:
    with pytest.raises(IntegrityError), platform.work() as work:
        work.session.execute(update(Account).where(Account.id == desk.wallet).values(held_minor=-1))


@pytest.mark.rule("attack 55", "IN-8")
def test_attack_55_sums_stay_exact_when_enormous_amounts_went_round(platform: Platform, desk: Desk) -> None:
    most = 10**15
    for turn in range(3):
        with platform.work() as work:
            post(work, desk.gift(f"g{turn}", most))
            post(work, desk.bill(f"b{turn}", most))
            post(work, desk.posting("purse.payout", f"p{turn}", (desk.payable, desk.bank, most)))

    with platform.work(writes=False) as work:
        assert verify(work).balanced
        bank = next(line for line in trial_balance(work) if line.code == "1000")
        assert (bank.debit.minor, bank.credit.minor, bank.balance.minor) == (3 * most + 1000, 3 * most, 1000)


@pytest.mark.rule("IN-1", "attack 87")
def test_attack_87_an_account_of_another_book_takes_part_in_nothing(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        book = work.add(Book(currency="TZS"))
        work.session.flush()
        values = {"account_class": AccountClass.LIABILITY, "bounded": True, "owner": "patient-1"}
        row = work.add(
            Account(jurisdiction_id=desk.place, book_id=book.id, currency="TZS", code="2000", **values)
        )
        work.session.flush()
        foreign = row.id
    for movement in ((desk.wallet, foreign, 5), (foreign, desk.wallet, 5)):
        with pytest.raises(NotFound), platform.work() as work:
            post(work, desk.posting("purse.transfer", "k", movement))
    with pytest.raises(NotFound), platform.work() as work:
        hold(work, HoldRequest(foreign, 5, "h", work.now() + timedelta(days=1)))

    assert _balances(platform, desk.wallet, foreign) == [1000, 0]


@pytest.mark.rule("D-26", "attack 57")
@pytest.mark.parametrize(
    "changed",
    [
        {"description": "x" * 101},
        {"key": "k" * 101},
        {"event": ExternalEvent("momo", "e" * 101)},
        {"event": ExternalEvent("m" * 51, "e")},
    ],
)
def test_d_26_texts_longer_than_their_columns_are_refused_on_both_engines(
    platform: Platform, desk: Desk, changed: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput), platform.work() as work:
        post(work, replace(desk.bill("k", 1), **changed))

    assert _balances(platform, desk.wallet) == [1000]
