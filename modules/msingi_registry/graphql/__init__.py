"""The GraphQL face of the registry: importing a file adds its operations to the plugin."""

from msingi_registry.graphql import cards, facilities, households, imports, nearby, persons, practitioners

__all__ = ["cards", "facilities", "households", "imports", "nearby", "persons", "practitioners"]
