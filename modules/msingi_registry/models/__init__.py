"""Tables of the registry."""

from msingi_registry.models import facility, household, identifier, imports, person, practitioner

__all__ = ["facility", "household", "identifier", "imports", "person", "practitioner"]
