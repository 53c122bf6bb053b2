"""The hash chains computed again: every transaction from its lines, every link from the one before (IN-9)."""

import hmac
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_ledger.models import Book, Entry, Link, Transaction
from msingi_ledger.rules.chain import (
    GENESIS,
    TRANSACTION_FIELDS,
    TRANSACTION_KEY,
    Side,
    canonical,
    link_hash,
)

_AT_ONCE: Final = 2_000
_NAMED_AT_MOST: Final = 100
ALTERED: Final = "this transaction or one of its lines was altered"
BROKEN_LINK: Final = "the hash chain is broken at this transaction"
MISSING_LINK: Final = "links of the hash chain are missing before this transaction"
OTHER_ANCHOR: Final = "the hash chain does not contain the link that was noted"
_COLUMNS: Final = [getattr(Transaction, name) for name in (*TRANSACTION_FIELDS, "mac")]


@dataclass(slots=True)
class ChainReport:
    """Links seen, the hash of the newest, and what is wrong, by the transaction where it shows."""

    links: int = 0
    root: str = ""
    faults: list[tuple[UUID, str]] = field(default_factory=list)

    def add(self, transaction_id: UUID, explanation: str) -> None:
        """Remember a fault, the first hundred of them."""
        if len(self.faults) < _NAMED_AT_MOST:
            self.faults.append((transaction_id, explanation))


def check_chains(work: Work, *, anchor: str | None = None) -> ChainReport:
    """Check the chain of every book, and the transactions that wait for their link."""
    report = ChainReport()
    met = anchor is None
    books = work.session.scalars(select(Book.id).order_by(Book.id)).all()
    for book_id in books:
        met |= _check_chain(work, book_id, report, anchor)
        _check_waiting(work, book_id, report)
    if not met:
        report.add(books[0] if books else UUID(int=0), OTHER_ANCHOR)
    return report


def _check_chain(work: Work, book_id: UUID, report: ChainReport, anchor: str | None) -> bool:
    """Walk along one chain; returns whether the noted link was met."""
    number, previous, met = 0, GENESIS, False
    while rows := _links_after(work, book_id, number):
        sides = _sides(work, [row.id for row in rows])
        for row in rows:
            if row.number != number + 1:
                report.add(row.id, MISSING_LINK)
            elif not hmac.compare_digest(row.hash, link_hash(previous, row.mac)):
                report.add(row.id, BROKEN_LINK)
            _check_content(work, row, sides[row.id], report)
            number, previous = row.number, row.hash
            met |= anchor == f"{number}:{previous.hex()}"
        report.links += len(rows)
        report.root = f"{number}:{previous.hex()}"
    return met


def _check_waiting(work: Work, book_id: UUID, report: ChainReport) -> None:
    waiting = select(*_COLUMNS).outerjoin(Link, Link.id == Transaction.id)
    waiting = waiting.where(Transaction.book_id == book_id, Link.id.is_(None)).order_by(Transaction.id)
    last = UUID(int=0)
    while rows := work.session.execute(waiting.where(Transaction.id > last).limit(_AT_ONCE)).all():
        sides = _sides(work, [row.id for row in rows])
        for row in rows:
            _check_content(work, row, sides[row.id], report)
        last = rows[-1].id


def _check_content(work: Work, row: Any, sides: Sequence[Side], report: ChainReport) -> None:
    text = canonical({name: getattr(row, name) for name in TRANSACTION_FIELDS}, sides)
    if not hmac.compare_digest(row.mac, work.platform.keyring.sign(TRANSACTION_KEY, text)):
        report.add(row.id, ALTERED)


def _links_after(work: Work, book_id: UUID, number: int) -> Sequence[Any]:
    links = select(Link.number, Link.hash, *_COLUMNS).join(Transaction, Transaction.id == Link.id)
    links = links.where(Link.book_id == book_id, Link.number > number).order_by(Link.number)
    return work.session.execute(links.limit(_AT_ONCE)).all()


def _sides(work: Work, transaction_ids: Sequence[UUID]) -> dict[UUID, list[Side]]:
    lines = select(Entry.transaction_id, Entry.account_id, Entry.debit_minor, Entry.credit_minor)
    lines = lines.where(Entry.transaction_id.in_(transaction_ids)).order_by(
        Entry.transaction_id, Entry.position
    )
    sides: dict[UUID, list[Side]] = defaultdict(list)
    for transaction_id, account_id, debit, credit in work.session.execute(lines):
        sides[transaction_id].append((account_id, debit, credit))
    return sides
