"""The GraphQL face of the catalogue, one file per subject."""

from msingi_catalogue.graphql import entries, imports, price_lists

__all__ = ["entries", "imports", "price_lists"]
