"""Compiled entries of the catalogue: immutable values that stay in memory as long as nothing changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Generic, TypeVar
from uuid import UUID

from msingi_catalogue.rules.kinds import ItemType, PackageType, ServiceCategory, ServiceLevel, ServiceType
from msingi_catalogue.rules.prices import Content, price_in_force
from msingi_catalogue.rules.validity import holds_on, in_force
from msingi_registry import CareType


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """An item or a service with the terms of one period; ``price`` is that of the catalogue in major units."""

    id: UUID
    code: str
    name_fr: str
    name_en: str
    price: Decimal
    care_type: CareType
    frequency_days: int | None
    patient_mask: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItem(CatalogueEntry):
    """An item with the terms of one period; ``max_quantity`` empty is without limit."""

    type: ItemType
    max_quantity: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageContent(Content):
    """What a package contains during one period."""

    is_item: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueService(CatalogueEntry):
    """A service with the terms of one period; ``max_amount`` empty is without limit."""

    type: ServiceType
    package_type: PackageType
    manual_price: bool
    level: ServiceLevel
    category: ServiceCategory
    max_amount: Decimal | None
    all_contents: tuple[PackageContent, ...] = ()

    def contents_on(self, on: date) -> tuple[PackageContent, ...]:
        """What the package contains on a day."""
        return tuple(content for content in self.all_contents if holds_on(content, on))


@dataclass(frozen=True, slots=True)
class CatalogueDiagnosis:
    """A diagnosis and every period in which it holds."""

    id: UUID
    code: str
    name_fr: str
    name_en: str
    periods: tuple["ValidPeriod", ...]

    def holds_on(self, on: date) -> bool:
        """Whether it may be stated for a day (check 8)."""
        return any(holds_on(period, on) for period in self.periods)


@dataclass(frozen=True, slots=True)
class ValidPeriod:
    """Days on which something holds, both included."""

    valid_from: date
    valid_to: date | None


_Entry = TypeVar("_Entry", bound=CatalogueEntry)


class Register(Generic[_Entry]):
    """All entries of one kind by code and by id, with every period of each."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        by_id: dict[UUID, list[_Entry]] = {}
        for entry in entries:
            by_id.setdefault(entry.id, []).append(entry)
        self._by_id: Mapping[UUID, Sequence[_Entry]] = by_id
        self._by_code = {periods[0].code: periods for periods in by_id.values()}

    def by_code(self, code: str, on: date) -> _Entry | None:
        """The entry of this code with the terms of the day; None when it does not hold then (check 1)."""
        return in_force(self._by_code.get(code, ()), on)

    def by_id(self, entry_id: UUID, on: date) -> _Entry | None:
        """The entry of this id with the terms of the day; None when it does not hold then."""
        return in_force(self._by_id.get(entry_id, ()), on)

    def __len__(self) -> int:
        return len(self._by_id)


@dataclass(frozen=True, slots=True)
class PricedPeriod:
    """A line of a price list during one period; ``override`` empty takes the price of the catalogue."""

    override: Decimal | None
    valid_from: date
    valid_to: date | None


CompiledList = Mapping[UUID, Sequence[PricedPeriod]]
"""Every line of a price list by the item or service that it prices."""

NOTHING: CompiledList = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The prices that hold for one facility on one day."""

    on: date
    items: CompiledList
    services: CompiledList

    def price_of(self, entry: CatalogueEntry) -> Decimal | None:
        """The list price in major units; None when the entry is not on the facility's list (check 2)."""
        lines = self.items if isinstance(entry, CatalogueItem) else self.services
        line = in_force(lines.get(entry.id, ()), self.on)
        return None if line is None else price_in_force(line.override, entry.price)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A price list as it is assigned to a facility; ``distance`` is 0 for the facility itself."""

    list_id: UUID
    prices_items: bool
    prices_services: bool
    distance: int
    valid_from: date
    valid_to: date | None


def nearest_list(assigned: Iterable[Assigned], on: date, *, items: bool) -> UUID | None:
    """The list for items, or for services, that the nearest assignment of the day names; the newest of equals."""
    fitting = [
        one for one in assigned if (one.prices_items if items else one.prices_services) and holds_on(one, on)
    ]
    best = min(fitting, key=lambda one: (one.distance, -one.valid_from.toordinal()), default=None)
    return None if best is None else best.list_id
