"""What accountants read: the trial balance, and the journal for their own software (TZA-31)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, func, select

from msingi.money import Money
from msingi.work import Work
from msingi_ledger.models import Account, Book, Entry, Link, Transaction
from msingi_ledger.rules.chart import AccountClass

JOURNAL_HEADER: Final = (
    *("day", "transaction", "position", "template", "description", "reverses"),
    *("account", "class", "owner", "debit", "credit", "currency"),
    *("module", "key", "provider", "event"),
)
"""``key`` names the record of ``module`` that was posted; ``provider`` and ``event`` the bank's own number."""
JournalRow = tuple[date, str, int, str, str, str, str, str, str, Decimal, Decimal, str, str, str, str, str]
_FETCHED_AT_ONCE: Final = 2_000


class TrialLine(BaseModel):
    """All accounts of one code together."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(description="Code of the chart of accounts")
    account_class: AccountClass = Field(description="Asset, liability, income, expense or equity")
    accounts: int = Field(description="How many accounts have lines")
    debit: Money = Field(description="Sum of the debits")
    credit: Money = Field(description="Sum of the credits")
    balance: Money = Field(description="Balance on the normal side of the class")


class LedgerStatus(BaseModel):
    """How far the ledger is closed and sealed."""

    model_config = ConfigDict(frozen=True)

    currency: str = Field(description="ISO 4217 code of the book")
    closed_through: date | None = Field(description="Last day on which nothing can be posted any more")
    sealed: int = Field(description="Transactions in the hash chain (IN-9)")
    root: str = Field(description="Hash of the newest link: note it elsewhere; empty before the first")


def trial_balance(work: Work, *, through: date | None = None) -> list[TrialLine]:
    """Debits, credits and balance of every code, of the transactions in scope through a day; both sides are equal."""
    lines = (
        select(
            Account.code,
            Account.account_class,
            Account.currency,
            func.count(Account.id.distinct()),
            func.sum(Entry.debit_minor),
            func.sum(Entry.credit_minor),
        )
        .select_from(Entry)
        .join(Account, Account.id == Entry.account_id)
        .join(Transaction, Transaction.id == Entry.transaction_id)
        .group_by(Account.code, Account.account_class, Account.currency)
        .order_by(Account.code)
    )
    if through is not None:
        lines = lines.where(Transaction.occurred_on <= through)
    return [
        TrialLine(
            code=code,
            account_class=account_class,
            accounts=accounts,
            debit=Money.from_minor(int(debit), currency),
            credit=Money.from_minor(int(credit), currency),
            balance=Money.from_minor(account_class.sign * int(debit - credit), currency),
        )
        for code, account_class, currency, accounts, debit, credit in work.session.execute(lines)
    ]


def journal(work: Work, *, since: date | None = None, until: date | None = None) -> Iterator[JournalRow]:
    """Every line in scope from one day to another, both included, as rows under ``JOURNAL_HEADER``.

    Each transaction's lines stand together and are balanced.
    """
    statement = _journal_lines()
    if since is not None:
        statement = statement.where(Transaction.occurred_on >= since)
    if until is not None:
        statement = statement.where(Transaction.occurred_on <= until)
    options = {"yield_per": _FETCHED_AT_ONCE}
    for row in work.session.execute(statement, execution_options=options):
        yield _journal_row(row)


def status(work: Work) -> LedgerStatus:
    """How far the ledger of the installation's currency is closed and sealed."""
    currency = work.platform.profile.currency
    book = work.session.scalar(select(Book).where(Book.currency == currency))
    newest = (
        select(Link.number, Link.hash).join(Book, Book.id == Link.book_id).where(Book.currency == currency)
    )
    link = work.session.execute(newest.order_by(Link.number.desc()).limit(1)).one_or_none()
    return LedgerStatus(
        currency=currency,
        closed_through=book.closed_through if book else None,
        sealed=link.number if link else 0,
        root=link.hash.hex() if link else "",
    )


def _journal_lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Transaction.occurred_on,
            Transaction.id,
            Transaction.template,
            Transaction.key,
            Transaction.provider,
            Transaction.event_id,
            Transaction.description,
            Transaction.reverses_id,
            Account.code,
            Account.account_class,
            Account.owner,
            Entry.position,
            Entry.debit_minor,
            Entry.credit_minor,
            Entry.currency,
        )
        .select_from(Entry)
        .join(Transaction, Transaction.id == Entry.transaction_id)
        .join(Account, Account.id == Entry.account_id)
        .order_by(Transaction.occurred_on, Transaction.id, Entry.position)
    )


def _journal_row(row: Any) -> JournalRow:
    reverses = str(row.reverses_id or "")
    event = (row.occurred_on, str(row.id), row.position, row.template, row.description, reverses)
    account = (row.code, row.account_class.value, row.owner)
    amounts = (
        Money.from_minor(row.debit_minor, row.currency).amount,
        Money.from_minor(row.credit_minor, row.currency).amount,
    )
    source = (row.template.partition(".")[0], row.key, row.provider or "", row.event_id or "")
    return (*event, *account, *amounts, row.currency, *source)
