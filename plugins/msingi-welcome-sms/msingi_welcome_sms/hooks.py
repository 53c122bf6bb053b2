"""What the welcome_sms plugin asks."""

from msingi import hookspec
from msingi_welcome_sms.plugin import plugin


@plugin.hooks
class SmsHooks:
    """Questions to the country's SMS gateway."""

    @hookspec(firstresult=True)
    def send_sms(self, phone: str, text: str) -> bool | None:
        """Send a message and say True when the gateway took it; None from whoever has no gateway."""
        raise NotImplementedError
