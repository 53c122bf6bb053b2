"""Manifest of the ledger plugin: one book for everything that moves money."""

from msingi.plugin import Plugin
from msingi_ledger.settings import LedgerSettings

plugin = Plugin("ledger", settings=LedgerSettings)

READ = plugin.permission("read", "See accounts, transactions and balances")
REVERSE = plugin.permission("reverse", "Reverse a transaction that somebody else posted")
CLOSE = plugin.permission("close", "Close the books through a day")
