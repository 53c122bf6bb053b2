"""Compares points with the shapes of the units that they declare (FR-4)."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msingi_registry.country.description import CountryDescription
from msingi_registry.country.facilities import FacilityRecord
from msingi_registry.country.findings import Finding, FindingKind
from msingi_registry.country.shipped_files import read_boundaries, read_rows

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TOLERANCE_DEGREES: Final = 0.01
"""About one kilometre: the shipped shapes were simplified by 0.005 degrees."""


def read_place_shapes(country: CountryDescription) -> "dict[str, BaseGeometry]":
    """The shape of each first-level place by its code, in degrees; one place may join several boundaries."""
    from shapely import union_all

    boundaries = read_boundaries(country.iso3)
    shapes: dict[str, BaseGeometry] = {}
    for file in country.places:
        for row in read_rows(country.iso3.lower(), file.file) if file.boundaries else ():
            parts = [boundaries[name] for name in row.values[file.boundaries].split("|")]
            shapes[row.values[file.code]] = union_all(parts)
    return shapes


def find_misplaced(records: Sequence[FacilityRecord], country: CountryDescription) -> Iterator[Finding]:
    """Points outside the country, or inside it but outside the declared first-level place; no point is moved."""
    from shapely import contains_xy

    shapes = {code: _widened(shape) for code, shape in read_place_shapes(country).items()}
    for record in records:
        declared = shapes.get(record.place_code or "")
        if declared is None or record.longitude is None or record.latitude is None:
            continue
        if not contains_xy(declared, record.longitude, record.latitude):
            around = [
                code
                for code, shape in shapes.items()
                if contains_xy(shape, record.longitude, record.latitude)
            ]
            yield _misplaced(record, around)


def _widened(shape: "BaseGeometry") -> "BaseGeometry":
    from shapely import prepare

    wide = shape.buffer(TOLERANCE_DEGREES)
    prepare(wide)
    return wide


def _misplaced(record: FacilityRecord, around: Sequence[str]) -> Finding:
    kind = FindingKind.OUTSIDE_ADMIN1 if around else FindingKind.OUTSIDE_COUNTRY
    details = {"declared": record.place_code, "inside": ", ".join(around)}
    return Finding(kind, record.line, record.source_id, details)
