"""Manifest of the ledger plugin: one book for everything that moves money."""

from msingi.plugin import Plugin

plugin = Plugin("ledger")
