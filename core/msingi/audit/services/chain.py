"""Reading the chain: blocks in pages, their leaves and entries in one stream per page, flat in memory."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, exists, func, select

from msingi.audit.models import BLOCKS, ENTRIES, LEAVES
from msingi.audit.rules.checking import SealedEntry
from msingi.audit.rules.hashing import Values

LATE = timedelta(hours=1)
"""How long a transaction may stay open and still have its lines sealed by the next run."""
BLOCK_PAGE = 100
STREAM = {"yield_per": 1000}


def head_block(connection: Connection) -> RowMapping | None:
    """The newest block, or None before the first sealing."""
    newest = select(BLOCKS).order_by(BLOCKS.c.number.desc()).limit(1)
    return connection.execute(newest).mappings().first()


def anchor_of(block: Values) -> str:
    """What to note outside the database: ``number:hash`` of a block."""
    return f"{block['number']}:{block['hash'].hex()}"


def block_pages(connection: Connection) -> Iterator[Sequence[RowMapping]]:
    """All blocks in order, a hundred at a time."""
    after = -1
    page = select(BLOCKS).order_by(BLOCKS.c.number).limit(BLOCK_PAGE)
    while blocks := connection.execute(page.where(BLOCKS.c.number > after)).mappings().all():
        yield blocks
        after = blocks[-1]["number"]


def with_entries(
    connection: Connection, blocks: Sequence[Values]
) -> Iterator[tuple[Values, Iterable[SealedEntry]]]:
    """Each block with its sealed entries, which must be consumed before the next block is asked for."""
    rows = connection.execute(_sealed_rows(blocks), execution_options=STREAM).mappings()
    groups = groupby(rows, key=lambda row: row["leaf_block"])
    number, group = next(groups, (None, iter(())))
    for block in blocks:
        while number is not None and number < block["number"]:
            number, group = next(groups, (None, iter(())))
        yield block, (_sealed_entry(row) for row in group) if number == block["number"] else ()


def unsealed(*, since: datetime | None = None, until: datetime | None = None) -> Select[Any]:
    """A select of the entries in no block, in their order; a stretch of time keeps it cheap."""
    statement = select(ENTRIES).where(~_is_sealed(), *_stretch(since, until))
    return statement.order_by(ENTRIES.c.at, ENTRIES.c.id)


def count_unsealed(connection: Connection, *, since: datetime) -> int:
    """How many entries from that instant on are in no block."""
    statement = select(func.count()).select_from(ENTRIES).where(~_is_sealed(), *_stretch(since, None))
    return connection.execute(statement).scalar_one()


def window_start(head: Values, now: datetime) -> datetime:
    """From where lines may still be unsealed: an hour before the latest sealed line, whatever the clock did (F24)."""
    start: datetime = min(head["sealed_through"], now) - LATE
    return start


def _sealed_rows(blocks: Sequence[Values]) -> Select[Any]:
    leaf = (
        LEAVES.c.block.label("leaf_block"),
        LEAVES.c.position.label("leaf_position"),
        LEAVES.c.id.label("leaf_id"),
        LEAVES.c.digest.label("leaf_digest"),
    )
    return (
        select(*leaf, *ENTRIES.c)
        .select_from(LEAVES.outerjoin(ENTRIES, ENTRIES.c.id == LEAVES.c.id))
        .where(LEAVES.c.block.between(blocks[0]["number"], blocks[-1]["number"]))
        .order_by(LEAVES.c.block, LEAVES.c.position)
    )


def _sealed_entry(row: RowMapping) -> SealedEntry:
    entry = None if row["id"] is None else row
    return SealedEntry(row["leaf_position"], row["leaf_id"], row["leaf_digest"], entry)


def _is_sealed() -> ColumnElement[bool]:
    return exists(select(LEAVES.c.id).where(LEAVES.c.id == ENTRIES.c.id))


def _stretch(since: datetime | None, until: datetime | None) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield ENTRIES.c.at >= since
    if until is not None:
        yield ENTRIES.c.at <= until
