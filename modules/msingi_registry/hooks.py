"""What the registry asks other plugins."""

from collections.abc import Collection, Iterable
from uuid import UUID

from msingi.plugin import hookspec
from msingi.work import Work
from msingi_registry.plugin import plugin
from msingi_registry.rules.matching import PersonFacts


@plugin.hooks
class RegistryHooks:
    """Questions of the registry."""

    @hookspec
    def find_candidates(self, work: Work, person: PersonFacts) -> Iterable[UUID]:
        """Name registered persons who may be this one, beside those that the registry finds itself (ID-9)."""
        raise NotImplementedError

    @hookspec
    def kept_in_household(self, work: Work, person_ids: Collection[UUID]) -> Iterable[UUID]:
        """Name those of the persons whose household another module keeps, as insurance does: only it changes theirs.

        Asked before somebody founds, joins, leaves or heads a household by hand; all persons at once.
        """
        raise NotImplementedError
