"""Keyed hashes of accounts, books and holds: who changes such a row beside the platform cannot make them (IN-9).

A hash is made anew only for a row whose present one is right: what was altered stays told, whatever happens after.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.bulk import Recording, change_rows
from msingi.work import Work
from msingi_ledger.models import Account, Book, Hold
from msingi_ledger.rules.records import HOLD, HOLDS, NO_HOLDS, Bound, changed_sum, text_of


def mac_of(work: Work, bound: Bound, values: Sequence[Any]) -> bytes:
    """The keyed hash of values that stand in the order of the fields."""
    return work.platform.keyring.sign(bound.purpose, text_of(values))


def mac_of_row(work: Work, bound: Bound, row: Any) -> bytes:
    """The keyed hash of a row as it stands."""
    return mac_of(work, bound, [getattr(row, name) for name in bound.fields])


def is_intact(work: Work, bound: Bound, row: Any, mac: bytes | None) -> bool:
    """Whether a row is what its keyed hash was made of."""
    return mac is not None and hmac.compare_digest(mac, mac_of_row(work, bound, row))


@contextmanager
def changing(work: Work, bound: Bound, *rows: Book | Hold) -> Iterator[None]:
    """Give rows that change inside the block a new keyed hash, if the one that they had was right."""
    intact = [row for row in rows if is_intact(work, bound, row, row.mac)]
    yield
    for row in intact:
        row.mac = mac_of_row(work, bound, row)


@contextmanager
def changing_holds(work: Work, *holds: Hold) -> Iterator[None]:
    """The same for holds, and for the sums of their accounts, which this work has locked."""
    before = {held.id: held.mac for held in holds}
    with changing(work, HOLD, *holds):
        yield
    gone, come = defaultdict[UUID, list[bytes]](list), defaultdict[UUID, list[bytes]](list)
    for held in holds:
        gone[held.account_id] += filter(None, [before[held.id]])
        come[held.account_id] += filter(None, [held.mac])
    _change_sums(work, gone, come)


def add_to_holds(work: Work, held: Hold) -> None:
    """Give a new hold its keyed hash, and its account, which this work has locked, the sum with it."""
    held.mac = mac_of_row(work, HOLD, held)
    _change_sums(work, {held.account_id: []}, {held.account_id: [held.mac]})


def no_holds(work: Work, account_id: UUID) -> tuple[bytes, bytes]:
    """The sum of a new account and its keyed hash."""
    return NO_HOLDS, mac_of(work, HOLDS, [account_id, NO_HOLDS])


def _change_sums(work: Work, gone: dict[UUID, list[bytes]], come: dict[UUID, list[bytes]]) -> None:
    sums = select(Account.id, Account.holds_sum, Account.holds_mac).where(Account.id.in_(gone))
    rows = []
    for row in work.session.execute(sums):
        if is_intact(work, HOLDS, row, row.holds_mac):
            total = changed_sum(row.holds_sum, gone=gone[row.id], come=come[row.id])
            rows.append((row.id, total, mac_of(work, HOLDS, [row.id, total])))
    columns = ("holds_sum", "holds_mac")
    change_rows(work, Account, ("id",), columns, rows, recording=Recording.BY_CALLER, locked=True)
