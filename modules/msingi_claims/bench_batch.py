"""Benchmark of a batch: thousands of claims submitted together, beside a bare insert of the rows they leave."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from multiprocessing import dummy, get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from typing import Any, Final, NamedTuple
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
from msingi_claims.peer.country import FAMILIES, MEMBERS, PeerCountry
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
_WORKERS: Final = 2
"""Processes that decide on PostgreSQL; the writers of an SQLite file take turns."""


@plugin.benchmark("claims_batch")
def claims_batch(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Submit 100,000 claims of five lines in parts of a thousand, each part one transaction; quick: one part of 100.

    Read, checked, adjudicated, booked into the consumption ledger, kept with every step, and audited; entering them
    is not measured. On PostgreSQL two processes share the parts, as two workers do with those of two districts: no
    family stands in the parts of both, for it would let one wait for the other. An SQLite file has one writer.
    ``vs_bulk_insert`` is the time of one part in one process divided by that of writing the claims, lines, ledger rows
    and decisions of a part with nothing but the bulk insert of the engine, indexes included. ``statements`` counts all
    of them; ``peak_mb`` is the memory of one process that decides, with PostgreSQL beside it.
    """
    amount, size = (_QUICK, _QUICK) if quick else (CLAIMS, _PART)
    families = FAMILIES // QUICK_SHARE if quick else FAMILIES * _SCALE
    with peer_installation(database_url, families=families, claims=12) as (installed, country):
        platform = installed.platform
        processes = 1 if quick or platform.database.is_sqlite else _WORKERS
        shares = [
            list(_entered(platform, district, amount // processes, size))
            for district in _districts(country, processes)
        ]
        ran = _run(platform, shares, quick=quick)
        bare = min(_bare_insert(platform, part) for part in shares[-1][-3:])
    return {
        "claims": float(amount),
        "processes": float(processes),
        "claims_per_s": amount / ran.wall,
        "cpu_ms_per_claim": 1000 * ran.used / amount,
        "statements": float(ran.statements),
        "vs_bulk_insert": ran.wall / len(shares[0]) / bare,
        "peak_mb": ran.peak,
    }


_Parts = Sequence[Sequence[UUID]]
"""Claims of one process, part by part."""


class _Ran(NamedTuple):
    """What it cost to decide all parts: seconds, processor seconds, statements, and megabytes of the largest process."""

    wall: float
    used: float
    statements: int
    peak: float


def _run(platform: Platform, shares: Sequence[_Parts], *, quick: bool) -> _Ran:
    """Let a process decide each share, as workers do: forked, connected, and beginning together.

    A smoke run, whose figures nobody reads, has a thread of this process instead.
    """
    forked: Any = dummy if quick else get_context("fork")
    platform.database.dispose()
    begin = forked.Barrier(len(shares) + 1)
    pipes = [forked.Pipe() for _ in shares]
    workers = [
        forked.Process(target=_decide, args=(platform, parts, begin, answer))
        for parts, (_, answer) in zip(shares, pipes, strict=True)
    ]
    for worker in workers:
        worker.start()
    pids = {os.getpid()} if quick else {worker.pid for worker in workers}
    begin.wait()
    used, started = cpu_seconds(pids | backends(platform)), time.perf_counter()
    told = [ours.recv() for ours, _ in pipes]
    wall, used = time.perf_counter() - started, cpu_seconds(pids | backends(platform)) - used
    begin.wait()
    for worker in workers:
        worker.join()
    statements, peaks = zip(*told, strict=True)
    return _Ran(wall, used, sum(statements), max(peaks))


def _decide(platform: Platform, parts: _Parts, begin: Barrier, answer: Pipe) -> None:
    """The work of one process; it stays until its processor time was read."""
    with platform.work(writes=False) as work:
        work.session.connection()
    watch_statements(platform.database.read)
    settle_memory()  # as a worker does once it is ready: what was made to fill the database is not looked through
    count = begin_count()
    reset_peak()
    begin.wait()
    for part in parts:
        with platform.work() as work:
            submit_claims(work, part)
    answer.send((count.statements, peak_mb()))
    begin.wait()


def _districts(country: PeerCountry, amount: int) -> Iterator[PeerCountry]:
    """The country as districts whose families stand apart; all send their patients to its hospital."""
    families = len(country.insured) // MEMBERS
    for number in range(amount):
        first, end = (MEMBERS * (families * at // amount) for at in (number, number + 1))
        yield replace(country, insured=country.insured[first:end])


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
