"""Tables of the ledger: transactions and entries are only ever added; balances follow them under lock."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.indexes import index_where_set
from msingi.money import Money
from msingi.types import shared_money
from msingi_ledger.rules.chart import AccountClass


class HoldState(StrEnum):
    """The life of a hold: open, then one of the others for ever."""

    OPEN = "open"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


class Book(Versioned, Model):
    """The ledger of one currency."""

    __tablename__ = "ledger_book"
    __table_args__ = (UniqueConstraint("currency"),)

    currency: Mapped[str] = mapped_column(String(3), doc="ISO 4217 code.")
    closed_through: Mapped[date | None] = mapped_column(
        doc="Last day on which nothing can be posted any more."
    )
    mac: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), doc="Keyed hash of the book (IN-9); empty in one of an older release."
    )


class Account(Scoped, Model):
    """An account: one kind of the chart, one owner."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("book_id", "code", "owner"),
        CheckConstraint("held_minor >= 0", name="held"),
        CheckConstraint("NOT bounded OR posted_minor >= held_minor", name="bound"),
    )

    book_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_book.id"))
    currency: Mapped[str] = mapped_column(String(3), doc="ISO 4217 code of the book.")
    code: Mapped[str] = mapped_column(String(16), doc="Code of the chart of accounts.")
    owner: Mapped[str] = mapped_column(
        String(100),
        default="",
        doc="Reference of whom or what it belongs to; empty for the only one of its kind.",
    )
    account_class: Mapped[AccountClass] = mapped_column(doc="Asset, liability, income, expense or equity.")
    bounded: Mapped[bool] = mapped_column(doc="Whether the balance never falls below zero (IN-2).")
    posted_minor: Mapped[int] = mapped_column(
        BigInteger, default=0, doc="Balance on the normal side of the class, of everything posted."
    )
    held_minor: Mapped[int] = mapped_column(BigInteger, default=0, doc="What of the balance is held.")
    mac: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), doc="Keyed hash of what never changes (IN-9); empty in one of an older release."
    )
    holds_sum: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), doc="Sum of the keyed hashes of all its holds (IN-12)."
    )
    holds_mac: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), doc="Keyed hash of that sum; empty in one of an older release."
    )
    posted: Mapped[Money] = shared_money("posted_minor")
    held: Mapped[Money] = shared_money("held_minor")


class Transaction(Scoped, Model):
    """A posted business event; it is never changed (IN-1)."""

    __tablename__ = "ledger_transaction"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("book_id", "key"),
        index_where_set("ledger_transaction", "provider", "event_id", unique=True),
        index_where_set("ledger_transaction", "reverses_id", unique=True),
        CheckConstraint("(provider IS NULL) = (event_id IS NULL)", name="event"),
        Index("ix_ledger_transaction_book_id_occurred_on", "book_id", "occurred_on"),
        Index("ix_ledger_transaction_recorded_at", "recorded_at"),
    )

    book_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_book.id"))
    template: Mapped[str] = mapped_column(String(64), doc="The posting template.")
    key: Mapped[str] = mapped_column(String(100), doc="Idempotency key of the command (IN-3).")
    input_hash: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Hash of what the command asked for.")
    provider: Mapped[str | None] = mapped_column(String(50), doc="Payment provider whose event it answers.")
    event_id: Mapped[str | None] = mapped_column(String(100), doc="The provider's id of that event.")
    occurred_on: Mapped[date] = mapped_column(doc="Day of the business event: the accounting date.")
    recorded_at: Mapped[datetime] = mapped_column(doc="When it was posted.")
    description: Mapped[str] = mapped_column(String(100), doc="What it is about, as a code.")
    posted_by: Mapped[UUID | None] = mapped_column(doc="Who acted; empty for the system itself.")
    reverses_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("ledger_transaction.id"), doc="The transaction that it takes back."
    )
    mac: Mapped[bytes] = mapped_column(
        LargeBinary(32), doc="Keyed hash of the transaction and its entries (IN-9)."
    )


