"""The catalogue: what is given to patients, and what it costs; each name is loaded when first used."""

from typing import TYPE_CHECKING

from msingi.faces import lazy_face

if TYPE_CHECKING:
    from msingi_catalogue.imports.demonstration import DemonstrationCatalogue as DemonstrationCatalogue
    from msingi_catalogue.imports.demonstration import load_demonstration as load_demonstration
    from msingi_catalogue.models import Diagnosis as Diagnosis
    from msingi_catalogue.models import MedicalItem as MedicalItem
    from msingi_catalogue.models import MedicalService as MedicalService
    from msingi_catalogue.models import PriceList as PriceList
    from msingi_catalogue.models import PriceListAssignment as PriceListAssignment
    from msingi_catalogue.models import PriceListLine as PriceListLine
    from msingi_catalogue.models import ServiceContent as ServiceContent
    from msingi_catalogue.plugin import READ_CATALOGUE as READ_CATALOGUE
    from msingi_catalogue.rules.care import care_of_stay as care_of_stay
    from msingi_catalogue.rules.care import comes_too_soon as comes_too_soon
    from msingi_catalogue.rules.care import suits_care as suits_care
    from msingi_catalogue.rules.entries import Assigned as Assigned
    from msingi_catalogue.rules.entries import CatalogueDiagnosis as CatalogueDiagnosis
    from msingi_catalogue.rules.entries import CatalogueEntry as CatalogueEntry
    from msingi_catalogue.rules.entries import CatalogueItem as CatalogueItem
    from msingi_catalogue.rules.entries import CatalogueService as CatalogueService
    from msingi_catalogue.rules.entries import PackageContent as PackageContent
    from msingi_catalogue.rules.entries import PricedPeriod as PricedPeriod
    from msingi_catalogue.rules.entries import PriceTable as PriceTable
    from msingi_catalogue.rules.entries import ValidPeriod as ValidPeriod
    from msingi_catalogue.rules.kinds import ItemType as ItemType
    from msingi_catalogue.rules.kinds import PackageType as PackageType
    from msingi_catalogue.rules.kinds import PriceListKind as PriceListKind
    from msingi_catalogue.rules.kinds import ServiceCategory as ServiceCategory
    from msingi_catalogue.rules.kinds import ServiceLevel as ServiceLevel
    from msingi_catalogue.rules.kinds import ServiceType as ServiceType
    from msingi_catalogue.rules.patients import PatientMask as PatientMask
    from msingi_catalogue.rules.patients import admits_patient as admits_patient
    from msingi_catalogue.rules.prices import Content as Content
    from msingi_catalogue.rules.prices import ContentDifference as ContentDifference
    from msingi_catalogue.rules.prices import capped_price as capped_price
    from msingi_catalogue.rules.prices import content_differences as content_differences
    from msingi_catalogue.rules.prices import package_price as package_price
    from msingi_catalogue.rules.prices import price_in_force as price_in_force
    from msingi_catalogue.services.lookup import Catalogue as Catalogue
    from msingi_catalogue.services.lookup import diagnoses_by_code as diagnoses_by_code
    from msingi_catalogue.services.lookup import items_by_code as items_by_code
    from msingi_catalogue.services.lookup import open_catalogue as open_catalogue
    from msingi_catalogue.services.lookup import prices_at as prices_at
    from msingi_catalogue.services.lookup import services_by_code as services_by_code
    from msingi_catalogue.services.stamps import renew_register as renew_register

_HOMES = {
    "imports.demonstration": "DemonstrationCatalogue load_demonstration",
    "models": (
        "Diagnosis MedicalItem MedicalService PriceList PriceListAssignment PriceListLine ServiceContent"
    ),
    "plugin": "READ_CATALOGUE",
    "rules.care": "care_of_stay comes_too_soon suits_care",
    "rules.entries": (
        "Assigned CatalogueDiagnosis CatalogueEntry CatalogueItem CatalogueService PackageContent "
        "PriceTable PricedPeriod ValidPeriod"
    ),
    "rules.kinds": "ItemType PackageType PriceListKind ServiceCategory ServiceLevel ServiceType",
    "rules.patients": "PatientMask admits_patient",
    "rules.prices": "Content ContentDifference capped_price content_differences package_price price_in_force",
    "services.lookup": "Catalogue diagnoses_by_code items_by_code open_catalogue prices_at services_by_code",
    "services.stamps": "renew_register",
}

if not TYPE_CHECKING:
    __all__, __getattr__ = lazy_face(__name__, _HOMES)
