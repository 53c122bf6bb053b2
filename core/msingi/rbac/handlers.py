"""What rbac says to the questions of others."""

from collections.abc import Sequence
from typing import Final

from msingi.rbac.plugin import plugin
from msingi.sayings import Saying
from msingi.work import Work

_STRANGE: Final = "roles: no installed module declares {permissions}; a role that names it does without. Check the spelling."


@plugin.answer
def remarks(work: Work) -> Sequence[Saying]:
    """Name the permissions in the country file's roles whose module is not installed."""
    named = {name for names in work.platform.profile.roles.values() for name in names}
    strange = sorted(name for name in named if name.partition(".")[0] not in work.platform.installed)
    return [Saying(_STRANGE, {"permissions": ", ".join(strange)})] if strange else []
