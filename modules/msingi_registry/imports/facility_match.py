"""Which facility of the registry a line of a list is: by code, by number, or by name and place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_registry.imports.place_lookup import KnownPlace
from msingi_registry.models.facility import Facility, FacilityIdentifier, FacilityService
from msingi_registry.services.facility_rows import chunks
from msingi_registry.services.search_names import search_name

if TYPE_CHECKING:
    from msingi_registry.imports.facilities import FacilityLine

_COMPARED: Final = (
    *("id", "jurisdiction_id", "code", "name", "search_name", "status", "type", "standard_type", "tier"),
    *(
        "ownership",
        "legal_form",
        "care_type",
        "latitude",
        "longitude",
        "coordinate_source",
        "beds",
        "opened_on",
    ),
)


@dataclass(slots=True)
class KnownFacility:
    """A facility of the registry with what a list may say about it."""

    id: UUID
    jurisdiction_id: UUID
    place_id: UUID | None
    values: Mapping[str, Any]
    services: set[str] = field(default_factory=set)


@dataclass(slots=True)
class KnownFacilities:
    """The facilities that a batch names; ``taken`` are codes that no new facility may bear."""

    by_code: dict[str, KnownFacility] = field(default_factory=dict)
    by_number: dict[tuple[str, str], KnownFacility] = field(default_factory=dict)
    by_name: dict[tuple[UUID | None, str], KnownFacility] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    places: Mapping[str, KnownPlace] = field(default_factory=dict)

    def find(self, line: "FacilityLine") -> KnownFacility | None:
        """The facility of a line, if the registry has it."""
        if line.code is not None:
            return self.by_code.get(line.code)
        if line.number is not None:
            return self.by_number.get((line.number.system, line.number.value))
        return self.by_name.get((self.places[line.place].id, search_name(line.name)))


def find_known(
    work: Work, lines: Sequence["FacilityLine"], places: Mapping[str, KnownPlace]
) -> KnownFacilities:
    """The facilities that these lines name, of the present scope; a constant number of statements."""
    known = KnownFacilities(places=places)
    codes = [line.code for line in lines if line.code is not None]
    for row in _rows(work, _facilities().where(Facility.code.in_(codes)) if codes else None):
        known.by_code[row.code] = _known(row)
    if codes:
        known.taken = set(work.session.scalars(select(Jurisdiction.code).where(Jurisdiction.code.in_(codes))))
    _add_numbered(work, known, [line for line in lines if line.code is None and line.number is not None])
    _add_named(work, known, [line for line in lines if line.code is None and line.number is None])
    _add_services(work, known)
    return known


def _add_numbered(work: Work, known: KnownFacilities, lines: Sequence["FacilityLine"]) -> None:
    values = {line.number.value for line in lines if line.number is not None}
    if not values:
        return
    number = FacilityIdentifier
    statement = (
        _facilities(number.system, number.value)
        .join(number, number.facility_id == Facility.id)
        .where(number.value.in_(sorted(values)), number.occurrence == 1)
    )
    for row in _rows(work, statement):
        known.by_number[row.system, row.value] = _known(row)


def _add_named(work: Work, known: KnownFacilities, lines: Sequence["FacilityLine"]) -> None:
    names = {search_name(line.name) for line in lines}
    if not names:
        return
    places = {known.places[line.place].id for line in lines}
    statement = _facilities().where(
        Facility.search_name.in_(sorted(names)), Jurisdiction.parent_id.in_(sorted(places))
    )
    for row in _rows(work, statement):
        known.by_name[row.parent_id, row.search_name] = _known(row)


def _add_services(work: Work, known: KnownFacilities) -> None:
    found: dict[UUID, list[KnownFacility]] = {}
    for group in (known.by_code, known.by_number, known.by_name):
        for facility in group.values():
            found.setdefault(facility.id, []).append(facility)
    for chunk in chunks(sorted(found)):
        columns = (FacilityService.facility_id, FacilityService.service)
        for row in work.session.execute(select(*columns).where(FacilityService.facility_id.in_(chunk))):
            for facility in found[row.facility_id]:
                facility.services.add(row.service)


def _facilities(*others: Any) -> Select[Any]:
    columns = [getattr(Facility, name) for name in _COMPARED]
    leaf = Jurisdiction.id == Facility.jurisdiction_id
    return select(*columns, Jurisdiction.parent_id, *others).join(Jurisdiction, leaf)


def _rows(work: Work, statement: Select[Any] | None) -> Iterator[Row[Any]]:
    return iter(()) if statement is None else iter(work.session.execute(statement))


def _known(row: Row[Any]) -> KnownFacility:
    values = {name: getattr(row, name) for name in _COMPARED}
    return KnownFacility(row.id, row.jurisdiction_id, row.parent_id, values)
