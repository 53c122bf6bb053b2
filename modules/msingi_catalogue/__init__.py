"""The catalogue: what is given to patients, and what it costs."""

from msingi_catalogue.imports.demonstration import DemonstrationCatalogue, load_demonstration
from msingi_catalogue.models import (
    Diagnosis,
    MedicalItem,
    MedicalService,
    PriceList,
    PriceListAssignment,
    PriceListLine,
    ServiceContent,
)
from msingi_catalogue.rules.care import care_of_stay, comes_too_soon, suits_care
from msingi_catalogue.rules.entries import (
    CatalogueDiagnosis,
    CatalogueEntry,
    CatalogueItem,
    CatalogueService,
    PackageContent,
    PriceTable,
)
from msingi_catalogue.rules.kinds import (
    ItemType,
    PackageType,
    PriceListKind,
    ServiceCategory,
    ServiceLevel,
    ServiceType,
)
from msingi_catalogue.rules.patients import PatientMask, admits_patient
from msingi_catalogue.rules.prices import (
    Content,
    ContentDifference,
    capped_price,
    content_differences,
    package_price,
    price_in_force,
)
from msingi_catalogue.services.lookup import (
    Catalogue,
    diagnoses_by_code,
    items_by_code,
    open_catalogue,
    prices_at,
    services_by_code,
)

__all__ = [
    "Catalogue",
    "CatalogueDiagnosis",
    "CatalogueEntry",
    "CatalogueItem",
    "CatalogueService",
    "Content",
    "ContentDifference",
    "DemonstrationCatalogue",
    "Diagnosis",
    "ItemType",
    "MedicalItem",
    "MedicalService",
    "PackageContent",
    "PackageType",
    "PatientMask",
    "PriceList",
    "PriceListAssignment",
    "PriceListKind",
    "PriceListLine",
    "PriceTable",
    "ServiceCategory",
    "ServiceContent",
    "ServiceLevel",
    "ServiceType",
    "admits_patient",
    "capped_price",
    "care_of_stay",
    "comes_too_soon",
    "content_differences",
    "diagnoses_by_code",
    "items_by_code",
    "load_demonstration",
    "open_catalogue",
    "package_price",
    "price_in_force",
    "prices_at",
    "services_by_code",
    "suits_care",
]
