"""States and code lists of insurance, in the words of the field; their texts are in the catalogues."""

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Whether a policy is the first one of a family or follows another."""

    NEW = "N"
    RENEWAL = "R"


class PolicyStatus(StrEnum):
    """Where a policy stands (POL-4)."""

    IDLE = "idle"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    READY = "ready"


STATUS_NUMBERS: Final = {
    PolicyStatus.IDLE: 1,
    PolicyStatus.ACTIVE: 2,
    PolicyStatus.SUSPENDED: 4,
    PolicyStatus.EXPIRED: 8,
    PolicyStatus.READY: 16,
}
"""The numbers that trained staff and exchanged files know (POL-4)."""


class InsureeStatus(StrEnum):
    """Whether an insuree is active, inactive or dead (INS-3)."""

    ACTIVE = "AC"
    INACTIVE = "IN"
    DEAD = "DE"


class Relationship(StrEnum):
    """What an insuree is to the head of the family; an other relative never counts in a lump sum (PRM-1)."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    EMPLOYEE = "employee"
    OTHER_RELATIVE = "other_relative"


class PayType(StrEnum):
    """How a contribution was paid."""

    BANK = "B"
    CASH = "C"
    MOBILE = "M"
    FUNDING = "F"


class PayerType(StrEnum):
    """Who a payer is."""

    CO_OPERATIVE = "C"
    DONOR = "D"
    GOVERNMENT = "G"
    LOCAL_AUTHORITY = "L"
    OTHER = "O"
    PRIVATE = "P"
