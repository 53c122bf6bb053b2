"""States and code lists of insurance, in the words of the field; their texts are in the catalogues."""

from enum import StrEnum
from typing import Final

from msingi_insurance.rules.people import OTHER_RELATIVE


class Stage(StrEnum):
    """Whether a policy is the first of its line or follows another."""

    NEW = "N"
    RENEWAL = "R"


class PolicyStatus(StrEnum):
    """Where a policy stands (POL-4)."""

    IDLE = "idle"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    READY = "ready"


STATUS_CODES: Final = {
    PolicyStatus.IDLE: 1,
    PolicyStatus.ACTIVE: 2,
    PolicyStatus.SUSPENDED: 4,
    PolicyStatus.EXPIRED: 8,
    PolicyStatus.READY: 16,
}
"""The numbers that trained staff and exchanged files know (POL-4)."""


class InsureeStatus(StrEnum):
    """Whether a person takes part in the scheme (INS-3)."""

    ACTIVE = "AC"
    INACTIVE = "IN"
    DEAD = "DE"


class Relationship(StrEnum):
    """What an insuree is to the head of the family; an other relative never counts in a lump sum (PRM-1)."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    UNCLE_OR_AUNT = "uncle_or_aunt"
    GRANDPARENT = "grandparent"
    EMPLOYEE = "employee"
    OTHER_RELATIVE = "other_relative"


RELATIONSHIP_CODES: Final = {
    Relationship.SPOUSE: "8",
    Relationship.CHILD: "4",
    Relationship.PARENT: "2",
    Relationship.SIBLING: "1",
    Relationship.UNCLE_OR_AUNT: "3",
    Relationship.GRANDPARENT: "5",
    Relationship.EMPLOYEE: "6",
    Relationship.OTHER_RELATIVE: OTHER_RELATIVE,
}
"""The codes that trained staff and exchanged files know; the rules of the premium read them (PRM-1)."""


class PayType(StrEnum):
    """How a contribution was paid."""

    BANK = "B"
    CASH = "C"
    MOBILE = "M"
    FUNDING = "F"
    CREDIT = "K"
    """Paid from what the family paid too much before: no money moves (PAY-6)."""


class PayerType(StrEnum):
    """Who a payer is."""

    CO_OPERATIVE = "C"
    DONOR = "D"
    GOVERNMENT = "G"
    LOCAL_AUTHORITY = "L"
    OTHER = "O"
    PRIVATE = "P"