class Entry(Scoped, Model):
    """One side of a movement: a debit or a credit of one account."""

    __tablename__ = "ledger_entry"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("transaction_id", "position"),
        CheckConstraint(
            "(debit_minor > 0 AND credit_minor = 0) OR (debit_minor = 0 AND credit_minor > 0)", name="side"
        ),
        Index("ix_ledger_entry_account_id", "account_id"),
    )

    jurisdiction_id: Mapped[UUID] = mapped_column(
        doc="The place of its transaction, which the database checks there."
    )
    transaction_id: Mapped[UUID] = mapped_column(
        ForeignKey("ledger_transaction.id"), doc="The transaction that it is part of."
    )
    position: Mapped[int] = mapped_column(
        doc="Place in the transaction: the debit of movement n is 2n, its credit 2n + 1."
    )
    account_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"), doc="The account.")
    currency: Mapped[str] = mapped_column(String(3), doc="ISO 4217 code of the book.")
    debit_minor: Mapped[int] = mapped_column(
        BigInteger, doc="Amount that debits the account; zero on the other side."
    )
    credit_minor: Mapped[int] = mapped_column(
        BigInteger, doc="Amount that credits the account; zero on the other side."
    )
    debit: Mapped[Money] = shared_money("debit_minor")
    credit: Mapped[Money] = shared_money("credit_minor")
    transaction: Mapped[Transaction] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class Link(Model):
    """The place of one transaction in the hash chain of its book; its id is the transaction's (IN-9)."""

    __tablename__ = "ledger_link"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (UniqueConstraint("book_id", "number"),)

    id: Mapped[UUID] = mapped_column(
        ForeignKey("ledger_transaction.id"), primary_key=True, sort_order=-10, doc="The transaction."
    )
    book_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_book.id"))
    number: Mapped[int] = mapped_column(BigInteger, doc="Position in the chain, from 1.")
    hash: Mapped[bytes] = mapped_column(
        LargeBinary(32), doc="Hash of the link before and of the transaction."
    )


class Hold(Scoped, Versioned, Model):
    """Money of an account that is reserved for a while (IN-12)."""

    __tablename__ = "ledger_hold"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("captured_minor BETWEEN 0 AND amount_minor", name="captured"),
        Index("ix_ledger_hold_state_expires_at", "state", "expires_at"),
        Index("ix_ledger_hold_account_id", "account_id"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_account.id"), doc="The account.")
    key: Mapped[str] = mapped_column(String(100), doc="Idempotency key of the command (IN-3).")
    input_hash: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Hash of what the command asked for.")
    currency: Mapped[str] = mapped_column(String(3), doc="ISO 4217 code of the account.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="What was reserved.")
    captured_minor: Mapped[int] = mapped_column(BigInteger, default=0, doc="What a posting took of it.")
    state: Mapped[HoldState] = mapped_column(
        default=HoldState.OPEN, doc="Open, captured, released or expired."
    )
    expires_at: Mapped[datetime] = mapped_column(doc="When it ends by itself.")
    transaction_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("ledger_transaction.id"), doc="The transaction that captured it."
    )
    mac: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), doc="Keyed hash of the hold as it stands (IN-9); empty in one of an older release."
    )
    amount: Mapped[Money] = shared_money("amount_minor")
    captured: Mapped[Money] = shared_money("captured_minor")


class Check(Model):
    """What a verification of the whole ledger found: one row for each night, never changed (IN-8)."""

    __tablename__ = "ledger_check"
    __append_only__ = True
    __table_args__ = (Index("ix_ledger_check_checked_at", "checked_at"),)

    checked_at: Mapped[datetime] = mapped_column(doc="When it was.")
    balanced: Mapped[bool] = mapped_column(doc="Whether every invariant held.")
    transactions: Mapped[int] = mapped_column(BigInteger, doc="Transactions that were computed again.")
    entries: Mapped[int] = mapped_column(BigInteger, doc="Lines that were computed again.")
    sealed: Mapped[int] = mapped_column(BigInteger, doc="Transactions in the hash chain.")
    root: Mapped[str] = mapped_column(
        String(100), doc="NUMBER:HASH of the newest link, to note elsewhere; empty before the first."
    )
    faults: Mapped[int] = mapped_column(doc="Wrong places that were found, at most 100 for each rule.")
    rule: Mapped[str] = mapped_column(String(10), default="", doc="The rule that the first one breaks.")
    table: Mapped[str] = mapped_column("wrong_table", String(40), default="", doc="Its table.")
    row: Mapped[UUID | None] = mapped_column("wrong_row", doc="Its row.")
    reason: Mapped[str] = mapped_column(String(200), default="", doc="What is wrong there.")
