"""Manifest of the auth plugin."""

from msingi.plugin import Plugin

plugin = Plugin("auth", requires=["rbac"])
