"""Tables of the registry."""

from msingi_registry.models import (
    facility,
    household,
    identifier,
    imports,
    person,
    practitioner,
    search_count,
)

__all__ = ["facility", "household", "identifier", "imports", "person", "practitioner", "search_count"]
