"""Tables of insurance."""

from msingi_insurance.models import (
    cash,
    contracts,
    exchange,
    family,
    field_staff,
    findings,
    payers,
    payments,
    policy,
    product,
    receipts,
    renewals,
    rollout,
    suspensions,
)

__all__ = [
    "cash",
    "contracts",
    "exchange",
    "family",
    "field_staff",
    "findings",
    "payers",
    "payments",
    "policy",
    "product",
    "receipts",
    "renewals",
    "rollout",
    "suspensions",
]
