"""What insurance shows and does over GraphQL: importing a file adds its operations to the plugin."""

from msingi_insurance.graphql import families, insurees, rollout

__all__ = ["families", "insurees", "rollout"]
