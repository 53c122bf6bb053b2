"""Reads the facilities of a country as published: no row lost, no value invented (FR-6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from msingi.tabular import CellRefused, Row, read_decimal
from msingi_registry.country.description import CountryDescription, FacilityFile, Ownership, describe_country
from msingi_registry.country.places import PlaceTree, read_place_tree
from msingi_registry.country.shipped_files import read_rows

_LARGEST_LATITUDE = 90
_LARGEST_LONGITUDE = 180


@dataclass(frozen=True, slots=True)
class FacilityRecord:
    """One line of a facility file, read; ``published`` keeps every cell of the line as it was.

    ``place_code`` is the first-level place of its own ``admin1``, ``None`` when that name is unknown. Latitude and
    longitude are degrees (WGS 84) or both ``None``. ``ownership`` is ``None`` when the published word is empty or
    unknown; the word stands in ``ownership_published``.
    """

    line: int
    source_id: str
    name: str
    admin1: str
    place_code: str | None
    type: str
    standard_type: str | None
    tier: int | None
    ownership: Ownership | None
    ownership_published: str
    latitude: float | None
    longitude: float | None
    coordinate_source: str
    services: tuple[str, ...]
    opening_hours: str
    published: Mapping[str, str]

    @property
    def has_coordinates(self) -> bool:
        """Whether the facility has a point."""
        return self.latitude is not None


def read_facilities(iso3: str) -> tuple[FacilityRecord, ...]:
    """Every facility of a country in the order of its file; raises ``FileNotFoundError``."""
    country = describe_country(iso3)
    tree = read_place_tree(iso3)
    rows = read_rows(country.iso3.lower(), country.facilities.file)
    return tuple(read_facility(row, country, tree) for row in rows)


def read_facility(row: Row, country: CountryDescription, tree: PlaceTree) -> FacilityRecord:
    """One line of a facility file; never refuses: what it cannot read is empty and left to the quality report."""
    file = country.facilities
    values = row.values
    published_owner = values.get("ownership", "")
    latitude, longitude = _point(values["latitude"], values["longitude"])
    return FacilityRecord(
        line=row.line,
        source_id=values[file.id],
        name=values["name"],
        admin1=values["admin1"],
        place_code=tree.find_first_level(values["admin1"]),
        type=values["facility_type"],
        standard_type=_standard_type(values, file),
        tier=int(values["tier"]) if values.get("tier", "").isdecimal() else None,
        ownership=file.ownership_of_all or file.ownership.get(published_owner),
        ownership_published=published_owner,
        latitude=latitude,
        longitude=longitude,
        coordinate_source=values.get("coordinate_source", ""),
        services=_services(values, file),
        opening_hours=values.get("opening_hours", ""),
        published=values,
    )


def _standard_type(values: Mapping[str, str], file: FacilityFile) -> str | None:
    return values.get("facility_type_std") or file.standard_types.get(values["facility_type"])


def _point(latitude: str, longitude: str) -> tuple[float, float] | tuple[None, None]:
    try:
        north, east = float(read_decimal(latitude)), float(read_decimal(longitude))
    except CellRefused:
        return None, None
    on_earth = abs(north) <= _LARGEST_LATITUDE and abs(east) <= _LARGEST_LONGITUDE
    return (north, east) if on_earth else (None, None)


def _services(values: Mapping[str, str], file: FacilityFile) -> tuple[str, ...]:
    listed = values.get(file.services, "") if file.services else ""
    emergency = ("emergency",) if values.get("emergency") == "yes" else ()
    return tuple(dict.fromkeys((*(part for part in listed.split(";") if part), *emergency)))
