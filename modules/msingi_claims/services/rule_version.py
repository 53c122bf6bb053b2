"""The version of the rules of claims: it stands on every decision, and rises when a rule changes (D-12)."""

from typing import Final

RULE_VERSION: Final = "1"
