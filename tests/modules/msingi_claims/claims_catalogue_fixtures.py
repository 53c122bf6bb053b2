"""The catalogue of the small scheme of claims: seven services, four items, two diagnoses and their prices."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msingi.ids import new_id
from msingi.work import Work
from msingi_catalogue import (
    Diagnosis,
    ItemType,
    MedicalItem,
    MedicalService,
    PriceList,
    PriceListAssignment,
    PriceListKind,
    PriceListLine,
    ServiceCategory,
    ServiceLevel,
    ServiceType,
    renew_register,
)
from msingi_registry import CareType

START = date(2025, 1, 1)


_COMMON = {"currency": "XAF", "care_type": CareType.BOTH, "valid_from": START, "valid_to": None}
_SILENT = {"source": "", "search_text": ""}
_CATEGORIES = {"SV1": "V", "SV2": "O", "SURG": "S", "DELI": "D", "HOSP": "H", "CONS": "C", "MALE": "V"}
_Row = dict[str, Any]


def add_catalogue(work: Work, country: UUID) -> None:
    """Write the catalogue, priced for the whole country."""
    services = [_service(code, category) for code, category in _CATEGORIES.items()]
    items = [_item(code) for code in ("IT1", "IT2", "IT10", "IT30")]
    work.insert_rows(MedicalService, services)
    work.insert_rows(MedicalItem, items)
    work.insert_rows(Diagnosis, [_diagnosis(code) for code in ("A00", "B00")])
    _price(work, country, services, items)
    renew_register(work)


def _named(code: str) -> _Row:
    return {**_SILENT, "id": new_id(), "code": code, "name_fr": code, "name_en": code}


def _service(code: str, category: str) -> _Row:
    return {
        **_COMMON,
        **_named(code),
        "price_minor": 100,
        "frequency_days": None,
        "patient_mask": 1 if code == "MALE" else 15,
        "type": ServiceType.CURATIVE,
        "level": ServiceLevel.SIMPLE,
        "category": ServiceCategory(category),
    }


def _item(code: str) -> _Row:
    return {
        **_COMMON,
        **_named(code),
        "price_minor": 100,
        "frequency_days": 30 if code == "IT30" else None,
        "patient_mask": 15,
        "max_quantity": Decimal(10) if code == "IT10" else None,
        "type": ItemType.DRUG,
        "package": "",
    }


def _diagnosis(code: str) -> _Row:
    version = {"classification": "ICD-10", "classification_version": "2019", "valid_from": START}
    return {**_named(code), **version}


def _price(work: Work, country: UUID, services: Sequence[_Row], items: Sequence[_Row]) -> None:
    prices = work.add(
        PriceList(
            code="PL",
            name="Prices",
            kind=PriceListKind.BOTH,
            dated=START,
            place_id=country,
            currency="XAF",
            valid_from=START,
            stamp=new_id(),
        )
    )
    work.session.flush()
    blank = {"price_list_id": prices.id, "currency": "XAF", "price_override_minor": None, "valid_from": START}
    lines = [{**blank, "item_id": row["id"], "service_id": None} for row in items]
    lines += [{**blank, "item_id": None, "service_id": row["id"]} for row in services]
    work.insert_rows(PriceListLine, lines)
    work.add(PriceListAssignment(jurisdiction_id=country, price_list_id=prices.id, valid_from=START))
