"""Posting: the one way in which lines get into the ledger, for one event or for a hundred thousand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, Final, NamedTuple
from uuid import UUID

from msingi.bulk import Recording, change_rows, write_cells
from msingi.ids import new_ids
from msingi.work import Work
from msingi_ledger.errors import FutureDay, PeriodClosed
from msingi_ledger.models import Account, Book, Entry, Transaction
from msingi_ledger.rules.balances import apply, require_allowed
from msingi_ledger.rules.chain import TRANSACTION_FIELDS, TRANSACTION_KEY, Side, canonical
from msingi_ledger.rules.postings import Movement, Posting, check_form
from msingi_ledger.services.accounts import lock_accounts
from msingi_ledger.services.books import open_book
from msingi_ledger.services.charts import chart_of
from msingi_ledger.services.repeats import hashes_of, posted_before, refuse_used_events

_ENTRY_COLUMNS: Final = (
    *("jurisdiction_id", "transaction_id", "currency", "position"),
    *("account_id", "debit_minor", "credit_minor"),
)


class Posted(NamedTuple):
    """The transaction of a posting; ``is_new`` is false when the key had been posted before."""

    transaction_id: UUID
    is_new: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A posting to carry out; a reversal names what it takes back and needs no template."""

    posting: Posting
    reverses_id: UUID | None = None


def post(work: Work, posting: Posting) -> Posted:
    """Post one business event.

    Raises:
        DomainError: a refusal of ``post_many``; then nothing of the work may be saved.

    """
    return post_many(work, [posting])[0]


def post_many(work: Work, postings: Sequence[Posting]) -> list[Posted]:
    """Post many business events in their order, all or nothing, in a number of statements that does not grow.

    The accounts are locked in the order of their ids; every balance is checked after every posting. The caller
    has authorised the events: the ledger itself asks for no permission and looks at all places.

    Raises:
        EmptyPosting, WrongAmount, SameAccount: a posting is malformed.
        UnknownTemplate, PairNotAllowed: IN-6.
        InsufficientFunds, TooMuchOnAccount: IN-2.
        KeyUsedOtherwise, EventAlreadyPosted: IN-3.
        PeriodClosed, FutureDay: the day is not open.
        NotFound: an account or a place does not exist.

    """
    return carry_out(work, [Order(posting) for posting in postings])


def carry_out(work: Work, orders: Sequence[Order]) -> list[Posted]:
    """Post what services of this module have decided."""
    postings = [order.posting for order in orders]
    for posting in postings:
        check_form(posting)
    with work.everywhere():
        book = open_book(work)
        hashes = hashes_of(postings)
        known = posted_before(work, book, hashes)
        fresh = {order.posting.key: order for order in orders if order.posting.key not in known}
        refuse_used_events(work, (order.posting for order in fresh.values()))
        new = _write(work, book, list(fresh.values()), hashes) if fresh else {}
    return [
        Posted(new[key], is_new=True) if key in new else Posted(known[key], is_new=False)
        for key in (posting.key for posting in postings)
    ]


def _write(work: Work, book: Book, orders: Sequence[Order], hashes: Mapping[str, bytes]) -> dict[str, UUID]:
    for order in orders:
        _refuse_day(work, book, order.posting.occurred_on)
    movements = (movement for order in orders for movement in order.posting.movements)
    accounts = lock_accounts(work, book, (account for movement in movements for account in movement[:2]))
    before = {account.id: account.posted for account in accounts.values()}
    chart = chart_of(work)
    for order in orders:
        if order.reverses_id is None:
            require_allowed(chart, order.posting.template, order.posting.movements, accounts)
        apply(order.posting.movements, accounts)
    ids = _save_lines(work, book, orders, hashes)
    changed = [(one.id, one.posted) for one in accounts.values() if one.posted != before[one.id]]
    change_rows(work, Account, ("id",), ("posted_minor",), changed, recording=Recording.BY_CALLER)
    return ids


def _refuse_day(work: Work, book: Book, day: date) -> None:
    if book.closed_through is not None and day <= book.closed_through:
        raise PeriodClosed(through=book.closed_through)
    if day > work.today():
        raise FutureDay


def _save_lines(
    work: Work, book: Book, orders: Sequence[Order], hashes: Mapping[str, bytes]
) -> dict[str, UUID]:
    """Write transactions and entries; the entries are the record that the audit trail would hold otherwise."""
    ids = new_ids(len(orders))
    transactions: dict[str, list[Any]] = {name: [] for name in (*TRANSACTION_FIELDS, "mac")}
    entries: dict[str, list[Any]] = {name: [] for name in _ENTRY_COLUMNS}
    sign = work.platform.keyring.sign
    shared = {"book_id": book.id, "recorded_at": work.now().astimezone(UTC), "posted_by": work.actor.id}
    for transaction_id, order in zip(ids, orders, strict=True):
        values = _values(order, {**shared, "id": transaction_id, "input_hash": hashes[order.posting.key]})
        sides = list(_sides(order.posting.movements))
        values["mac"] = sign(TRANSACTION_KEY, canonical(values, sides))
        for name, column in transactions.items():
            column.append(values[name])
        _add_entries(entries, values, book.currency, sides)
    write_cells(work, Transaction, transactions)
    write_cells(work, Entry, entries)
    return {order.posting.key: transaction_id for transaction_id, order in zip(ids, orders, strict=True)}


def _add_entries(
    entries: Mapping[str, list[Any]], transaction: Mapping[str, Any], currency: str, sides: Sequence[Side]
) -> None:
    count = len(sides)
    entries["jurisdiction_id"] += [transaction["jurisdiction_id"]] * count
    entries["transaction_id"] += [transaction["id"]] * count
    entries["currency"] += [currency] * count
    entries["position"] += range(count)
    for account_id, debit, credit in sides:
        entries["account_id"].append(account_id)
        entries["debit_minor"].append(debit)
        entries["credit_minor"].append(credit)


def _values(order: Order, shared: Mapping[str, Any]) -> dict[str, Any]:
    posting = order.posting
    return {
        **shared,
        "jurisdiction_id": posting.jurisdiction_id,
        "template": posting.template,
        "key": posting.key,
        "provider": posting.event.provider if posting.event else None,
        "event_id": posting.event.event_id if posting.event else None,
        "occurred_on": posting.occurred_on,
        "description": posting.description,
        "reverses_id": order.reverses_id,
    }


def _sides(movements: Iterable[Movement]) -> Iterator[Side]:
    for debit, credit, minor in movements:
        yield debit, minor, 0
        yield credit, 0, minor
