"""Manifest of the catalogue plugin: what is given to patients, and what it costs."""

from msingi.plugin import Plugin

plugin = Plugin("catalogue", requires=["registry"])
