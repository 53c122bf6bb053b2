"""What insurance shows and does over GraphQL: importing a file adds its operations to the plugin."""

from msingi_insurance.graphql import (
    contracts,
    contributions,
    eligibility,
    exchange,
    families,
    insurees,
    officers,
    payers,
    payments,
    photos,
    plans,
    policies,
    policy_holders,
    products,
    renewals,
    rollout,
)

__all__ = [
    "contracts",
    "contributions",
    "eligibility",
    "exchange",
    "families",
    "insurees",
    "officers",
    "payers",
    "payments",
    "photos",
    "plans",
    "policies",
    "policy_holders",
    "products",
    "renewals",
    "rollout",
]
