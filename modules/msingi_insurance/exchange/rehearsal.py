"""What earlier families of a dry run would have taken: numbers and receipts that come again are refused (CLM-F3)."""

from collections.abc import Hashable, Iterator
from uuid import UUID

from msingi_insurance.exchange.enrolment_records import FiledFamily
from msingi_insurance.payment_errors import ReceiptTaken
from msingi_insurance.rules.numbers import NumberCode
from msingi_insurance.rules.refusals import InsuranceNumberRefused


class Rehearsal:
    """Remembers what each family of a dry run uses, since nothing of it stays in the database.

    A refused family uses nothing: what it named stays free, as in a run that keeps what it enrols. An accepted family that
    shares a person with a later one is enrolled once more before it, and the registry judges both.
    """

    def __init__(self) -> None:
        self._taken: set[Hashable] = set()
        self._used: set[Hashable] = set()
        self._accepted: dict[str, FiledFamily] = {}

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

    def sharing(self, family: FiledFamily) -> Iterator[FiledFamily]:
        """The accepted families in which a person of this one stands."""
        for key in dict.fromkeys(one.family for one in family.repeated):
            if key in self._accepted:
                yield self._accepted[key]

    def accept(self, family: FiledFamily) -> None:
        """Keep what the family uses, which was not refused."""
        self._taken |= self._used
        if family.repeated:
            self._accepted[family.key] = family
