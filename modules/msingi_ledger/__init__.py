"""The ledger: one book for everything that moves money."""

from msingi_ledger.hooks import LedgerHooks
from msingi_ledger.models import Account, Entry, Hold, Transaction
from msingi_ledger.rules.chart import AccountClass, AccountKind, ForbiddenRoute, PostingTemplate
from msingi_ledger.rules.postings import ExternalEvent, Movement, Posting
from msingi_ledger.services.accounts import balance_of, find_accounts, open_account, open_accounts
from msingi_ledger.services.posting import Posted, post, post_many

__all__ = [
    "Account",
    "AccountClass",
    "AccountKind",
    "Entry",
    "ExternalEvent",
    "ForbiddenRoute",
    "Hold",
    "LedgerHooks",
    "Movement",
    "Posted",
    "Posting",
    "PostingTemplate",
    "Transaction",
    "balance_of",
    "find_accounts",
    "open_account",
    "open_accounts",
    "post",
    "post_many",
]
