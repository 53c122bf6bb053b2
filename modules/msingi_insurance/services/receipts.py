"""Receipt numbers: unique in their product, and without gaps where the server gives them (POL-7)."""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_insurance.models.policy import Premium
from msingi_insurance.models.product import Product
from msingi_insurance.models.receipts import ReceiptSequence
from msingi_insurance.payment_errors import ReceiptReserved, ReceiptTaken
from msingi_insurance.rules.payments import automatic_receipt

_AUTOMATIC: Final = re.compile(r"RE-.{1,8}-[0-9]{8}-[0-9]{1,18}")


def next_receipts(work: Work, product: Product, count: int) -> list[str]:
    """The next automatic numbers of today, such as ``RE-CHF-20260302-1``; undone together with the work.

    The row of the sequence stays locked until the work ends: what is undone gives its numbers back.
    """
    day = work.today()
    with work.everywhere():
        statement = select(ReceiptSequence).where(
            ReceiptSequence.product_id == product.id, ReceiptSequence.day == day
        )
        options = {"populate_existing": True}
        sequence = work.session.scalar(statement.with_for_update(), execution_options=options)
        if sequence is None:
            sequence = work.add(
                ReceiptSequence(
                    product_id=product.id, day=day, last=0, jurisdiction_id=product.jurisdiction_id
                )
            )
        first = sequence.last + 1
        sequence.last += count
        work.session.flush()
    return [automatic_receipt(product.code, day, number) for number in range(first, first + count)]


def check_given(receipts: Sequence[str]) -> None:
    """Refuse numbers of the automatic form.

    Raises:
        ReceiptReserved: names the first of them.

    """
    for receipt in receipts:
        if _AUTOMATIC.fullmatch(receipt):
            raise ReceiptReserved(receipt=receipt)


def check_free(work: Work, product_id: UUID, receipts: Sequence[str]) -> None:
    """Refuse numbers that were used before for the product, in any place, or that come twice (attack 89).

    Raises:
        ReceiptTaken: names the first of them.

    """
    taken = taken_receipts(work, product_id, receipts)
    for position, receipt in enumerate(receipts):
        if receipt in taken or receipt in receipts[:position]:
            raise ReceiptTaken(receipt=receipt)


def taken_receipts(work: Work, product_id: UUID, receipts: Sequence[str]) -> set[str]:
    """Those of the numbers that were used before for the product."""
    with work.everywhere():
        statement = select(Premium.receipt).where(
            Premium.product_id == product_id, Premium.receipt.in_(receipts)
        )
        return set(work.session.scalars(statement))
