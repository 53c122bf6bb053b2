"""Services of the ledger: the only code that writes its tables."""
