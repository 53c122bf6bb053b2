"""Reactions to a household that was registered."""

from msingi import Work
from msingi_registry import HouseholdRegistered
from msingi_welcome_sms.plugin import plugin
from msingi_welcome_sms.services import send_message, write_message


@plugin.on(HouseholdRegistered)
def write_welcome(event: HouseholdRegistered, work: Work) -> None:
    """Write the message in the transaction of the registration: no household without its message."""
    write_message(work, event)


@plugin.after(HouseholdRegistered)
def send_welcome(event: HouseholdRegistered, work: Work) -> None:
    """Send the message once the registration is committed; a second delivery sends nothing."""
    send_message(work, event.household_id)
