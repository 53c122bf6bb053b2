"""The ledger: one book for everything that moves money."""

from msingi_ledger.hooks import LedgerHooks
from msingi_ledger.models import Account, Book, Check, Entry, Hold, HoldState, Transaction
from msingi_ledger.rules.chart import AccountClass, AccountKind, Backing, ForbiddenRoute, PostingTemplate
from msingi_ledger.rules.postings import LARGEST_MINOR, ExternalEvent, Movement, Posting
from msingi_ledger.services.accounts import balance_of, find_accounts, open_account, open_accounts
from msingi_ledger.services.books import close_period
from msingi_ledger.services.holding import HoldRequest, capture, hold, release
from msingi_ledger.services.money_checks import MoneyCheck, unlike_ledger, unrecorded
from msingi_ledger.services.posting import Posted, post, post_many
from msingi_ledger.services.reports import TrialLine, journal, trial_balance
from msingi_ledger.services.reversing import reverse
from msingi_ledger.services.verifying import Fault, LedgerReport, verify

__all__ = [
    "LARGEST_MINOR",
    "Account",
    "AccountClass",
    "AccountKind",
    "Backing",
    "Book",
    "Check",
    "Entry",
    "ExternalEvent",
    "Fault",
    "ForbiddenRoute",
    "Hold",
    "HoldRequest",
    "HoldState",
    "LedgerHooks",
    "LedgerReport",
    "MoneyCheck",
    "Movement",
    "Posted",
    "Posting",
    "PostingTemplate",
    "Transaction",
    "TrialLine",
    "balance_of",
    "capture",
    "close_period",
    "find_accounts",
    "hold",
    "journal",
    "open_account",
    "open_accounts",
    "post",
    "post_many",
    "release",
    "reverse",
    "trial_balance",
    "unlike_ledger",
    "unrecorded",
    "verify",
]
