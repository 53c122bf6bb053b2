"""Accounts, books and holds compared with their keyed hashes and with the chart (IN-2, IN-9, IN-12)."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from msingi.work import Work
from msingi_ledger.models import Account, Book, Hold
from msingi_ledger.rules.records import ACCOUNT, BOOK, HOLD, HOLDS, NO_HOLDS, Bound, changed_sum
from msingi_ledger.services.charts import chart_of
from msingi_ledger.services.paging import AT_ONCE, pages
from msingi_ledger.services.records import is_intact

ALTERED_ROW: Final = "this row was altered beside the platform"
NO_HASH: Final = (
    "this row has no keyed hash: it is from an older release, and “ledger adopt” is still to be run, "
    "or the hash was taken away"
)
OTHER_HOLDS: Final = "the holds of this account are not those that were made on it"
OTHER_KIND: Final = "this account is not what the chart of accounts says of its code"
OTHER_CURRENCY: Final = "this account is in another currency than its book"
Wrong = tuple[str, str, UUID, str]
"""Rule, table, row and what is wrong there."""


def check_records(work: Work, *, named_at_most: int) -> Iterator[Wrong]:
    """Check every book, account and hold; at most so many rows of each kind are named."""
    for model, bound in ((Book, BOOK), (Account, ACCOUNT), (Hold, HOLD)):
        for row, explanation in islice(_altered(work, model, bound), named_at_most):
            yield "IN-9", model.__tablename__, row, explanation
    for row in islice(_with_other_holds(work), named_at_most):
        yield "IN-12", "ledger_account", row, OTHER_HOLDS
    statements = ("IN-2", OTHER_KIND, _of_other_kind(work)), ("IN-1", OTHER_CURRENCY, _in_other_currency())
    for rule, explanation, statement in statements:
        for row in work.session.scalars(statement.limit(named_at_most)):
            yield rule, "ledger_account", row, explanation


def _altered(work: Work, model: type[Book | Account | Hold], bound: Bound) -> Iterator[tuple[UUID, str]]:
    columns = [*(getattr(model, name) for name in bound.fields), model.mac]
    for rows in pages(work, select(*columns), model.id):
        for row in rows:
            if not is_intact(work, bound, row, row.mac):
                yield row.id, NO_HASH if row.mac is None else ALTERED_ROW


def _with_other_holds(work: Work) -> Iterator[UUID]:
    """Accounts whose sum is altered, or is not that of their holds; one without any hash is told by itself.

    One statement reads accounts with their holds: a second would see what was held after the first (PostgreSQL).
    """
    with_holds = select(Account.id, Account.holds_sum, Account.holds_mac, Hold.mac)
    with_holds = with_holds.outerjoin(Hold, Hold.account_id == Account.id).order_by(Account.id)
    with_holds = with_holds.where(or_(Account.mac.is_not(None), Account.holds_mac.is_not(None)))
    for ids in pages(work, select(Account.id), Account.id):
        some = with_holds.where(Account.id.between(ids[0].id, ids[-1].id))
        with work.session.execute(some, execution_options={"yield_per": AT_ONCE}) as found:
            for _, rows in groupby(found, itemgetter(0)):
                account = next(rows)
                present = _sum_of(row.mac for row in chain([account], rows))
                if not is_intact(work, HOLDS, account, account.holds_mac) or account.holds_sum != present:
                    yield account.id


def _sum_of(macs: Iterable[bytes | None]) -> bytes:
    return changed_sum(NO_HOLDS, come=filter(None, macs))


def _of_other_kind(work: Work) -> Select[UUID]:
    """Codes that no module declares any more are left out: their keyed hash speaks for them."""
    others: list[ColumnElement[bool]] = [
        and_(
            Account.code == kind.code,
            or_(Account.account_class != kind.account_class, Account.bounded != kind.bounded),
        )
        for kind in chart_of(work).kinds.values()
    ]
    return select(Account.id).where(or_(False, *others)).order_by(Account.id)


def _in_other_currency() -> Select[UUID]:
    joined = select(Account.id).join(Book, Book.id == Account.book_id)
    return joined.where(Account.currency != Book.currency).order_by(Account.id)
