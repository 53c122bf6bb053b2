"""Tables of insurance."""

from msingi_insurance.models import (
    cash,
    contracts,
    family,
    field_staff,
    payers,
    payments,
    policy,
    product,
    receipts,
    renewals,
    rollout,
)

__all__ = [
    "cash",
    "contracts",
    "family",
    "field_staff",
    "payers",
    "payments",
    "policy",
    "product",
    "receipts",
    "renewals",
    "rollout",
]
