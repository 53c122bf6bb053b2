"""The words of the registers, with the codes that trained staff know."""

from enum import StrEnum


class ItemType(StrEnum):
    """What an item is."""

    DRUG = "D"
    PROSTHESIS_OR_CONSUMABLE = "M"


class ServiceType(StrEnum):
    """What a service is for."""

    PREVENTIVE = "P"
    CURATIVE = "C"


class PackageType(StrEnum):
    """How a service is priced: alone, as a fixed package, or as the sum of its priced contents."""

    SIMPLE = "S"
    FIXED = "F"
    PRICED = "P"


class ServiceLevel(StrEnum):
    """How far a service reaches: a simple act, a visit, a day of stay, or a hospital case."""

    SIMPLE = "S"
    VISIT = "V"
    DAY = "D"
    HOSPITAL_CASE = "H"


class ServiceCategory(StrEnum):
    """What a service makes of the claim in which it stands (CLM-1)."""

    SURGERY = "S"
    DELIVERY = "D"
    ANTENATAL = "A"
    HOSPITALISATION = "H"
    CONSULTATION = "C"
    VISIT = "V"
    OTHER = "O"


class PriceListKind(StrEnum):
    """What a price list prices."""

    ITEMS = "items"
    SERVICES = "services"
    BOTH = "both"
