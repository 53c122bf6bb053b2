"""Accounts: opened on first use, locked in one order, summed from their lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from msingi.bulk import Recording, write_rows
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.money import Money
from msingi.work import Work
from msingi_ledger.errors import UnknownKind
from msingi_ledger.models import Account, Book, Entry
from msingi_ledger.rules.balances import Standing
from msingi_ledger.rules.chart import AccountKind
from msingi_ledger.rules.records import ACCOUNT
from msingi_ledger.services.books import open_book
from msingi_ledger.services.charts import chart_of
from msingi_ledger.services.records import mac_of, no_holds

_AT_ONCE: Final = 5_000
"""Keys of one statement: SQLite takes at most 32,766 parameters."""
_LOCKED: Final = (
    select(
        *(Account.id, Account.code, Account.account_class, Account.bounded),
        *(Account.posted_minor, Account.held_minor),
    )
    .where(Account.book_id == bindparam("book"), Account.id.in_(bindparam("ids", expanding=True)))
    .order_by(Account.id)
    .with_for_update()
)


def open_account(work: Work, kind: AccountKind, *, jurisdiction_id: UUID, owner: str = "") -> UUID:
    """The account of an owner, opened when there is none; returns its id.

    Raises:
        UnknownKind: no posting template uses this kind.

    """
    return open_accounts(work, kind, {owner: jurisdiction_id})[owner]


def open_accounts(work: Work, kind: AccountKind, owners: Mapping[str, UUID]) -> dict[str, UUID]:
    """The accounts of many owners, given with their places; those that are missing are opened at once."""
    if chart_of(work).kinds.get(kind.code) != kind:
        raise UnknownKind(account=kind.code)
    with work.everywhere():
        book = open_book(work)
        found = find_accounts(work, kind, owners)
        missing = {owner: new_id() for owner in owners if owner not in found}
        rows = [_row(work, row_id, owners[owner], book, kind, owner) for owner, row_id in missing.items()]
        columns = (*ACCOUNT.fields, "mac", "holds_sum", "holds_mac")
        write_rows(work, Account, columns, rows, recording=Recording.PER_ROW)
    return found | missing


def _row(work: Work, row_id: UUID, place: UUID, book: Book, kind: AccountKind, owner: str) -> Sequence[Any]:
    """In the order of the fields that the keyed hash covers; then the hashes."""
    values = (row_id, place, book.id, book.currency, kind.code, owner, kind.account_class, kind.bounded)
    return (*values, mac_of(work, ACCOUNT, values), *no_holds(work, row_id))


def find_accounts(work: Work, kind: AccountKind, owners: Iterable[str]) -> dict[str, UUID]:
    """The ids of the accounts that exist, by owner."""
    wanted, found = list(dict.fromkeys(owners)), dict[str, UUID]()
    with work.everywhere():
        for start in range(0, len(wanted), _AT_ONCE):
            of_kind = select(Account.owner, Account.id).join(Book, Book.id == Account.book_id)
            of_kind = of_kind.where(
                Book.currency == work.platform.profile.currency,
                Account.code == kind.code,
                Account.owner.in_(wanted[start : start + _AT_ONCE]),
            )
            found |= dict(work.session.execute(of_kind).all())
    return found


def lock_accounts(work: Work, book: Book, ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Lock accounts in the order of their ids, so that two works never wait for each other (F40).

    What is read under the lock is the balance: it changes only in the transaction that adds the lines, under this
    same lock, and ``verify`` proves the two equal (IN-8).

    Raises:
        NotFound: an account does not exist in this book.

    """
    wanted = sorted(set(ids))
    standings: dict[UUID, Standing] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = {"book": book.id, "ids": wanted[start : start + _AT_ONCE]}
        for row in work.session.execute(_LOCKED, some):
            standings[row.id] = Standing(*row)
    if len(standings) != len(wanted):
        raise NotFound(type="Account")
    return standings


def balance_of(work: Work, account_id: UUID) -> Money:
    """The balance on the account's normal side, as the sum of its lines (IN-8).

    Raises:
        NotFound: it does not exist or lies outside the scope.

    """
    account = work.get(Account, account_id)
    net = func.coalesce(func.sum(Entry.debit_minor - Entry.credit_minor), 0)
    with work.everywhere():
        total = work.session.execute(select(net).where(Entry.account_id == account_id)).scalar_one()
    return Money.from_minor(account.account_class.sign * int(total), account.currency)
