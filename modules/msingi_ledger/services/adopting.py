"""Keyed hashes for the rows of an older release, which have none, in parts that postings hardly wait for (IN-9)."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from msingi.bulk import Recording, Rows, change_rows
from msingi.platform import Platform
from msingi.transact import transact
from msingi.work import Work
from msingi_ledger.models import Account, Book, Hold
from msingi_ledger.rules.records import ACCOUNT, BOOK, HOLD, HOLDS, NO_HOLDS, Bound, changed_sum
from msingi_ledger.services.records import mac_of, mac_of_row

_AT_ONCE: Final = 2_000
_Hashing = Callable[[Work, Sequence[Any]], Rows]
"""The ids of rows and what they are given."""


def adopt(platform: Platform) -> int:
    """Give the rows of an older release, which have none, their keyed hashes; returns how many there were.

    Only a person may ask for it: a hash that somebody took away would otherwise come back over what was altered.
    Each part is a work of its own: what was done stays done when the rest is broken off, and asking again goes on.
    """
    bound = ((Book, BOOK), (Account, ACCOUNT), (Hold, HOLD))
    adopted = sum(_adopt_rows(platform, model, kind) for model, kind in bound)
    # Last: the sum of an account is made of what all of its holds bear.
    waiting = select(Account.id).where(Account.holds_mac.is_(None))
    _in_parts(platform, Account, waiting, ("holds_sum", "holds_mac"), _sums)
    return adopted


def _adopt_rows(platform: Platform, model: type[Book | Account | Hold], bound: Bound) -> int:
    def hashes(work: Work, rows: Sequence[Any]) -> Rows:
        return [(row.id, mac_of_row(work, bound, row)) for row in rows]

    waiting = select(*(getattr(model, name) for name in bound.fields)).where(model.mac.is_(None))
    return _in_parts(platform, model, waiting, ("mac",), hashes)


def _in_parts(
    platform: Platform,
    model: type[Book | Account | Hold],
    waiting: Select[*tuple[Any, ...]],
    columns: Sequence[str],
    hashing: _Hashing,
) -> int:
    """Give every row that waits its values of these columns; returns how many waited."""
    adopted, some = 0, waiting.order_by(model.id).limit(_AT_ONCE)
    part = partial(_one_part, platform, model, columns=columns, hashing=hashing)
    while ids := transact(partial(part, some)):
        adopted += len(ids)
        some = some.where(model.id > ids[-1])
    return adopted


def _one_part(
    platform: Platform,
    model: type[Book | Account | Hold],
    some: Select[*tuple[Any, ...]],
    *,
    columns: Sequence[str],
    hashing: _Hashing,
) -> Sequence[UUID]:
    with platform.work() as work, work.everywhere():
        # Nobody posts or holds meanwhile: both share the book.
        work.session.scalars(select(Book.id).order_by(Book.id).with_for_update()).all()
        rows = work.session.execute(some).all()
        change_rows(work, model, ("id",), columns, hashing(work, rows), recording=Recording.PER_ROW)
    return [row.id for row in rows]


def _sums(work: Work, accounts: Sequence[Any]) -> Rows:
    totals = _sums_of_holds(work, (row.id for row in accounts))
    return [(one, total, mac_of(work, HOLDS, [one, total])) for one, total in totals.items()]


def _sums_of_holds(work: Work, account_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The sums of the keyed hashes that the holds of accounts bear."""
    totals = dict.fromkeys(account_ids, NO_HOLDS)
    holds = select(Hold.account_id, Hold.mac).where(Hold.account_id.in_(totals))
    for account_id, mac in work.session.execute(holds):
        totals[account_id] = changed_sum(totals[account_id], come=filter(None, [mac]))
    return totals
