"""What modules prove of their own records each time the ledger is verified: their rules, and that both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from msingi_ledger.models import Account, Entry, Transaction
from msingi_ledger.rules.chart import AccountKind

OTHER_AMOUNT: Final = "the amount of this record is not what its transaction moved"
NO_RECORD: Final = "no record stands for this transaction"


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


def unrecorded(key: str, borne: Select[UUID | None]) -> MoneyCheck:
    """Every transaction whose key begins so stands in a record: one that was deleted, or forgot it, is missed (TZA-31).

    ``borne`` selects the transactions that records bear.
    """
    told = borne.subquery()
    joined = select(Transaction.id).outerjoin(told, told.c[0] == Transaction.id)
    missed = joined.where(Transaction.key.startswith(key, autoescape=True), told.c[0].is_(None))
    return MoneyCheck("TZA-31", Transaction.__tablename__, NO_RECORD, missed.order_by(Transaction.id))


def _moved(kinds: Sequence[AccountKind]) -> Select[UUID, int]:
    """What each transaction credited to accounts of these kinds."""
    net = func.sum(Entry.credit_minor - Entry.debit_minor).label("net")
    of_kinds = Account.code.in_([kind.code for kind in kinds])
    joined = select(Entry.transaction_id, net).join(Account, Account.id == Entry.account_id)
    return joined.where(of_kinds).group_by(Entry.transaction_id)
