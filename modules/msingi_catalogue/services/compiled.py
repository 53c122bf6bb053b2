"""Registers and price lists compiled into memory, once per process and state: a warm look-up reads no entry."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.money import exponent_of
from msingi.work import Work
from msingi_catalogue.models import (
    MedicalItem,
    MedicalService,
    PastItem,
    PastService,
    PriceListLine,
    ServiceContent,
)
from msingi_catalogue.rules.entries import (
    NOTHING,
    CatalogueItem,
    CatalogueService,
    CompiledList,
    PackageContent,
    PricedPeriod,
    Register,
)

_TERMS = ("currency", "price_minor", "care_type", "frequency_days", "patient_mask", "valid_from", "valid_to")
_ITEM = (*_TERMS, "max_quantity")
_SERVICE = (*_TERMS, "package_type", "manual_price", "level", "category", "max_amount_minor")
_NAMES = ("id", "code", "name_fr", "name_en", "type")


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of items and services in one state."""

    items: Register[CatalogueItem]
    services: Register[CatalogueService]


EMPTY = Registers(Register(()), Register(()))


def registers_at(work: Work, stamp: UUID | None) -> Registers:
    """The registers in the state of this stamp, read in five statements when they are not in memory."""
    if stamp is None:
        return EMPTY
    keep = work.platform.kept("catalogue.registers", 4)
    found: Registers = keep.get_many([stamp], lambda _: {stamp: _read_registers(work)})[stamp]
    return found


def lists_at(work: Work, stamps: Mapping[UUID, UUID]) -> dict[UUID, CompiledList]:
    """Price lists by id in the states of these stamps; those not in memory are read together in one statement."""
    lists = {stamp: list_id for list_id, stamp in stamps.items()}
    keep = work.platform.kept("catalogue.price_lists", 2_000)
    found = keep.get_many(lists, lambda fresh: _read_lists(work, {stamp: lists[stamp] for stamp in fresh}))
    return {list_id: found[stamp] for list_id, stamp in stamps.items()}


def _read_registers(work: Work) -> Registers:
    return Registers(Register(_items(work)), Register(_services(work)))


def _read_lists(work: Work, lists: Mapping[UUID, UUID]) -> dict[UUID, CompiledList]:
    lines = _lines(work, list(lists.values()))
    return {stamp: lines.get(list_id, NOTHING) for stamp, list_id in lists.items()}


def _items(work: Work) -> Iterator[CatalogueItem]:
    for row in _periods(work, MedicalItem, PastItem, PastItem.item_id, _ITEM):
        yield CatalogueItem(**row)


def _services(work: Work) -> Iterator[CatalogueService]:
    contents = _contents(work)
    for row in _periods(work, MedicalService, PastService, PastService.service_id, _SERVICE):
        amount = row.pop("max_amount_minor")
        currency = row.pop("max_amount_currency")
        yield CatalogueService(
            **row,
            max_amount=None if amount is None else _major(amount, currency),
            all_contents=contents.get(row["id"], ()),
        )


def _periods(
    work: Work, live: Any, past: Any, past_id: Any, terms: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Every period of every entry, with what never changes taken from the live row."""
    fixed: dict[UUID, Any] = {}
    names = tuple(terms)
    for row in work.session.execute(select(*(getattr(live, name) for name in (*_NAMES, *names)))):
        fixed[row.id] = {name: getattr(row, name) for name in _NAMES}
        yield fixed[row.id] | _terms(row, names)
    for row in work.session.execute(
        select(past_id.label("entry_id"), *(getattr(past, name) for name in names))
    ):
        yield fixed[row.entry_id] | _terms(row, names)


def _terms(row: Any, names: Iterable[str]) -> dict[str, Any]:
    terms = {name: getattr(row, name) for name in names}
    currency = terms.pop("currency")
    terms["price"] = _major(terms.pop("price_minor"), currency)
    return terms | ({"max_amount_currency": currency} if "max_amount_minor" in terms else {})


def _contents(work: Work) -> dict[UUID, tuple[PackageContent, ...]]:
    found: dict[UUID, list[PackageContent]] = {}
    for content in work.session.execute(select(*ServiceContent.__table__.columns)):
        found.setdefault(content.service_id, []).append(
            PackageContent(
                content.item_id or content.sub_service_id,
                content.quantity,
                _major(content.price_minor, content.currency),
                is_item=content.item_id is not None,
                valid_from=content.valid_from,
                valid_to=content.valid_to,
            )
        )
    return {service: tuple(contents) for service, contents in found.items()}


def _lines(work: Work, list_ids: Collection[UUID]) -> dict[UUID, CompiledList]:
    found: dict[UUID, dict[UUID, list[PricedPeriod]]] = {}
    lines = select(*PriceListLine.__table__.columns).where(PriceListLine.price_list_id.in_(list_ids))
    for line in work.session.execute(lines):
        override = line.price_override_minor
        period = PricedPeriod(
            None if override is None else _major(override, line.currency), line.valid_from, line.valid_to
        )
        priced = found.setdefault(line.price_list_id, {})
        priced.setdefault(line.item_id or line.service_id, []).append(period)
    return dict(found)


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent_of(currency))
