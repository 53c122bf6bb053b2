"""Facts told by the auth plugin."""

from uuid import UUID

from msingi.auth.models import UserStatus
from msingi.auth.plugin import plugin
from msingi.plugin import Event


@plugin.event
class UserCreated(Event):
    """An account was created; it is invited until its person chose a password."""

    user_id: UUID
    jurisdiction_id: UUID


@plugin.event
class UserStatusChanged(Event):
    """An account was activated, suspended, expired or transferred."""

    user_id: UUID
    before: UserStatus
    after: UserStatus
