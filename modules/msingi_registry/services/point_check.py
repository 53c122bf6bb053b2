"""Whether points lie in the unit that their facilities declare: flagged, not refused (FR-4, PD-3)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import delete, select

from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_registry.country import describe_country, list_countries, read_place_shapes
from msingi_registry.country.findings import FindingKind
from msingi_registry.country.geography import TOLERANCE_DEGREES
from msingi_registry.models.facility import Facility, QualityFinding
from msingi_registry.services.facility_rows import chunks
from msingi_registry.services.findings import Flagged, add_findings

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SOURCE: Final = "registry"
"""The list of findings about records that were added or corrected here."""

_POINT_KINDS: Final = (
    FindingKind.MISSING_COORDINATES.value,
    FindingKind.OUTSIDE_ADMIN1.value,
    FindingKind.OUTSIDE_COUNTRY.value,
)


def check_points(work: Work, facilities: Sequence[UUID]) -> dict[UUID, FindingKind]:
    """Look at the points of facilities again and say what is odd about those that are missing or lie elsewhere."""
    flagged = [found for chunk in chunks(facilities) for found in _look(work, chunk)]
    add_findings(work, SOURCE, flagged)
    return {found.facility_id: FindingKind(found.kind) for found in flagged if found.facility_id}


def _look(work: Work, facilities: Sequence[UUID]) -> list[Flagged]:
    work.session.execute(
        delete(QualityFinding).where(
            QualityFinding.facility_id.in_(facilities), QualityFinding.kind.in_(_POINT_KINDS)
        ),
        execution_options={"synchronize_session": False},
    )
    columns = (Facility.id, Facility.code, Facility.latitude, Facility.longitude)
    rows = work.session.execute(select(*columns).where(Facility.id.in_(facilities))).all()
    placed = [row for row in rows if row.latitude is not None and row.longitude is not None]
    missing = [
        _flag(FindingKind.MISSING_COORDINATES, row.id, row.code, {"word": ""})
        for row in rows
        if row.latitude is None or row.longitude is None
    ]
    return [*missing, *_misplaced(work, placed, _first_levels(work, facilities))]


def _misplaced(work: Work, placed: Sequence[Any], units: Mapping[UUID, str]) -> Iterator[Flagged]:
    shapes = shapes_of(work.platform.profile.country.iso3)
    for row, around in zip(placed, _around(shapes, placed), strict=True):
        declared = units.get(row.id, "")
        if declared in shapes and declared not in around:
            kind = FindingKind.OUTSIDE_ADMIN1 if around else FindingKind.OUTSIDE_COUNTRY
            details = {"declared": declared, "inside": ", ".join(around)}
            yield _flag(kind, row.id, row.code, details)


@lru_cache(maxsize=8)
def shapes_of(iso3: str) -> "Mapping[str, BaseGeometry]":
    """The shapes of the first-level places by code, widened by their simplification; empty without a map."""
    if iso3 not in list_countries():
        return {}
    from shapely import prepare

    shapes = {
        code: shape.buffer(TOLERANCE_DEGREES)
        for code, shape in read_place_shapes(describe_country(iso3)).items()
    }
    for shape in shapes.values():
        prepare(shape)
    return shapes


def _around(shapes: "Mapping[str, BaseGeometry]", placed: Sequence[Any]) -> list[list[str]]:
    """The codes of the shapes around each point; one call per shape, not one per point."""
    from shapely import contains_xy

    longitudes = [float(row.longitude) for row in placed]
    latitudes = [float(row.latitude) for row in placed]
    found: list[list[str]] = [[] for _ in placed]
    for code, shape in shapes.items():
        for position in contains_xy(shape, longitudes, latitudes).nonzero()[0]:
            found[position].append(code)
    return found


def _first_levels(work: Work, facilities: Sequence[UUID]) -> dict[UUID, str]:
    statement = (
        select(Facility.id, Jurisdiction.code)
        .join(JurisdictionClosure, JurisdictionClosure.descendant_id == Facility.jurisdiction_id)
        .join(Jurisdiction, Jurisdiction.id == JurisdictionClosure.ancestor_id)
        .where(Facility.id.in_(facilities), Jurisdiction.level == 1)
    )
    return dict(work.session.execute(statement).all())


def _flag(kind: FindingKind, facility_id: UUID, code: str, params: Mapping[str, object]) -> Flagged:
    return Flagged(kind=kind.value, line=0, source_id=code, params=params, facility_id=facility_id)
