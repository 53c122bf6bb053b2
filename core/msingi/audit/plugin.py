"""Manifest of the audit plugin."""

from msingi.plugin import Plugin

plugin = Plugin("audit", requires=["rbac"])

READ = plugin.permission("read", "See who changed, was refused or read what", sensitive=True)
WATCH = plugin.permission("watch", "See how far the audit trail is sealed")
