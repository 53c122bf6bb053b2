"""Verify the whole trail and name the first place where it does not hold (attack 94, I5, F12)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, exists, select

from msingi.audit.models import BLOCKS, ENTRIES, LEAVES
from msingi.audit.rules.checking import (
    BrokenLink,
    Fault,
    Link,
    SealedEntry,
    check_leaves,
    check_link,
    is_authentic,
)
from msingi.audit.rules.hashing import Signer, Values
from msingi.audit.services.chain import (
    LATE,
    STREAM,
    anchor_of,
    block_pages,
    unsealed,
    with_entries,
)
from msingi.audit.services.sealing import BLOCK_KEY
from msingi.audit.trail import ENTRY_KEY
from msingi.kernel.models import Installation
from msingi.work import Work

OVERDUE = LATE + timedelta(days=1)
"""A line so far behind the sealed ones was not written by a transaction: the daily sweep would have sealed it."""
_MOST_DIGITS = 10
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The outcome: whether the trail holds, what was looked at, and the first broken link.

    ``anchor`` names the newest block; noted outside the database it shows later that nothing was cut off.
    """

    intact: bool
    blocks: int
    entries: int
    unsealed: int
    faults: int
    first_broken: BrokenLink | None
    anchor: str | None


@dataclass(slots=True)
class _Count:
    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    anchor: str | None = None
    sealed_through: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Keys:
    entry: Signer
    block: Signer


def verify(work: Work, *, anchor: str | None = None) -> VerifyReport:
    """Check every line, leaf and block; ``anchor`` is ``number:hash`` of a block noted earlier elsewhere.

    Reads through the whole trail over all jurisdictions, in streams of flat memory.
    """
    count = _Count()
    first: BrokenLink | None = None
    faults = 0
    for link in _faults(work, count, anchor):
        first = first or link
        faults += 1
    return VerifyReport(not faults, count.blocks, count.entries, count.unsealed, faults, first, count.anchor)


def _faults(work: Work, count: _Count, anchor: str | None) -> Iterator[BrokenLink]:
    connection = work.session.connection()
    keys = _Keys(partial(work.keyring.sign, ENTRY_KEY), partial(work.keyring.sign, BLOCK_KEY))
    yield from _chain_faults(connection, keys, count)
    yield from _stray_leaves(connection)
    yield from _unsealed_faults(connection, keys.entry, count)
    if not count.blocks and not count.unsealed and connection.execute(select(Installation.id)).first():
        yield BrokenLink(Fault.TRAIL_EMPTIED)
    if anchor is not None:
        yield from _anchor_faults(connection, anchor)


def _chain_faults(connection: Connection, keys: _Keys, count: _Count) -> Iterator[BrokenLink]:
    previous = Link()
    try:
        for blocks in block_pages(connection):
            yield from _page_faults(connection, blocks, previous, keys, count)
            previous = Link(blocks[-1]["number"], blocks[-1]["hash"])
    except _UNREADABLE:
        yield BrokenLink(Fault.BLOCK_ALTERED, previous.number + 1)


def _page_faults(
    connection: Connection, blocks: Sequence[Values], previous: Link, keys: _Keys, count: _Count
) -> Iterator[BrokenLink]:
    try:
        for block, leaves in with_entries(connection, blocks):
            yield from check_link(block, previous, keys.block)
            yield from check_leaves(block, _counted(leaves, count), keys.entry)
            previous = Link(block["number"], block["hash"])
            count.blocks += 1
            count.anchor, count.sealed_through = anchor_of(block), block["sealed_through"]
    except _UNREADABLE:
        yield _unreadable_leaf(connection, blocks)


def _counted(leaves: Iterable[SealedEntry], count: _Count) -> Iterator[SealedEntry]:
    for leaf in leaves:
        count.entries += leaf.entry is not None
        yield leaf


def _stray_leaves(connection: Connection) -> Iterator[BrokenLink]:
    block_is_there = exists(select(BLOCKS.c.id).where(BLOCKS.c.number == LEAVES.c.block))
    stray = select(LEAVES).where(~block_is_there).order_by(LEAVES.c.block, LEAVES.c.position).limit(1)
    for leaf in connection.execute(stray).mappings():
        yield BrokenLink(Fault.LEAF_WITHOUT_BLOCK, leaf["block"], leaf["position"], leaf["id"])


def _unsealed_faults(connection: Connection, sign: Signer, count: _Count) -> Iterator[BrokenLink]:
    try:
        for entry in connection.execute(unsealed(), execution_options=STREAM).mappings():
            count.unsealed += 1
            if not is_authentic(entry, sign):
                yield BrokenLink(Fault.ENTRY_FORGED, entry_id=entry["id"])
            elif count.sealed_through is not None and entry["at"] < count.sealed_through - OVERDUE:
                yield BrokenLink(Fault.ENTRY_OVERDUE, entry_id=entry["id"])
    except _UNREADABLE:
        ids = connection.execute(unsealed().with_only_columns(ENTRIES.c.id)).scalars()
        yield BrokenLink(Fault.ENTRY_UNREADABLE, entry_id=_first_unreadable(connection, ENTRIES, ids))


def _anchor_faults(connection: Connection, anchor: str) -> Iterator[BrokenLink]:
    digits = anchor.partition(":")[0]
    number = int(digits) if digits.isdecimal() and len(digits) < _MOST_DIGITS else None
    block = connection.execute(select(BLOCKS).where(BLOCKS.c.number == number)).mappings().first()
    if block is None or anchor_of(block) != anchor:
        yield BrokenLink(Fault.ANCHOR_LOST, number)


def _unreadable_leaf(connection: Connection, blocks: Sequence[Values]) -> BrokenLink:
    bounds = LEAVES.c.block.between(blocks[0]["number"], blocks[-1]["number"])
    statement = select(LEAVES.c.id).where(bounds).order_by(LEAVES.c.block, LEAVES.c.position)
    found = _first_unreadable(connection, ENTRIES, connection.execute(statement).scalars())
    leaf = connection.execute(select(LEAVES).where(LEAVES.c.id == found)).mappings().first()
    if leaf is None:
        return BrokenLink(Fault.LEAF_ALTERED, blocks[0]["number"])
    return BrokenLink(Fault.ENTRY_UNREADABLE, leaf["block"], leaf["position"], leaf["id"])


def _first_unreadable(connection: Connection, table: Table, ids: Iterable[UUID]) -> UUID | None:
    statement: Any = select(table)
    for record_id in ids:
        try:
            connection.execute(statement.where(table.c.id == record_id)).first()
        except _UNREADABLE:
            return record_id
    return None
