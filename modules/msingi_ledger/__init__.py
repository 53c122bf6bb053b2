"""The ledger: one book for everything that moves money."""
