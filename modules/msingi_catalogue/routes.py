"""The REST doors of the catalogue."""

from msingi_catalogue.imports import doors

__all__ = ["doors"]
