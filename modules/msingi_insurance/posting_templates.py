"""The accounts of insurance, and the only ways in which its money moves between them (IN-6)."""

from collections.abc import Sequence
from typing import Final

from msingi_insurance.plugin import plugin
from msingi_insurance.rules.states import PayType
from msingi_ledger import AccountClass, AccountKind, PostingTemplate

CASH: Final = AccountKind("1410", AccountClass.ASSET, "Cash in the hands of enrolment officers")
BANK: Final = AccountKind("1420", AccountClass.ASSET, "Bank account of the scheme")
CLEARING: Final = AccountKind(
    "1430", AccountClass.ASSET, "Confirmed by a payment gateway, not yet on the bank account"
)
FAMILY_CREDIT: Final = AccountKind("2950", AccountClass.LIABILITY, "Paid too much by families")
SUSPENSE: Final = AccountKind("2960", AccountClass.LIABILITY, "Received and not matched to a policy")
CONTRIBUTIONS: Final = AccountKind("4210", AccountClass.INCOME, "Contributions to products")
FUNDINGS: Final = AccountKind("4220", AccountClass.INCOME, "Fundings of products by payers")
CASH_SURPLUS: Final = AccountKind("4290", AccountClass.INCOME, "Cash that was counted and not expected")
CASH_SHORTAGE: Final = AccountKind("5210", AccountClass.EXPENSE, "Cash that was expected and not counted")

MONEY: Final = (CASH, BANK, CLEARING)
PLACE_OF: Final = {PayType.CASH: CASH, PayType.BANK: BANK, PayType.MOBILE: CLEARING, PayType.FUNDING: BANK}
"""Where the money of each way of paying lies."""

RECEIVED: Final = PostingTemplate(
    "insurance.contribution_received",
    tuple((money, target) for money in MONEY for target in (CONTRIBUTIONS, FAMILY_CREDIT)),
    "A contribution was paid; what exceeds the value is the family's credit",
)
RETURNED: Final = PostingTemplate(
    "insurance.contribution_returned",
    tuple((source, money) for money in MONEY for source in (CONTRIBUTIONS, FAMILY_CREDIT)),
    "A contribution was reversed, or a family's credit went back to who paid it",
)
CREDIT_USED: Final = PostingTemplate(
    "insurance.credit_used",
    ((FAMILY_CREDIT, CONTRIBUTIONS),),
    "A family's credit paid for a policy",
)
CREDIT_RETURNED: Final = PostingTemplate(
    "insurance.credit_returned",
    ((CONTRIBUTIONS, FAMILY_CREDIT),),
    "What a family's credit had paid is the family's credit again",
)
UNMATCHED: Final = PostingTemplate(
    "insurance.payment_unmatched",
    ((CLEARING, SUSPENSE), (BANK, SUSPENSE)),
    "Money came that no policy was found for",
)
MATCHED: Final = PostingTemplate(
    "insurance.payment_matched",
    ((SUSPENSE, CONTRIBUTIONS), (SUSPENSE, FAMILY_CREDIT)),
    "Money in suspense was matched to policies",
)
FUNDED: Final = PostingTemplate("insurance.funding_accepted", ((BANK, FUNDINGS),), "A payer funded a product")
DEPOSITED: Final = PostingTemplate(
    "insurance.cash_deposited",
    ((BANK, CASH), (CASH_SHORTAGE, CASH), (BANK, CASH_SURPLUS)),
    "An officer's cash was counted, confirmed and paid into the bank",
)
SETTLED: Final = PostingTemplate(
    "insurance.gateway_settled",
    ((BANK, CLEARING),),
    "A gateway paid what it had collected into the bank",
    only_record=True,
)


@plugin.answer
def posting_templates() -> Sequence[PostingTemplate]:
    """What insurance posts."""
    return (RECEIVED, RETURNED, CREDIT_USED, CREDIT_RETURNED, UNMATCHED, MATCHED, FUNDED, DEPOSITED, SETTLED)
