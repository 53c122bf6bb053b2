"""Manifest of the rbac plugin."""

from msingi.plugin import Plugin

plugin = Plugin("rbac")
