"""The catalogue: what is given to patients, and what it costs; each name is loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from msingi_catalogue.services.stamps import renew_register

_HOMES = {
    "Catalogue": "services.lookup",
    "CatalogueDiagnosis": "rules.entries",
    "CatalogueEntry": "rules.entries",
    "CatalogueItem": "rules.entries",
    "CatalogueService": "rules.entries",
    "Content": "rules.prices",
    "ContentDifference": "rules.prices",
    "DemonstrationCatalogue": "imports.demonstration",
    "Diagnosis": "models",
    "ItemType": "rules.kinds",
    "MedicalItem": "models",
    "MedicalService": "models",
    "PackageContent": "rules.entries",
    "PackageType": "rules.kinds",
    "PatientMask": "rules.patients",
    "PriceList": "models",
    "PriceListAssignment": "models",
    "PriceListKind": "rules.kinds",
    "PriceListLine": "models",
    "PriceTable": "rules.entries",
    "ServiceCategory": "rules.kinds",
    "ServiceContent": "models",
    "ServiceLevel": "rules.kinds",
    "ServiceType": "rules.kinds",
    "admits_patient": "rules.patients",
    "capped_price": "rules.prices",
    "care_of_stay": "rules.care",
    "comes_too_soon": "rules.care",
    "content_differences": "rules.prices",
    "diagnoses_by_code": "services.lookup",
    "items_by_code": "services.lookup",
    "load_demonstration": "imports.demonstration",
    "open_catalogue": "services.lookup",
    "package_price": "rules.prices",
    "price_in_force": "rules.prices",
    "prices_at": "services.lookup",
    "renew_register": "services.stamps",
    "services_by_code": "services.lookup",
    "suits_care": "rules.care",
}

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
    "renew_register",
    "services_by_code",
    "suits_care",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'msingi_catalogue' has no attribute {name!r}")
    return getattr(import_module(f"msingi_catalogue.{_HOMES[name]}"), name)
