"""What modules prove of their own records each time the ledger is verified: their rules, and that both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from msingi_ledger.models import Account, Entry
from msingi_ledger.rules.chart import AccountKind

OTHER_AMOUNT: Final = "the amount of this record is not what its transaction moved"


@dataclass(frozen=True, slots=True)
class MoneyCheck:
    """A rule of a module's money (its id) and the rows of a table that break it, by their ids.

    ``broken`` says in plain words what is wrong with such a row; it stands in the catalogue of the module.
    """

    rule: str
    table: str
    broken: str
    wrong: Select[UUID]


def unlike_ledger(
    table: str, records: Select[UUID, UUID | None, int], kinds: Sequence[AccountKind]
) -> MoneyCheck:
    """Records say what their transactions credited to accounts of these kinds, in minor units (TZA-31).

    ``records`` selects id, transaction and amount; debits count below zero. A record without its transaction, and
    each of several with the same, is wrong too.
    """
    said, moved = records.subquery(), _moved(kinds).subquery()
    row, transaction, amount = said.c
    sharing = func.count().over(partition_by=transaction).label("sharing")
    joined = select(row.label("row"), amount.label("said"), moved.c.net, sharing)
    told = joined.outerjoin(moved, moved.c.transaction_id == transaction).subquery()
    apart = or_(func.coalesce(told.c.net, 0) != told.c.said, told.c.sharing > 1)
    return MoneyCheck("TZA-31", table, OTHER_AMOUNT, select(told.c.row).where(apart).order_by(told.c.row))


def _moved(kinds: Sequence[AccountKind]) -> Select[UUID, int]:
    """What each transaction credited to accounts of these kinds."""
    net = func.sum(Entry.credit_minor - Entry.debit_minor).label("net")
    of_kinds = Account.code.in_([kind.code for kind in kinds])
    joined = select(Entry.transaction_id, net).join(Account, Account.id == Entry.account_id)
    return joined.where(of_kinds).group_by(Entry.transaction_id)
