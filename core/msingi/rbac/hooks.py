"""Questions that the rbac plugin asks."""

from uuid import UUID

from msingi.plugin import hookspec
from msingi.rbac.plugin import plugin
from msingi.work import Work


@plugin.hooks
class SubjectHooks:
    """What others know about the holders of grants."""

    @hookspec
    def is_subject_active(self, work: Work, subject_id: UUID) -> bool | None:
        """Whether a user or API client is active; None from whoever does not know it (attack 23)."""
