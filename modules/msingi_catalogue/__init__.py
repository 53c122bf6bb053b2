"""The catalogue: what is given to patients, and what it costs."""

from msingi_catalogue.models import (
    Diagnosis,
    MedicalItem,
    MedicalService,
    PriceList,
    PriceListAssignment,
    PriceListLine,
    ServiceContent,
)
from msingi_catalogue.rules.kinds import (
    ItemType,
    PackageType,
    PriceListKind,
    ServiceCategory,
    ServiceLevel,
    ServiceType,
)

__all__ = [
    "Diagnosis",
    "ItemType",
    "MedicalItem",
    "MedicalService",
    "PackageType",
    "PriceList",
    "PriceListAssignment",
    "PriceListKind",
    "PriceListLine",
    "ServiceCategory",
    "ServiceContent",
    "ServiceLevel",
    "ServiceType",
]
