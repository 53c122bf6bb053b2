"""Tables of the registry."""

from msingi_registry.models import household, identifier, person

__all__ = ["household", "identifier", "person"]
