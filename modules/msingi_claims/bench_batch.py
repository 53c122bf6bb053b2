"""Benchmark of a batch: thousands of claims submitted together, beside a bare insert of the rows they leave."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Table, select

from msingi.bench.processes import backends, cpu_seconds, peak_mb, reset_peak
from msingi.bulk import insert_cells
from msingi.cli.memory import settle_memory
from msingi.ids import new_id, new_ids
from msingi.platform import Platform
from msingi.statement_count import begin_count, watch_statements
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision, ConsumptionEntry
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Channel
from msingi_claims.peer.country import FAMILIES, PeerCountry
from msingi_claims.peer.operations import Drawing
from msingi_claims.peer.site import QUICK_SHARE, peer_installation
from msingi_claims.plugin import plugin
from msingi_claims.services.drafts import ClaimDraft
from msingi_claims.services.entry import enter_claims
from msingi_claims.services.submission import submit_claims

CLAIMS: Final = 100_000
_SCALE: Final = 10
"""Times the families of the peer workload, so that a hundred thousand claims are no crowd."""
_PART: Final = 1_000
_QUICK: Final = 100


@plugin.benchmark("claims_batch")
def claims_batch(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Submit 100,000 claims of five lines in parts of a thousand, each part one transaction; quick: one part of 100.

    Read, checked, adjudicated, booked into the consumption ledger, kept with every step, and audited; entering them
    is not measured. ``vs_bulk_insert`` is the time of one part divided by that of writing the claims, lines, ledger
    rows and decisions of a part with nothing but the bulk insert of the engine, indexes included. ``statements``
    counts all of them; ``peak_mb`` is the memory of the process that decides, with PostgreSQL beside it.
    """
    amount, size = (_QUICK, _QUICK) if quick else (CLAIMS, _PART)
    families = FAMILIES // QUICK_SHARE if quick else FAMILIES * _SCALE
    with peer_installation(database_url, families=families, claims=12) as (installed, country):
        platform = installed.platform
        parts = list(_entered(platform, country, amount, size))
        watch_statements(platform.database.read)
        settle_memory()  # as a worker does once it is ready: what was made to fill the database is not looked through
        count, pids = begin_count(), {os.getpid()} | backends(platform)
        reset_peak()
        used, started = cpu_seconds(pids), time.perf_counter()
        for part in parts:
            with platform.work() as work:
                submit_claims(work, part)
        wall, used = time.perf_counter() - started, cpu_seconds(pids) - used
        statements, peak = count.statements, peak_mb()
        bare = min(_bare_insert(platform, part) for part in parts[-3:])
    return {
        "claims": float(amount),
        "claims_per_s": amount / wall,
        "cpu_ms_per_claim": 1000 * used / amount,
        "statements": float(statements),
        "vs_bulk_insert": wall / len(parts) / bare,
        "peak_mb": peak,
    }


def _entered(platform: Platform, country: PeerCountry, amount: int, size: int) -> Iterator[list[UUID]]:
    """Claims that wait for their submission, part by part."""
    drawing = Drawing(country, seed=23)
    for _ in range(amount // size):
        drafts = [ClaimDraft.model_validate(drawing.draft()) for _ in range(size)]
        with platform.work() as work:
            yield list(enter_claims(work, drafts, channel=Channel.API).ids.values())


def _bare_insert(platform: Platform, part: Sequence[UUID]) -> float:
    """Seconds to write the rows of these claims once more, under other ids, and undo it."""
    with platform.database.write.connect() as connection, connection.begin() as begun:
        rows = _rows_again(connection, part)
        started = time.perf_counter()
        for table, cells in rows:
            insert_cells(connection, table, cells)
        took = time.perf_counter() - started
        begun.rollback()
    return took


def _rows_again(connection: Connection, part: Sequence[UUID]) -> list[tuple[Table, Mapping[str, list[Any]]]]:
    claims = _cells(connection, _table(Claim), "id", part)
    other = dict(zip(claims["id"], new_ids(len(claims["id"])), strict=True))
    claims |= {"id": list(other.values()), "code": [new_id().hex for _ in other]}
    lines = _cells(connection, _table(ClaimLine), "claim_id", part)
    renamed = dict(zip(lines["id"], new_ids(len(lines["id"])), strict=True))
    lines |= {"id": list(renamed.values()), "claim_id": [other[known] for known in lines["claim_id"]]}
    written: list[tuple[Table, Mapping[str, list[Any]]]] = [
        (_table(Claim), claims),
        (_table(ClaimLine), lines),
    ]
    for model in (ConsumptionEntry, ClaimDecision):
        cells = _cells(connection, _table(model), "claim_id", part)
        cells |= {"id": new_ids(len(cells["id"])), "claim_id": [other[known] for known in cells["claim_id"]]}
        if "line_id" in cells:
            cells["line_id"] = [renamed[known] for known in cells["line_id"]]
        written.append((_table(model), cells))
    return written


def _cells(connection: Connection, table: Table, key: str, part: Sequence[UUID]) -> dict[str, list[Any]]:
    rows = connection.execute(select(table).where(table.c[key].in_(part))).all()
    columns = zip(*rows, strict=True) if rows else ([] for _ in table.c)
    return {name: list(values) for name, values in zip(table.c.keys(), columns, strict=True)}


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
