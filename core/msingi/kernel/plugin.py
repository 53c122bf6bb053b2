"""Manifest of the kernel plugin."""

from msingi.plugin import Plugin

plugin = Plugin("core")

READ_JOBS = plugin.permission("read_jobs", "See background jobs, their progress and failures")
MANAGE_JOBS = plugin.permission("manage_jobs", "Retry or discard parked background jobs")
READ_MODULES = plugin.permission("read_modules", "See which modules are installed and enabled")
