"""Keyed hashes of accounts, books and holds: who changes such a row beside the platform cannot make them (IN-9).

A hash is made anew only for a row whose present one is right: what was altered stays told, whatever happens after.
"""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from msingi.bulk import Recording, change_rows
from msingi.work import Work
from msingi_ledger.models import Account, Book, Hold
from msingi_ledger.rules.records import ACCOUNT, BOOK, HOLD, HOLDS, NO_HOLDS, Bound, changed_sum, text_of

_AT_ONCE: Final = 2_000


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


def adopt(work: Work) -> int:
    """Give the rows of an older release, which have none, their keyed hashes; returns how many there were.

    Only a person may ask for it: a hash that somebody took away would otherwise come back over what was altered.
    """
    with work.everywhere():
        work.session.scalars(select(Book.id).order_by(Book.id).with_for_update()).all()
        bound = ((Book, BOOK), (Account, ACCOUNT), (Hold, HOLD))
        adopted = sum(_adopt_rows(work, model, kind) for model, kind in bound)
        _adopt_sums(work)
    return adopted


def _adopt_rows(work: Work, model: type[Book | Account | Hold], bound: Bound) -> int:
    columns = [getattr(model, name) for name in bound.fields]
    waiting = select(*columns).where(model.mac.is_(None)).order_by(model.id).limit(_AT_ONCE)
    adopted = 0
    while rows := work.session.execute(waiting).all():
        values = [(row.id, mac_of(work, bound, row)) for row in rows]
        adopted += change_rows(work, model, ("id",), ("mac",), values, recording=Recording.PER_ROW)
    return adopted


def _adopt_sums(work: Work) -> None:
    waiting = select(Account.id).where(Account.holds_mac.is_(None)).order_by(Account.id).limit(_AT_ONCE)
    columns = ("holds_sum", "holds_mac")
    while ids := work.session.scalars(waiting).all():
        totals = sums_of_holds(work, ids)
        rows = [(one, totals[one], mac_of(work, HOLDS, [one, totals[one]])) for one in ids]
        change_rows(work, Account, ("id",), columns, rows, recording=Recording.PER_ROW)


def sums_of_holds(work: Work, account_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The sums of the keyed hashes that the holds of accounts bear."""
    totals = dict.fromkeys(account_ids, NO_HOLDS)
    holds = select(Hold.account_id, Hold.mac).where(Hold.account_id.in_(totals))
    for account_id, mac in work.session.execute(holds):
        totals[account_id] = changed_sum(totals[account_id], come=filter(None, [mac]))
    return totals
