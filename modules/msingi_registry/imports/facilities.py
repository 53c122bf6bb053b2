"""Lists of facilities: what is new is added, what is known is corrected, what is odd is flagged (FR-3, FR-4, FR-6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from msingi import tabular
from msingi.tabular import CellRefused, Column, Numbered, cells
from msingi.work import Work
from msingi_registry.country.description import Ownership
from msingi_registry.country.findings import FindingKind
from msingi_registry.degrees import stored_degrees
from msingi_registry.imports.facility_match import KnownFacilities, KnownFacility, find_known
from msingi_registry.imports.outcome import Outcome
from msingi_registry.imports.place_lookup import KnownPlace, find_places, is_usable
from msingi_registry.imports.resemblance import find_resembling
from msingi_registry.rules.facilities import CareType, FacilityState
from msingi_registry.rules.identifiers import FACILITY_CODE, normalise_code
from msingi_registry.rules.names import clean_name, fold_name
from msingi_registry.rules.refusals import Refusal
from msingi_registry.services.facility_rows import (
    FacilityDraft,
    ListedNumber,
    change_facilities,
    insert_facilities,
)
from msingi_registry.services.facility_services import replace_services
from msingi_registry.services.point_check import check_points
from msingi_registry.services.search_names import search_name

LIST: Final = "import"
"""The list of numbers that come without the name of their list."""

_VALUES: Final = (
    *("type", "standard_type", "tier", "ownership", "legal_form", "care_type", "latitude", "longitude"),
    *("coordinate_source", "beds", "opened_on"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityLine:
    """A line of a list of facilities."""

    name: str
    place: str
    type: str
    code: str | None
    number: ListedNumber | None
    status: FacilityState | None
    standard_type: str | None
    tier: int | None
    ownership: Ownership | None
    legal_form: str | None
    care_type: CareType | None
    latitude: Decimal | None
    longitude: Decimal | None
    coordinate_source: str | None
    beds: int | None
    opened_on: date | None
    services: tuple[str, ...]

    @property
    def name_key(self) -> str:
        """What tells facilities apart that have neither code nor number."""
        return f"{self.place}\x00{fold_name(self.name)}"


class FacilityImporter:
    """Reads and writes lists of facilities.

    A line is the facility with its code, else with its number in the list, else with its name in its place. An
    empty cell empties the field of a known facility; an absent column leaves it.
    """

    batch_size: Final[int] = 1_000

    def __init__(self, present: frozenset[str]) -> None:
        """Take the fields whose columns the file has."""
        self._present = present

    def mapping(self) -> tabular.Mapping[FacilityLine]:
        """The columns."""
        return tabular.Mapping(_build, COLUMNS)

    def keys(self, record: FacilityLine) -> Sequence[str]:
        """Code, number, or name and place."""
        if record.code is not None:
            return (record.code,)
        if record.number is not None:
            return (f"{record.number.system}\x00{record.number.value}",)
        return (record.name_key,)

    def write(self, work: Work, lines: Sequence[Numbered[FacilityLine]]) -> Outcome:
        """Add, correct, flag."""
        outcome = Outcome()
        places = find_places(work, {line.record.place for line in lines})
        usable = [
            line for line in lines if is_usable(places.get(line.record.place), outcome, line.line, "place")
        ]
        known = find_known(work, [line.record for line in usable], places)
        fresh = [line for line in usable if _is_fresh(line, known, outcome)]
        self._resemble(work, fresh, places, outcome)
        added = self._add(work, fresh)
        changed = self._correct(work, usable, known, places, outcome)
        outcome.created, outcome.updated = len(added), len(changed)
        outcome.unchanged = len(usable) - len(added) - len(changed) - _unusable(outcome)
        _flag_points(work, {**added, **changed}, outcome)
        return outcome

    def _add(self, work: Work, fresh: Sequence[Numbered[FacilityLine]]) -> dict[UUID, int]:
        ids = insert_facilities(work, [_draft(line.record) for line in fresh])
        return {identifier: line.line for identifier, line in zip(ids, fresh, strict=True)}

    def _correct(
        self,
        work: Work,
        lines: Sequence[Numbered[FacilityLine]],
        known: KnownFacilities,
        places: Mapping[str, KnownPlace],
        outcome: Outcome,
    ) -> dict[UUID, int]:
        changes: dict[UUID, dict[str, Any]] = {}
        services: dict[UUID, tuple[KnownFacility, tuple[str, ...]]] = {}
        numbers: dict[UUID, int] = {}
        for line in lines:
            facility = known.find(line.record)
            if facility is None:
                continue
            _flag_differences(line, facility, places, outcome)
            changed = self._differences(line.record, facility)
            if changed:
                changes[facility.id] = changed
                numbers[facility.id] = line.line
            if "services" in self._present and set(line.record.services) != facility.services:
                services[facility.id] = (facility, line.record.services)
                numbers[facility.id] = line.line
        change_facilities(work, changes)
        replace_services(
            work, {key: (found.jurisdiction_id, wanted) for key, (found, wanted) in services.items()}
        )
        return numbers

    def _differences(self, line: FacilityLine, facility: KnownFacility) -> dict[str, Any]:
        wanted: dict[str, Any] = {field: getattr(line, field) for field in _VALUES if field in self._present}
        for field in {"latitude", "longitude"} & wanted.keys():
            wanted[field] = None if wanted[field] is None else stored_degrees(wanted[field])
        wanted["name"] = line.name
        changed = {field: value for field, value in wanted.items() if facility.values[field] != value}
        if "name" in changed:
            changed["search_name"] = search_name(line.name)
        return changed

    def _resemble(
        self,
        work: Work,
        fresh: Sequence[Numbered[FacilityLine]],
        places: Mapping[str, KnownPlace],
        outcome: Outcome,
    ) -> None:
        for line, code in find_resembling(work, fresh, places).items():
            outcome.flag(line, "name", "registry.import_resembles", code=code)


def _is_fresh(line: Numbered[FacilityLine], known: KnownFacilities, outcome: Outcome) -> bool:
    if known.find(line.record) is not None:
        return False
    if line.record.code in known.taken:
        outcome.refuse(line.line, "code", "registry.import_code_unusable")
        return False
    return True


def _unusable(outcome: Outcome) -> int:
    return sum(said.code == "registry.import_code_unusable" for said in outcome.said)


def _flag_differences(
    line: Numbered[FacilityLine],
    facility: KnownFacility,
    places: Mapping[str, KnownPlace],
    outcome: Outcome,
) -> None:
    if facility.place_id != places[line.record.place].id:
        outcome.flag(line.line, "place", "registry.import_place_differs")
    status = facility.values["status"]
    if line.record.status not in {None, status}:
        outcome.flag(line.line, "status", "registry.import_status_differs", status=status.value)


def _flag_points(work: Work, lines: Mapping[UUID, int], outcome: Outcome) -> None:
    for identifier, kind in check_points(work, list(lines)).items():
        if kind is not FindingKind.MISSING_COORDINATES:
            outcome.flag(lines[identifier], "latitude", "registry.import_point_elsewhere")


def _draft(line: FacilityLine) -> FacilityDraft:
    return FacilityDraft(
        name=line.name,
        place=line.place,
        code=line.code,
        status=line.status or FacilityState.OPERATIONAL,
        services=line.services,
        numbers=(line.number,) if line.number else (),
        **{field: getattr(line, field) for field in _VALUES},
    )


def _build(
    *,
    name: str,
    place: str,
    code: str | None,
    number: str | None,
    list_name: str | None,
    latitude: Decimal | None,
    longitude: Decimal | None,
    services: str | None,
    **others: Any,
) -> FacilityLine:
    if (latitude is None) != (longitude is None):
        raise CellRefused("registry.import_half_point", column="latitude")
    return FacilityLine(
        name=_read_name(name),
        place=place.strip(),
        code=_read_code(code),
        number=ListedNumber(list_name or LIST, number.strip()) if number else None,
        latitude=latitude,
        longitude=longitude,
        services=_read_services(services),
        **others,
    )


def _read_name(name: str) -> str:
    try:
        return clean_name(name)
    except Refusal:
        raise CellRefused("registry.import_name_unreadable", column="name") from None


def _read_code(code: str | None) -> str | None:
    try:
        return None if code is None else normalise_code(FACILITY_CODE, code)
    except Refusal:
        raise CellRefused("registry.import_code_invalid", column="code") from None


def _read_services(services: str | None) -> tuple[str, ...]:
    parts = (part.strip() for part in (services or "").split(";"))
    codes = tuple(dict.fromkeys(part for part in parts if part))
    if any(len(code) > _LONGEST_SERVICE for code in codes):
        raise CellRefused("tabular.too_long", column="services", maximum=_LONGEST_SERVICE)
    return codes


_LONGEST_SERVICE: Final = 64
_STATES: Final = {
    state.value: state
    for state in (FacilityState.PROPOSED, FacilityState.VERIFIED, FacilityState.OPERATIONAL)
}


def _optional(name: str, field: str, parser: tabular.Parser[Any], *aliases: str) -> Column:
    return Column(name, field, cells.optional(parser), aliases, required=False)


def _degrees(most: int) -> tabular.Parser[Decimal]:
    """A coordinate, with a point or a comma before its decimals: none is long enough to group by thousands."""
    return cells.decimal(minimum=Decimal(-most), maximum=Decimal(most), decimal_mark=",")


COLUMNS: Final = (
    Column("name", "name", cells.text(maximum=200), ("nom", "facility_name")),
    Column("place", "place", cells.text(maximum=64), ("lieu", "place_code", "parent")),
    Column("type", "type", cells.text(maximum=100), ("facility_type",)),
    _optional("code", "code", cells.text(maximum=64)),
    _optional("number", "number", cells.text(maximum=100), "numéro", "facility_id", "source_id"),
    _optional("list", "list_name", cells.text(maximum=100), "liste"),
    _optional("status", "status", cells.choice(_STATES), "statut"),
    _optional("standard_type", "standard_type", cells.text(maximum=100)),
    _optional("tier", "tier", cells.integer(minimum=1, maximum=9), "niveau"),
    _optional(
        "ownership", "ownership", cells.choice({each.value: each for each in Ownership}), "statut_juridique"
    ),
    _optional("legal_form", "legal_form", cells.text(maximum=100), "forme_juridique"),
    _optional("care_type", "care_type", cells.choice({each.value: each for each in CareType})),
    _optional("latitude", "latitude", _degrees(90)),
    _optional("longitude", "longitude", _degrees(180)),
    _optional("coordinate_source", "coordinate_source", cells.text(maximum=100)),
    _optional("beds", "beds", cells.integer(minimum=0, maximum=100_000), "lits"),
    _optional("opened_on", "opened_on", cells.date(), "date_ouverture"),
    _optional("services", "services", cells.text(maximum=5_000)),
)
"""The columns of a list of facilities; services are separated by semicolons."""
