"""Welcome SMS: tell a household by SMS that it is registered, and under which code."""

from msingi_welcome_sms.hooks import SmsHooks
from msingi_welcome_sms.models import WelcomeSms

__all__ = ["SmsHooks", "WelcomeSms"]
