"""The published contracts: what front ends, partners and other systems may rely on, as plain files."""

from msingi.contracts.comparison import breaking_changes, compare_contracts
from msingi.contracts.exports import contracts, full_platform, profile_platform, write_contracts
from msingi.contracts.own import PluginContracts, plugin_contracts, refuse_folder_of_others

__all__ = [
    "PluginContracts",
    "breaking_changes",
    "compare_contracts",
    "contracts",
    "full_platform",
    "plugin_contracts",
    "profile_platform",
    "refuse_folder_of_others",
    "write_contracts",
]
