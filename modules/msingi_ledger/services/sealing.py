"""Sealing: transactions join the hash chain of their book soon after they were posted (IN-9).

A chain that every posting had to extend would let only one posting of the country run at a time; a job extends
it for all of them. Until then the keyed hash of the transaction itself protects it.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from msingi.bulk import write_rows
from msingi.work import Work
from msingi_ledger.models import Book, Link, Transaction
from msingi_ledger.rules.chain import GENESIS, link_hash

LONGEST_WORK: Final = timedelta(hours=1)
"""A transaction that commits later than this after it was posted is found by the daily run only."""
_AT_ONCE: Final = 20_000


def seal(work: Work, *, everything: bool = False) -> int:
    """Extend every chain by the transactions that are in none; returns how many.

    ``everything`` looks through the whole ledger instead of what was posted since the hour before the last link.
    """
    with work.everywhere():
        locked = select(Book.id).order_by(Book.id).with_for_update(key_share=True)
        return sum(
            _seal_book(work, book_id, everything=everything) for book_id in work.session.scalars(locked).all()
        )


def _seal_book(work: Work, book_id: UUID, *, everything: bool) -> int:
    last = work.session.execute(
        select(Link.number, Link.hash, Transaction.recorded_at)
        .join(Transaction, Transaction.id == Link.id)
        .where(Link.book_id == book_id)
        .order_by(Link.number.desc())
        .limit(1)
    ).one_or_none()
    number, previous = (0, GENESIS) if last is None else (last.number, last.hash)
    waiting = unsealed(book_id).order_by(Transaction.id).limit(_AT_ONCE)
    if last is not None and not everything:
        waiting = waiting.where(Transaction.recorded_at >= last.recorded_at - LONGEST_WORK)
    sealed = 0
    while rows := work.session.execute(waiting).all():
        links = []
        for transaction_id, mac in rows:
            number, previous = number + 1, link_hash(previous, mac)
            links.append((transaction_id, book_id, number, previous))
        write_rows(work, Link, ("id", "book_id", "number", "hash"), links)
        sealed += len(links)
    return sealed


def unsealed(book_id: UUID) -> Select[UUID, bytes]:
    """The transactions of a book that are in no chain yet: id and keyed hash."""
    return (
        select(Transaction.id, Transaction.mac)
        .outerjoin(Link, Link.id == Transaction.id)
        .where(Transaction.book_id == book_id, Link.id.is_(None))
    )
