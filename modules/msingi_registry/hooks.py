"""What the registry asks other plugins."""

from collections.abc import Iterable
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
