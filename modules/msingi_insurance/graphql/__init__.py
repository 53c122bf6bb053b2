"""What insurance shows and does over GraphQL: importing a file adds its operations to the plugin."""

from msingi_insurance.graphql import (
    contributions,
    eligibility,
    families,
    insurees,
    officers,
    payers,
    payments,
    policies,
    products,
    renewals,
    rollout,
)

__all__ = [
    "contributions",
    "eligibility",
    "families",
    "insurees",
    "officers",
    "payers",
    "payments",
    "policies",
    "products",
    "renewals",
    "rollout",
]
