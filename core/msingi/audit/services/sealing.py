"""Seal lines into blocks: set-wise, one sealer at a time, nothing skipped that commits late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from msingi.audit.models import BLOCKS, LEAVES
from msingi.audit.rules.hashing import NO_HASH, Values, block_hash, entry_text, leaf_hash
from msingi.audit.rules.merkle import merkle_root
from msingi.audit.services.chain import head_block, unsealed, window_start
from msingi.ids import new_id
from msingi.work import Work

BLOCK_SIZE = 10_000
MOST_BLOCKS = 20
SAFETY = timedelta(seconds=10)
"""Lines younger than this wait for the next run, so that most late commits keep their place in time."""
BLOCK_KEY = "audit.block"
"""Purpose of the keyed hash of blocks."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SealReport:
    """What one run sealed."""

    blocks: int
    entries: int


def seal(
    work: Work,
    *,
    block_size: int = BLOCK_SIZE,
    most_blocks: int = MOST_BLOCKS,
    everything: bool = False,
    safety: timedelta = SAFETY,
) -> SealReport:
    """Seal the lines that are in no block yet, older than ten seconds, in the order of (at, id).

    A run looks back one hour behind the latest sealed line; ``everything`` looks through the whole trail, for
    transactions that stayed open longer. Two sealers take turns on the row of block 0; should they meet all the
    same, the unique block number lets one win and undoes the other.
    """
    _take_turn(work)
    blocks = entries = 0
    while blocks < most_blocks:
        sealed = _seal_one(work, block_size, everything=everything, safety=safety)
        entries += sealed
        blocks += bool(sealed)
        if sealed < block_size:
            break
    return SealReport(blocks, entries)


def _take_turn(work: Work) -> None:
    connection = work.session.connection()
    first = select(BLOCKS.c.number).where(BLOCKS.c.number == 0).with_for_update()
    if connection.execute(first).first() is not None:
        return
    try:
        with work.session.begin_nested():
            work.session.connection().execute(insert(BLOCKS), _block(work, None, [], []))
    except IntegrityError:
        connection.execute(first)


def _seal_one(work: Work, size: int, *, everything: bool, safety: timedelta) -> int:
    connection = work.session.connection()
    head = head_block(connection)
    now = work.now()
    since = None if everything or head is None else window_start(head, now)
    rows = connection.execute(unsealed(since=since, until=now - safety).limit(size)).mappings().all()
    if not rows:
        return 0
    digests = [leaf_hash(entry_text(row), row["mac"]) for row in rows]
    block = _block(work, head, rows, digests)
    connection.execute(insert(BLOCKS), block)
    connection.execute(insert(LEAVES), _leaves(block["number"], rows, digests))
    return len(rows)


def _leaves(number: int, rows: Sequence[RowMapping], digests: Sequence[bytes]) -> list[dict[str, Any]]:
    return [
        {"id": row["id"], "block": number, "position": position, "digest": digest}
        for position, (row, digest) in enumerate(zip(rows, digests, strict=True))
    ]


def _block(
    work: Work, head: Values | None, rows: Sequence[RowMapping], digests: Sequence[bytes]
) -> dict[str, Any]:
    block: dict[str, Any] = {
        "id": new_id(),
        "number": head["number"] + 1 if head else 0,
        "first_entry": rows[0]["id"] if rows else None,
        "last_entry": rows[-1]["id"] if rows else None,
        "count": len(rows),
        "merkle_root": merkle_root(digests),
        "previous_hash": head["hash"] if head else NO_HASH,
        "sealed_through": max(head["sealed_through"], rows[-1]["at"]) if head and rows else _EPOCH,
        "sealed_at": work.now().astimezone(UTC),
    }
    block["hash"] = block_hash(block)
    block["mac"] = work.keyring.sign(BLOCK_KEY, block["hash"])
    return block
