"""Fixtures of the tests of the ledger."""

from tests.modules.msingi_ledger.ledger_fixtures import desk, platform

__all__ = ["desk", "platform"]
