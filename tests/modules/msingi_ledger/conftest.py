"""Fixtures of the tests of the ledger."""

from tests.modules.msingi_ledger.ledger_fixtures import desk, ledger_options, platform

__all__ = ["desk", "ledger_options", "platform"]
