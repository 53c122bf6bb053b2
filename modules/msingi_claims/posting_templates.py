"""The accounts of claims, and the only ways in which their money moves (IN-6)."""

from collections.abc import Sequence
from typing import Final

from msingi_claims.plugin import plugin
from msingi_insurance import BANK
from msingi_ledger import AccountClass, AccountKind, PostingTemplate

PAYABLE: Final = AccountKind("2410", AccountClass.LIABILITY, "Owed to facilities for accepted bills")
REMUNERATION: Final = AccountKind("5220", AccountClass.EXPENSE, "Remuneration of care by product")

BILLED: Final = PostingTemplate(
    "claims.bill_issued", ((REMUNERATION, PAYABLE),), "A batch run billed claims or capitation of a facility"
)
PAID: Final = PostingTemplate("claims.bill_paid", ((PAYABLE, BANK),), "The bank paid the bills of a facility")
RETURNED: Final = PostingTemplate(
    "claims.payment_returned", ((BANK, PAYABLE),), "The payment of a facility came back or was taken back"
)


@plugin.answer
def posting_templates() -> Sequence[PostingTemplate]:
    """What claims post."""
    return (BILLED, PAID, RETURNED)
