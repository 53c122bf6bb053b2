"""Posting: the one way in which lines get into the ledger, for one event or for a hundred thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from msingi.bulk import Recording, change_rows, write_cells, write_rows
from msingi.ids import new_ids
from msingi.work import Work
from msingi_ledger.errors import FutureDay, PeriodClosed
from msingi_ledger.models import Account, Book, Entry, Transaction
from msingi_ledger.rules.balances import apply, require_allowed, transfers_of
from msingi_ledger.rules.chain import TRANSACTION_FIELDS, TRANSACTION_KEY, Side, canonical_text
from msingi_ledger.rules.postings import Movement, Posting, check_form, on_an_open_day
from msingi_ledger.services.accounts import lock_accounts
from msingi_ledger.services.books import open_book
from msingi_ledger.services.charts import chart_of
from msingi_ledger.services.repeats import hashes_of, posted_before, refuse_used_events


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
    if book.closed_through is not None:
        through = book.closed_through
        orders = [replace(order, posting=on_an_open_day(order.posting, through)) for order in orders]
    for order in orders:
        _refuse_day(work, book, order.posting.occurred_on)
    movements = (movement for order in orders for movement in order.posting.movements)
    accounts = lock_accounts(work, book, (account for movement in movements for account in movement[:2]))
    before = {account.id: account.posted for account in accounts.values()}
    chart = chart_of(work)
    for order in orders:
        transfers = transfers_of(order.posting.movements, accounts)
        if order.reverses_id is None:
            require_allowed(chart, order.posting.template, transfers)
        apply(transfers)
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
    ids, sign = new_ids(len(orders)), work.platform.keyring.sign
    recorded_at, posted_by = work.now().astimezone(UTC), work.actor.id
    transactions: list[Sequence[Any]] = []
    sides: list[Sequence[Side]] = []
    for transaction_id, order in zip(ids, orders, strict=True):
        posting = order.posting
        provider, event_id = posting.event or (None, None)
        # In the order of TRANSACTION_FIELDS.
        fields = (
            *(transaction_id, posting.jurisdiction_id, book.id, posting.template, posting.key),
            *(hashes[posting.key], provider, event_id, posting.occurred_on, recorded_at),
            *(posting.description, posted_by, order.reverses_id),
        )
        own = _sides(posting.movements)
        transactions.append((*fields, sign(TRANSACTION_KEY, canonical_text(fields, own))))
        sides.append(own)
    write_rows(work, Transaction, (*TRANSACTION_FIELDS, "mac"), transactions)
    write_cells(work, Entry, _entry_cells(book.currency, transactions, sides))
    return {order.posting.key: transaction_id for transaction_id, order in zip(ids, orders, strict=True)}


def _entry_cells(
    currency: str, transactions: Sequence[Sequence[Any]], sides: Sequence[Sequence[Side]]
) -> dict[str, Sequence[Any]]:
    accounts, debited, credited = zip(*chain.from_iterable(sides), strict=True)
    owners = list(zip(transactions, sides, strict=True))
    return {
        "jurisdiction_id": [fields[1] for fields, own in owners for _ in own],
        "transaction_id": [fields[0] for fields, own in owners for _ in own],
        "currency": [currency] * len(accounts),
        "position": [position for own in sides for position in range(len(own))],
        "account_id": accounts,
        "debit_minor": debited,
        "credit_minor": credited,
    }


def _sides(movements: Iterable[Movement]) -> list[Side]:
    """The debit and the credit of each movement."""
    return [side for debit, credit, minor in movements for side in ((debit, minor, 0), (credit, 0, minor))]
