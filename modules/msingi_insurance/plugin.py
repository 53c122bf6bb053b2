"""Manifest of the insurance plugin: who is covered, by what, until when, and who paid."""

from msingi.plugin import Plugin

plugin = Plugin("insurance", requires=["registry", "catalogue", "ledger"])
