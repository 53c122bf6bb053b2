"""Verification: everything is computed again from the first line, and every difference is named (IN-8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from msingi.work import Work
from msingi_ledger.hooks import LedgerHooks
from msingi_ledger.models import Account, Book, Entry, Hold, HoldState, Link, Transaction
from msingi_ledger.rules.chart import AccountClass, AccountKind, Backing
from msingi_ledger.services.chain_check import check_chains
from msingi_ledger.services.charts import chart_of
from msingi_ledger.services.money_checks import MoneyCheck
from msingi_ledger.services.record_check import check_records

_NAMED_AT_MOST: Final = 100
UNBALANCED: Final = "the debits and credits of this transaction are not equal"
WRONG_BOOK: Final = "this line is in another book or currency than its account"
WRONG_PLACE: Final = "this line is at another place than its transaction"
GONE: Final = "what this row names is not there: its account, its transaction or its book"
WRONG_BALANCE: Final = "the balance of this account is not the sum of its lines"
OVERDRAWN: Final = "this account is below its bound"
WRONG_HELD: Final = "what is held of this account is not the sum of its open holds"
UNEQUAL: Final = "assets and expenses are not equal to liabilities, income and equity"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken invariant: its rule, the table and row where it shows, and what is wrong."""

    rule: str
    table: str
    row: UUID
    explanation: str


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What a verification found; ``faults`` names at most 100 rows per rule."""

    transactions: int
    entries: int
    sealed: int
    root: str
    faults: tuple[Fault, ...]

    @property
    def balanced(self) -> bool:
        """Whether every invariant holds."""
        return not self.faults


def verify(work: Work, *, anchor: str | None = None) -> LedgerReport:
    """Check IN-1, IN-2, IN-4, IN-5, IN-8, IN-9 and IN-12 over the whole ledger, and what modules prove of their money.

    ``anchor`` is ``NUMBER:HASH`` of a link noted earlier elsewhere: it shows whether the chain was cut or rewritten.
    """
    with work.everywhere():
        faults = [*_sums(work)]
        faults += [Fault(*wrong) for wrong in check_records(work, named_at_most=_NAMED_AT_MOST)]
        chains = check_chains(work, anchor=anchor)
        faults += [Fault("IN-9", "ledger_transaction", row, text) for row, text in chains.faults]
        return LedgerReport(
            transactions=_count(work, Transaction),
            entries=_count(work, Entry),
            sealed=chains.links,
            root=chains.root,
            faults=tuple(faults),
        )


def _sums(work: Work) -> Iterator[Fault]:
    checks = (
        ("IN-1", "ledger_transaction", UNBALANCED, _unbalanced()),
        ("IN-1", "ledger_entry", WRONG_BOOK, _in_wrong_book()),
        ("IN-9", "ledger_entry", WRONG_PLACE, _at_wrong_place()),
        *(("IN-9", table, GONE, statement) for table, statement in _naming_nothing()),
        ("IN-2", "ledger_account", OVERDRAWN, _overdrawn()),
        ("IN-4", "ledger_book", UNEQUAL, _unequal()),
        *(("IN-5", "ledger_book", one.broken, _unbacked(one)) for one in chart_of(work).backings),
        ("IN-8", "ledger_account", WRONG_BALANCE, _wrong_balances()),
        ("IN-12", "ledger_account", WRONG_HELD, _wrong_held()),
        *((one.rule, one.table, one.broken, one.wrong) for one in _of_modules(work)),
    )
    for rule, table, explanation, statement in checks:
        for row in work.session.scalars(statement.limit(_NAMED_AT_MOST)):
            yield Fault(rule, table, row, explanation)


def _of_modules(work: Work) -> Iterator[MoneyCheck]:
    return chain.from_iterable(work.ask(LedgerHooks.money_checks)())


def _unbalanced() -> Select[UUID]:
    return (
        select(Transaction.id)
        .outerjoin(Entry, Entry.transaction_id == Transaction.id)
        .group_by(Transaction.id)
        .having(or_(func.count(Entry.id) < 2, func.sum(Entry.debit_minor - Entry.credit_minor) != 0))  # noqa: PLR2004
        .order_by(Transaction.id)
    )


def _in_wrong_book() -> Select[UUID]:
    return (
        select(Entry.id)
        .join(Account, Account.id == Entry.account_id)
        .join(Transaction, Transaction.id == Entry.transaction_id)
        .where(or_(Account.book_id != Transaction.book_id, Entry.currency != Account.currency))
        .order_by(Entry.id)
    )


def _at_wrong_place() -> Select[UUID]:
    joined = select(Entry.id).join(Transaction, Transaction.id == Entry.transaction_id)
    return joined.where(Entry.jurisdiction_id != Transaction.jurisdiction_id).order_by(Entry.id)


def _naming_nothing() -> Iterator[tuple[str, Select[UUID]]]:
    """Rows that no keyed hash and no chain is asked about, for what they name is gone."""
    named: tuple[tuple[Any, Any, Any], ...] = (
        (Entry, Entry.transaction_id, Transaction),
        (Entry, Entry.account_id, Account),
        (Transaction, Transaction.book_id, Book),
        (Transaction, Transaction.reverses_id, Transaction),
        (Account, Account.book_id, Book),
        (Hold, Hold.account_id, Account),
        (Hold, Hold.transaction_id, Transaction),
        (Link, Link.id, Transaction),
        (Link, Link.book_id, Book),
    )
    for model, name, target in named:
        there = aliased(target)
        joined = select(model.id).outerjoin(there, there.id == name)
        yield model.__tablename__, joined.where(name.is_not(None), there.id.is_(None)).order_by(model.id)


def _overdrawn() -> Select[UUID]:
    below = and_(Account.bounded, Account.posted_minor < Account.held_minor)
    return select(Account.id).where(or_(below, Account.held_minor < 0)).order_by(Account.id)


def _unequal() -> Select[UUID]:
    total = func.sum(_sign() * Account.posted_minor)
    joined = select(Book.id).join(Account, Account.book_id == Book.id)
    return joined.group_by(Book.id).having(total != 0).order_by(Book.id)


def _unbacked(backing: Backing) -> Select[UUID]:
    """Books in which more is owed than lies on the assets that back it."""

    def total(kinds: Sequence[AccountKind]) -> ColumnElement[int]:
        of_kinds = Account.code.in_([kind.code for kind in kinds])
        return func.sum(case((of_kinds, Account.posted_minor), else_=0))

    joined = select(Book.id).join(Account, Account.book_id == Book.id).group_by(Book.id)
    return joined.having(total(backing.owed) > total(backing.assets)).order_by(Book.id)


def _wrong_balances() -> Select[UUID]:
    net = func.sum(Entry.debit_minor - Entry.credit_minor)
    sums = select(Entry.account_id, net.label("net")).group_by(Entry.account_id).subquery()
    joined = select(Account.id).outerjoin(sums, sums.c.account_id == Account.id)
    return joined.where(Account.posted_minor != _sign() * func.coalesce(sums.c.net, 0)).order_by(Account.id)


def _wrong_held() -> Select[UUID]:
    opened = select(Hold.account_id, func.sum(Hold.amount_minor).label("held"))
    sums = opened.where(Hold.state == HoldState.OPEN).group_by(Hold.account_id).subquery()
    joined = select(Account.id).outerjoin(sums, sums.c.account_id == Account.id)
    return joined.where(Account.held_minor != func.coalesce(sums.c.held, 0)).order_by(Account.id)


def _sign() -> ColumnElement[int]:
    grow_by_debits = [each for each in AccountClass if each.sign > 0]
    return case((Account.account_class.in_(grow_by_debits), 1), else_=-1)


def _count(work: Work, model: Any) -> int:
    return work.session.scalar(select(func.count()).select_from(model)) or 0
