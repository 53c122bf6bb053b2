"""Settings of the ledger."""

from pydantic import Field

from msingi.plugin import PluginSettings


class LedgerSettings(PluginSettings):
    """How long money may be held."""

    longest_hold_days: int = Field(
        default=30, ge=1, le=366, description="Longest lifetime of a hold in days; then it expires by itself"
    )
