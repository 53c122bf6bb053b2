"""Manifest of the audit plugin."""

from msingi.plugin import Plugin

plugin = Plugin("audit", requires=["rbac"])
