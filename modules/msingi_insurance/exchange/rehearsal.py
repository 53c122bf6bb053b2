"""What earlier families of a dry run would have taken: numbers and receipts that come again are refused (CLM-F3)."""

from collections.abc import Hashable
from uuid import UUID

from msingi_insurance.payment_errors import ReceiptTaken
from msingi_insurance.rules.numbers import NumberCode
from msingi_insurance.rules.refusals import InsuranceNumberRefused


class Rehearsal:
    """Remembers what each family of a dry run uses, since nothing of it stays in the database.

    A refused family uses nothing: what it named stays free, as in a run that keeps what it enrols.
    """

    def __init__(self) -> None:
        self._taken: set[Hashable] = set()
        self._used: set[Hashable] = set()

    def begin(self) -> None:
        """Start with the next family."""
        self._used = set()

    def number(self, number: str) -> None:
        """Use an insurance number.

        Raises:
            InsuranceNumberRefused: an earlier family uses it.

        """
        if number in self._taken:
            raise InsuranceNumberRefused(reason=NumberCode.TAKEN.value)
        self._used.add(number)

    def receipt(self, product_id: UUID, receipt: str) -> None:
        """Use the number of a receipt.

        Raises:
            ReceiptTaken: an earlier family uses it for the product.

        """
        if (product_id, receipt) in self._taken:
            raise ReceiptTaken(receipt=receipt)
        self._used.add((product_id, receipt))

    def accept(self) -> None:
        """Keep what the family uses, which was not refused."""
        self._taken |= self._used
