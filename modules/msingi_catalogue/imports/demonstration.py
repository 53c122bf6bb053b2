"""Small registers and a national price list for demonstrations, marked as such."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from msingi.errors import DomainError
from msingi.rbac.tree_queries import roots
from msingi.work import Work
from msingi_catalogue.imports.contents import parse_contents
from msingi_catalogue.models import PriceList
from msingi_catalogue.rules.kinds import (
    ItemType,
    PackageType,
    PriceListKind,
    ServiceCategory,
    ServiceLevel,
    ServiceType,
)
from msingi_catalogue.services.inputs import PricedKind, PriceListInput
from msingi_catalogue.services.packages import ContentDraft, change_contents
from msingi_catalogue.services.price_lists import (
    LineKey,
    PriceChange,
    assign_price_list,
    create_price_list,
    set_prices,
)
from msingi_catalogue.services.registers import DIAGNOSES, ITEMS, SERVICES, RegisterKind
from msingi_catalogue.services.writing import EntryDraft, write_entries
from msingi_registry import CareType

DEMONSTRATION: Final = "demonstration"
LIST_CODE: Final = "DEMO"
_BEGINS: Final = date(2020, 1, 1)
_EDITION: Final = {"classification": "ICD-10", "classification_version": "CM-2018"}


@dataclass(frozen=True, slots=True)
class DemonstrationCatalogue:
    """How many entries the demonstration holds, and its national list."""

    items: int
    services: int
    diagnoses: int
    price_list_id: UUID | None


def load_demonstration(work: Work) -> DemonstrationCatalogue:
    """Write the shipped registers and, once there is a country, its list at catalogue prices; repeatable."""
    factor = _factor(work.platform.profile.currency)
    items = [_item(row, factor) for row in _rows("items.csv")]
    services = [_service(row, factor) for row in _rows("services.csv")]
    diagnoses = [
        _draft(row, {"name_fr": row["name_fr"], "name_en": row["name_en"], **_EDITION})
        for row in _rows("diagnoses.csv")
    ]
    for kind, drafts in ((ITEMS, items), (SERVICES, services), (DIAGNOSES, diagnoses)):
        _write(work, kind, drafts)
    packages = {row["code"]: _contents(row, factor) for row in _rows("services.csv") if row["contents"]}
    _accept(change_contents(work, packages, begins=dict.fromkeys(packages, _BEGINS)))
    keys: list[LineKey] = [(PricedKind.ITEM, draft.code) for draft in items]
    keys += [(PricedKind.SERVICE, draft.code) for draft in services]
    price_list = _price_list(work, keys)
    return DemonstrationCatalogue(len(items), len(services), len(diagnoses), price_list)


def _write(work: Work, kind: RegisterKind, drafts: list[EntryDraft]) -> None:
    effects = write_entries(work, kind, drafts)
    _accept(dict(zip((draft.code for draft in drafts), effects, strict=True)))


def _accept(answers: Mapping[Any, object]) -> None:
    for answer in answers.values():
        if isinstance(answer, DomainError):
            raise answer


def _price_list(work: Work, keys: list[LineKey]) -> UUID | None:
    country = next(iter(sorted(roots(work))), None)
    if country is None:
        return None
    price_list = work.session.scalar(select(PriceList).where(PriceList.code == LIST_CODE))
    if price_list is None:
        given = PriceListInput(
            code=LIST_CODE,
            name="Tarif de démonstration",
            kind=PriceListKind.BOTH,
            dated=_BEGINS,
            place_id=country,
            valid_from=_BEGINS,
        )
        price_list = create_price_list(work, given)
        price_list.source = DEMONSTRATION
        assign_price_list(work, price_list.id, country, valid_from=_BEGINS)
    _accept(set_prices(work, price_list, {key: PriceChange(None, _BEGINS) for key in keys}))
    return price_list.id


def _item(row: Mapping[str, str], factor: int) -> EntryDraft:
    values = {
        "type": ItemType(row["type"]),
        "package": row["package"],
        "max_quantity": Decimal(row["max_quantity"]),
    }
    return _draft(row, values | _terms(row, factor))


def _service(row: Mapping[str, str], factor: int) -> EntryDraft:
    values = {
        "type": ServiceType(row["type"]),
        "package_type": PackageType(row["package_type"]),
        "level": ServiceLevel(row["level"]),
        "category": ServiceCategory(row["category"]),
    }
    return _draft(row, values | _terms(row, factor))


def _terms(row: Mapping[str, str], factor: int) -> dict[str, Any]:
    return {
        "name_fr": row["name_fr"],
        "name_en": row["name_en"],
        "price_minor": int(row["price_francs"]) * factor,
        "care_type": CareType(row["care_type"]),
        "frequency_days": int(row["frequency_days"]) if row["frequency_days"] else None,
        "patient_mask": int(row["patient_mask"]),
    }


def _draft(row: Mapping[str, str], values: Mapping[str, Any]) -> EntryDraft:
    return EntryDraft(row["code"], {**values, "source": DEMONSTRATION}, _BEGINS)


def _contents(row: Mapping[str, str], factor: int) -> list[ContentDraft]:
    francs = parse_contents(0)(row["contents"])
    return [(kind, code, quantity, price * factor) for kind, code, quantity, price in francs]


def _factor(currency: str) -> int:
    factors = {row["currency"]: int(row["minor_units_per_franc"]) for row in _rows("currencies.csv")}
    return factors.get(currency, 1)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("msingi_catalogue") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
