"""Boundaries of administrative units: reading GeoJSON safely, and whether a point lies inside (FR-4)."""

from functools import lru_cache
from typing import Final

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from msingi_registry.rules.geo import Point
from msingi_registry.rules.refusals import Refusal

MAX_BOUNDARY_TEXT: Final = 5_000_000
"""Longest GeoJSON of one boundary, in characters."""

MAX_VERTICES: Final = 100_000
"""Most corner points of one boundary (attack 62)."""

_PREPARED_BOUNDARIES: Final = 256
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_WIDEST_DEGREES: Final = 90.0


@lru_cache(maxsize=_PREPARED_BOUNDARIES)
def read_boundary(geojson: str) -> Polygon | MultiPolygon:
    """Return the prepared polygon of a GeoJSON geometry text; the latest 256 stay prepared.

    Raises `registry.boundary_unreadable` for no polygon, `registry.boundary_too_large` for over 100,000
    corner points, `registry.boundary_out_of_range` for coordinates off the earth or a shape over
    90 degrees wide, and `registry.boundary_self_crossing` for an outline that crosses itself (attack 62).
    """
    shape = _parse(geojson)
    if int(shapely.get_num_coordinates(shape)) > MAX_VERTICES:
        raise Refusal("registry.boundary_too_large", max=MAX_VERTICES)
    if not _is_on_earth(shape):
        raise Refusal("registry.boundary_out_of_range")
    if not shape.is_valid:
        raise Refusal("registry.boundary_self_crossing")
    shapely.prepare(shape)
    return shape


def lies_inside(point: Point, geojson: str) -> bool:
    """Say whether the point lies inside the boundary or on its line (FR-4)."""
    return bool(shapely.intersects_xy(read_boundary(geojson), point.longitude, point.latitude))


def _parse(geojson: str) -> Polygon | MultiPolygon:
    if len(geojson) > MAX_BOUNDARY_TEXT:
        raise Refusal("registry.boundary_too_large", max=MAX_VERTICES)
    try:
        shape: BaseGeometry = shapely.from_geojson(geojson)
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise Refusal("registry.boundary_unreadable") from error
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty:
        raise Refusal("registry.boundary_unreadable")
    return shape


def _is_on_earth(shape: BaseGeometry) -> bool:
    west, south, east, north = shape.bounds
    inside = _WORLD[0] <= west and _WORLD[1] <= south and east <= _WORLD[2] and north <= _WORLD[3]
    return inside and max(east - west, north - south) <= _WIDEST_DEGREES
