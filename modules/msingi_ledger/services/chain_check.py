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
from msingi_ledger.services.paging import pages

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
    """Check the chain of every book, and every transaction, whether and wherever it stands in a chain."""
    report = ChainReport()
    met = anchor is None
    books = work.session.scalars(select(Book.id).order_by(Book.id)).all()
    for book_id in books:
        met |= _check_chain(work, book_id, report, anchor)
    if not met:
        report.add(books[0] if books else UUID(int=0), OTHER_ANCHOR)
    for rows in pages(work, select(*_COLUMNS), Transaction.id):
        sides = _sides(work, [row.id for row in rows])
        for row in rows:
            _check_content(work, row, sides[row.id], report)
    return report


def _check_chain(work: Work, book_id: UUID, report: ChainReport, anchor: str | None) -> bool:
    """Walk along one chain; returns whether the noted link was met."""
    number, previous, met = 0, GENESIS, False
    links = select(Link.id, Link.number, Link.hash, Transaction.mac)
    links = links.join(Transaction, Transaction.id == Link.id).where(Link.book_id == book_id)
    for rows in pages(work, links, Link.number):
        for row in rows:
            if row.number != number + 1:
                report.add(row.id, MISSING_LINK)
            elif not hmac.compare_digest(row.hash, link_hash(previous, row.mac)):
                report.add(row.id, BROKEN_LINK)
            number, previous = row.number, row.hash
            met |= anchor == f"{number}:{previous.hex()}"
        report.links += len(rows)
        report.root = f"{number}:{previous.hex()}"
    return met


def _check_content(work: Work, row: Any, sides: Sequence[Side], report: ChainReport) -> None:
    text = canonical({name: getattr(row, name) for name in TRANSACTION_FIELDS}, sides)
    if not hmac.compare_digest(row.mac, work.platform.keyring.sign(TRANSACTION_KEY, text)):
        report.add(row.id, ALTERED)


def _sides(work: Work, transaction_ids: Sequence[UUID]) -> dict[UUID, list[Side]]:
    lines = select(Entry.transaction_id, Entry.account_id, Entry.debit_minor, Entry.credit_minor)
    lines = lines.where(Entry.transaction_id.in_(transaction_ids)).order_by(
        Entry.transaction_id, Entry.position
    )
    sides: dict[UUID, list[Side]] = defaultdict(list)
    for transaction_id, account_id, debit, credit in work.session.execute(lines):
        sides[transaction_id].append((account_id, debit, credit))
    return sides
