"""The GraphQL face of the welcome_sms plugin."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from msingi import Work
from msingi_registry import Household
from msingi_welcome_sms.models import WelcomeSms
from msingi_welcome_sms.plugin import READ, plugin
from msingi_welcome_sms.services import messages_of

plugin.expose(WelcomeSms, "id", "household_id", "language", "text", "written_at", "sent_at", allow=READ)


@plugin.connection(WelcomeSms, allow=READ, where=("sent_at", "language"), order=("id",))
def welcome_messages(work: Work) -> Select[WelcomeSms]:  # noqa: ARG001 - every connection receives it
    """Messages that welcome the households of the reader's places."""
    return select(WelcomeSms)


@plugin.extend(Household, allow=READ)
def welcome_sms(households: Sequence[Household], work: Work) -> dict[UUID, WelcomeSms]:
    """The message that welcomed this household."""
    found = messages_of(work, [household.id for household in households])
    return {sms.household_id: sms for sms in found}
