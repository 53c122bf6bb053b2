"""The GraphQL face of the registry: importing a file adds its operations to the plugin."""

from msingi_registry.graphql import cards, households, persons

__all__ = ["cards", "households", "persons"]
