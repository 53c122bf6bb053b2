"""Tables of the catalogue: diagnoses, items, services and the price lists of facilities."""

from msingi_catalogue.models.diagnosis import Diagnosis, PastDiagnosis
from msingi_catalogue.models.item import MedicalItem, PastItem
from msingi_catalogue.models.price_list import PriceList, PriceListAssignment, PriceListLine
from msingi_catalogue.models.register import CatalogueRegister
from msingi_catalogue.models.service import MedicalService, PastService, ServiceContent

__all__ = [
    "CatalogueRegister",
    "Diagnosis",
    "MedicalItem",
    "MedicalService",
    "PastDiagnosis",
    "PastItem",
    "PastService",
    "PriceList",
    "PriceListAssignment",
    "PriceListLine",
    "ServiceContent",
]
