"""Manifest of the welcome_sms plugin."""

from msingi import Plugin
from msingi_welcome_sms.settings import Settings

plugin = Plugin("welcome_sms", requires=["registry"], settings=Settings)

READ = plugin.permission("read", "See the welcome messages of one's places")
