"""Benchmark of posting: single events, a payment run, and the bare copy of the same rows beside it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, select

from msingi.bulk import Cells, insert_cells
from msingi.ids import new_ids
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.trial import small_profile
from msingi_ledger.bench_event import BENEFITS, PAYABLE, VALUATED, payer
from msingi_ledger.models import Entry, Transaction
from msingi_ledger.plugin import plugin
from msingi_ledger.rules.postings import Movement, Posting
from msingi_ledger.services.accounts import open_account, open_accounts
from msingi_ledger.services.posting import post, post_many

_TRANSACTIONS: Final = cast("Table", Transaction.__table__)
_ENTRIES: Final = cast("Table", Entry.__table__)
_FACILITIES: Final = 2_000
_ROUNDS: Final = 3


@plugin.benchmark("ledger_post")
def ledger_post(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Single postings per second; entries per second of a bulk posting of two movements per transaction.

    ``bulk_vs_copy`` is the time of the bulk posting (checks, hashes, balances) divided by that of writing the
    same transactions and entries with nothing but COPY (SQLite: one prepared statement), indexes included.
    """
    events = 100 if quick else 5_000
    with _platform(database_url) as platform:
        desk = _Desk(platform)
        single = _seconds(lambda: desk.post_singly(100))
        bulk = [_seconds(lambda: desk.post_at_once(events)) for _ in range(_ROUNDS)]
        copied = [desk.copy_again(events) for _ in range(_ROUNDS)]
    return {
        "single_per_s": 100 / single,
        "bulk_per_s": 4 * events / median(bulk),
        "bulk_vs_copy": median(bulk) / median(copied),
    }


class _Desk:
    """A country that owes money to its facilities."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._posted = 0
        with platform.work() as work:
            self._place = add_places(work, [NewPlace("CM", "Country")])["CM"]
            self._benefits = open_account(work, BENEFITS, jurisdiction_id=self._place)
            owners = {f"facility-{number}": self._place for number in range(_FACILITIES)}
            self._payable = list(open_accounts(work, PAYABLE, owners).values())

    def post_singly(self, count: int) -> None:
        """Each event in a transaction of its own."""
        for posting in self._postings(count):
            with self._platform.work() as work:
                post(work, posting)

    def post_at_once(self, count: int) -> None:
        """All of them in one transaction."""
        with self._platform.work() as work:
            post_many(work, self._postings(count))

    def copy_again(self, count: int) -> float:
        """Seconds to write the newest transactions and their entries once more, under other ids, and undo it."""
        with self._platform.database.write.connect() as connection, connection.begin() as begun:
            transactions = _newest(connection, _TRANSACTIONS, count)
            entries = _newest(connection, _ENTRIES, 4 * count)
            renamed = dict(zip(transactions["id"], new_ids(count), strict=True))
            transactions["id"] = list(renamed.values())
            transactions["key"] = [f"copy of {key}" for key in transactions["key"]]
            entries["id"] = new_ids(4 * count)
            entries["transaction_id"] = [renamed[known] for known in entries["transaction_id"]]
            took = _seconds(lambda: _insert(connection, transactions, entries))
            begun.rollback()
        return took

    def _postings(self, count: int) -> list[Posting]:
        first = self._posted
        self._posted += count
        return [self._posting(number) for number in range(first, first + count)]

    def _posting(self, number: int) -> Posting:
        payable = self._payable
        movements = (
            Movement(self._benefits, payable[number % _FACILITIES], 1_500),
            Movement(self._benefits, payable[number * 7 % _FACILITIES], 2_500),
        )
        return Posting(VALUATED.name, f"claim-{number}", self._place, self._platform.today(), movements)


def _newest(connection: Connection, table: Table, count: int) -> dict[str, list[Any]]:
    rows = connection.execute(select(table).order_by(table.c.id.desc()).limit(count)).all()
    return {name: list(values) for name, values in zip(table.c.keys(), zip(*rows, strict=True), strict=True)}


def _insert(connection: Connection, transactions: Cells, entries: Cells) -> None:
    insert_cells(connection, _TRANSACTIONS, transactions)
    insert_cells(connection, _ENTRIES, entries)


def _seconds(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


@contextmanager
def _platform(database_url: str | None) -> Iterator[Platform]:
    """A platform with the ledger and a plugin that posts, on the given database or on a file that is removed."""
    with tempfile.TemporaryDirectory(prefix="msingi-bench-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'ledger.db'}"
        profile = small_profile(
            database={"url": url, "synchronous": "NORMAL"}, modules=[plugin.name, payer.name]
        )
        platform = Platform(profile, plugins=[plugin, payer])
        upgrade(platform)
        try:
            yield platform
        finally:
            platform.close()
