"""What claims and insurance ask: entries by code and prices of facilities, in one small statement when warm."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Select, bindparam, select, true

from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_catalogue.models import (
    CatalogueRegister,
    Diagnosis,
    PastDiagnosis,
    PriceList,
    PriceListAssignment,
)
from msingi_catalogue.rules.entries import (
    NOTHING,
    Assigned,
    CatalogueDiagnosis,
    CatalogueItem,
    CatalogueService,
    CompiledList,
    PriceTable,
    Register,
    ValidPeriod,
    nearest_list,
)
from msingi_catalogue.rules.kinds import PriceListKind
from msingi_catalogue.rules.validity import holds_on
from msingi_catalogue.services.compiled import lists_at, registers_at
from msingi_registry import Facility

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as it stands now, with the prices of some facilities: any day can be asked of it."""

    items: Register[CatalogueItem]
    services: Register[CatalogueService]
    _assigned: Mapping[UUID, Sequence[Assigned]]
    _lists: Mapping[UUID, CompiledList]
    _held: Mapping[UUID, ValidPeriod]

    def prices(self, facility_id: UUID, on: date) -> PriceTable:
        """The price table of a facility on a day; without a list nothing is priced (check 2).

        Raises:
            KeyError: the catalogue was not opened for this facility.

        """
        items, services = (
            NOTHING if one is None else self._lists[one] for one in self.lists_for(facility_id, on)
        )
        return PriceTable(on, items, services)

    def lists_for(self, facility_id: UUID, on: date) -> tuple[UUID | None, UUID | None]:
        """The list that prices items at a facility on a day, and the one that prices services."""
        holding = [one for one in self._assigned[facility_id] if holds_on(self._held[one.list_id], on)]
        return nearest_list(holding, on, items=True), nearest_list(holding, on, items=False)


def open_catalogue(work: Work, facility_ids: Iterable[UUID] = ()) -> Catalogue:
    """The registers and the price lists of these facilities, whatever the caller's places.

    One statement when both are in memory; at most six more after a change.
    """
    wanted = sorted(set(facility_ids))
    assigned: dict[UUID, list[Assigned]] = {facility: [] for facility in wanted}
    stamps: dict[UUID, UUID] = {}
    held: dict[UUID, ValidPeriod] = {}
    stamp: UUID | None = None
    with work.everywhere():
        for start in range(0, max(len(wanted), 1), _CHUNK):
            for row in work.session.execute(_state(), {"facilities": wanted[start : start + _CHUNK]}):
                stamp = row.register_stamp
                if row.facility_id is None:
                    continue
                assigned[row.facility_id].append(_assigned(row))
                stamps[row.list_id] = row.list_stamp
                held[row.list_id] = ValidPeriod(row.list_from, row.list_to)
        registers = registers_at(work, stamp)
        lists = lists_at(work, stamps)
    return Catalogue(registers.items, registers.services, assigned, lists, held)


def prices_at(work: Work, facility_ids: Iterable[UUID], on: date) -> dict[UUID, PriceTable]:
    """The price table of each facility on one day; for many days open the catalogue once."""
    wanted = set(facility_ids)
    catalogue = open_catalogue(work, wanted)
    return {facility: catalogue.prices(facility, on) for facility in wanted}


def lists_in_force(work: Work, facility_ids: Iterable[UUID], on: date) -> dict[UUID, list[PriceList]]:
    """The lists that price each facility on a day, each list once."""
    wanted = set(facility_ids)
    catalogue = open_catalogue(work, wanted)
    chosen = {facility: dict.fromkeys(catalogue.lists_for(facility, on)) for facility in wanted}
    lists = work.by_ids(PriceList, {one for found in chosen.values() for one in found})
    return {facility: [lists[one] for one in found if one] for facility, found in chosen.items()}


def items_by_code(work: Work, codes: Iterable[str], on: date) -> dict[str, CatalogueItem]:
    """Items by code with the terms of a day; those that do not hold then are left out (check 1)."""
    register = open_catalogue(work).items
    return {code: item for code in set(codes) if (item := register.by_code(code, on)) is not None}


def services_by_code(work: Work, codes: Iterable[str], on: date) -> dict[str, CatalogueService]:
    """Services by code with the terms of a day; those that do not hold then are left out (check 1)."""
    register = open_catalogue(work).services
    return {code: service for code in set(codes) if (service := register.by_code(code, on)) is not None}


def diagnoses_by_code(work: Work, codes: Iterable[str]) -> dict[str, CatalogueDiagnosis]:
    """Diagnoses by code, each with the days on which it holds, in one statement per 5,000 codes."""
    wanted = sorted(set(codes))
    found: dict[str, CatalogueDiagnosis] = {}
    for start in range(0, len(wanted), _CHUNK):
        for row in work.session.execute(_diagnoses(), {"codes": wanted[start : start + _CHUNK]}):
            own = ValidPeriod(row.valid_from, row.valid_to)
            earlier = found[row.code].periods if row.code in found else (own,)
            past = () if row.past_from is None else (ValidPeriod(row.past_from, row.past_to),)
            found[row.code] = CatalogueDiagnosis(
                row.id, row.code, row.name_fr, row.name_en, (*earlier, *past)
            )
    return found


@cache
def _state() -> Select[Any]:
    """The stamp of the registers beside every list that reaches the facilities from their leaf upwards."""
    reach = (
        select(
            Facility.id.label("facility_id"),
            JurisdictionClosure.depth.label("distance"),
            PriceListAssignment.valid_from,
            PriceListAssignment.valid_to,
            PriceList.id.label("list_id"),
            PriceList.kind,
            PriceList.stamp.label("list_stamp"),
            PriceList.valid_from.label("list_from"),
            PriceList.valid_to.label("list_to"),
        )
        .join(JurisdictionClosure, JurisdictionClosure.descendant_id == Facility.jurisdiction_id)
        .join(PriceListAssignment, PriceListAssignment.jurisdiction_id == JurisdictionClosure.ancestor_id)
        .join(PriceList, PriceList.id == PriceListAssignment.price_list_id)
        .where(Facility.id.in_(bindparam("facilities", expanding=True)))
        .subquery()
    )
    return select(CatalogueRegister.stamp.label("register_stamp"), reach).outerjoin(reach, true())


def _assigned(row: Any) -> Assigned:
    return Assigned(
        row.list_id,
        prices_items=row.kind is not PriceListKind.SERVICES,
        prices_services=row.kind is not PriceListKind.ITEMS,
        distance=row.distance,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


@cache
def _diagnoses() -> Executable:
    return (
        select(
            *(Diagnosis.id, Diagnosis.code, Diagnosis.name_fr, Diagnosis.name_en),
            *(Diagnosis.valid_from, Diagnosis.valid_to),
            PastDiagnosis.valid_from.label("past_from"),
            PastDiagnosis.valid_to.label("past_to"),
        )
        .outerjoin(PastDiagnosis, PastDiagnosis.diagnosis_id == Diagnosis.id)
        .where(Diagnosis.code.in_(bindparam("codes", expanding=True)))
    )
