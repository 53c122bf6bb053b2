"""States and code lists of insurance, in the words of the field; their texts are in the catalogues."""

from enum import StrEnum
from typing import Final

from msingi_insurance.rules.cover import InsureeStatus
from msingi_insurance.rules.life import PolicyStatus
from msingi_insurance.rules.people import OTHER_RELATIVE
from msingi_insurance.rules.periods import Stage

__all__ = [
    "RELATIONSHIP_CODES",
    "InsureeStatus",
    "PayType",
    "PayerType",
    "PolicyStatus",
    "Relationship",
    "Stage",
]


class Relationship(StrEnum):
    """What an insuree is to the head of the family; an other relative never counts in a lump sum (PRM-1)."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    EMPLOYEE = "employee"
    OTHER_RELATIVE = "other_relative"


RELATIONSHIP_CODES: Final = {
    Relationship.SPOUSE: "8",
    Relationship.CHILD: "4",
    Relationship.PARENT: "2",
    Relationship.SIBLING: "1",
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


class PayerType(StrEnum):
    """Who a payer is."""

    CO_OPERATIVE = "C"
    DONOR = "D"
    GOVERNMENT = "G"
    LOCAL_AUTHORITY = "L"
    OTHER = "O"
    PRIVATE = "P"
