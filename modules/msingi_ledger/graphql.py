"""The ledger in the schema: read by accountants and auditors; corrected by one mutation with four eyes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_ledger.models import Account, Book, Check, Entry, Hold, Transaction
from msingi_ledger.plugin import CLOSE, READ, REVERSE, plugin
from msingi_ledger.services import books, reports, reversing
from msingi_ledger.services.reports import LedgerStatus, TrialLine

plugin.expose(
    Account,
    *("id", "jurisdiction_id", "code", "owner", "account_class", "bounded", "posted", "held"),
    allow=READ,
    name="LedgerAccount",
)
plugin.expose(
    Transaction,
    *("id", "jurisdiction_id", "template", "key", "provider", "event_id", "occurred_on", "recorded_at"),
    *("description", "posted_by", "reverses_id"),
    allow=READ,
    name="LedgerTransaction",
)
plugin.expose(
    Entry,
    *("id", "position", "debit", "credit", "account_id", "account", "transaction_id", "transaction"),
    allow=READ,
    name="LedgerEntry",
)
plugin.expose(
    Hold,
    *("id", "jurisdiction_id", "account_id", "amount", "captured", "state", "expires_at", "transaction_id"),
    allow=READ,
    name="LedgerHold",
)
plugin.expose(
    Check,
    *("id", "checked_at", "balanced", "transactions", "entries", "sealed", "root", "faults"),
    *("rule", "table", "row"),
    allow=READ,
    name="LedgerCheck",
)
plugin.expose(Book, "id", "currency", "closed_through", "version", allow=READ, name="LedgerBook")


@plugin.connection(Account, allow=READ, where=("code", "owner", "account_class"), order=("code", "id"))
def ledger_accounts(work: Work) -> Select[Account]:  # noqa: ARG001 - the contract of a list
    """Accounts with their balances."""
    return select(Account)


@plugin.connection(
    Transaction,
    allow=READ,
    where=("template", "key", "occurred_on", "recorded_at", "provider", "event_id", "reverses_id"),
    order=("id", "occurred_on", "recorded_at"),
)
def ledger_transactions(work: Work) -> Select[Transaction]:  # noqa: ARG001
    """Posted business events."""
    return select(Transaction)


@plugin.connection(Entry, allow=READ, where=("account_id", "transaction_id"), order=("id",))
def ledger_entries(work: Work) -> Select[Entry]:  # noqa: ARG001
    """Debits and credits: of an account, or of a transaction."""
    return select(Entry)


@plugin.connection(Hold, allow=READ, where=("account_id", "state", "expires_at"), order=("expires_at", "id"))
def holds(work: Work) -> Select[Hold]:  # noqa: ARG001
    """Money that is or was reserved."""
    return select(Hold)


@plugin.connection(Check, allow=READ, where=("balanced", "checked_at"), order=("checked_at", "id"))
def ledger_checks(work: Work) -> Select[Check]:  # noqa: ARG001
    """What the nightly verifications of the whole ledger found."""
    return select(Check)


@plugin.extend(Check, allow=READ)
def explanation(parents: Sequence[Check], work: Work) -> dict[UUID, str]:
    """What is wrong at the first wrong place; empty when the ledger is balanced."""
    texts = work.platform.texts
    return {check.id: texts.get(check.reason, work.language) if check.reason else "" for check in parents}


@plugin.query(allow=READ)
def trial_balance(work: Work, through: date | None = None) -> list[TrialLine]:
    """Debits, credits and balance of every code, of the transactions in one's places, through a day."""
    return reports.trial_balance(work, through=through)


@plugin.query(allow=READ)
def ledger_status(work: Work) -> LedgerStatus:
    """How far the ledger is closed, and the root of its hash chain to note elsewhere."""
    return reports.status(work)


@plugin.mutation(allow=REVERSE)
def reverse_transaction(work: Work, id: UUID, reason: str) -> Transaction:  # noqa: A002 - the name that callers see
    """Take a transaction back that somebody else posted; answers with the reversing one."""
    return reversing.reverse_as_other_person(work, id, reason=reason)


@plugin.mutation(allow=CLOSE)
def close_books(work: Work, through: date) -> Book:
    """Close the books through a past day: nothing is posted on or before it any more."""
    return books.close_period(work, through)
