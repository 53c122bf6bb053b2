"""Manifest of the claims plugin: from the care given to the money paid, every amount explained."""

from msingi.plugin import Plugin

plugin = Plugin("claims", requires=["registry", "catalogue", "ledger", "insurance"])
