"""Corrections: a transaction is never edited, it is taken back by another one (attack 88)."""

from uuid import UUID

from sqlalchemy import select

from msingi.rbac.grants import require_other_person
from msingi.work import Work
from msingi_ledger.errors import AlreadyReversed, ReversalOfReversal, ReversedWhereMade
from msingi_ledger.models import Entry, Transaction
from msingi_ledger.rules.postings import Movement, Posting, reversed_movements
from msingi_ledger.services.charts import chart_of
from msingi_ledger.services.posting import Order, Posted, carry_out

REVERSAL = "ledger.reversal"
"""The name under which reversals stand where others bear their template."""


def reverse(work: Work, transaction_id: UUID, *, reason: str) -> Posted:
    """Take a transaction back, today, with the amounts turned round; ``reason`` is a code.

    The module that made it asks; it keeps its own records in step.

    Raises:
        NotFound: it does not exist or lies outside the scope.
        ReversalOfReversal, AlreadyReversed: it cannot be taken back.
        InsufficientFunds: the money is no longer there.
        PeriodClosed: today is closed.

    """
    original = work.get(Transaction, transaction_id)
    if original.reverses_id is not None:
        raise ReversalOfReversal
    with work.everywhere():
        taken_back = select(Transaction.id).where(Transaction.reverses_id == original.id)
        if work.session.scalar(taken_back) is not None:
            raise AlreadyReversed
        posting = Posting(
            template=REVERSAL,
            key=f"reversal:{original.id}",
            jurisdiction_id=original.jurisdiction_id,
            occurred_on=work.today(),
            movements=reversed_movements(_movements(work, original.id)),
            description=reason,
        )
        return carry_out(work, [Order(posting, reverses_id=original.id)])[0]


def reverse_as_other_person(work: Work, transaction_id: UUID, *, reason: str) -> Transaction:
    """Take a transaction back that somebody else posted (four eyes, attack 24).

    Raises:
        SamePerson: the actor posted it.
        ReversedWhereMade: a module keeps a record of it, or made it and is not there any more.
        DomainError: a refusal of ``reverse``.

    """
    original = work.get(Transaction, transaction_id)
    require_other_person(original.posted_by, work)
    if original.reverses_id is None and original.template not in chart_of(work).only_records:
        raise ReversedWhereMade(template=original.template)
    return work.get(Transaction, reverse(work, transaction_id, reason=reason).transaction_id)


def _movements(work: Work, transaction_id: UUID) -> list[Movement]:
    lines = select(Entry.account_id, Entry.debit_minor).where(Entry.transaction_id == transaction_id)
    sides = work.session.execute(lines.order_by(Entry.position)).all()
    return [
        Movement(debit.account_id, credit.account_id, debit.debit_minor)
        for debit, credit in zip(sides[::2], sides[1::2], strict=True)
    ]
