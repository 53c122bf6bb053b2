"""Points on the earth: validation, great-circle distance, the box around a radius, the nearest (NS-1)."""

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from msingi_registry.rules.refusals import Refusal

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the earth."""

MAX_RADIUS_KM: Final = 5000.0
"""Largest radius of a search around a point."""

_MAX_LATITUDE: Final = 90.0
_MAX_LONGITUDE: Final = 180.0
_BOX_MARGIN: Final = 1.0001

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in decimal degrees of WGS 84."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        """Refuse a latitude beyond 90, a longitude beyond 180, NaN and infinity (attack 62)."""
        within = abs(self.latitude) <= _MAX_LATITUDE and abs(self.longitude) <= _MAX_LONGITUDE
        if not within:
            raise Refusal("registry.coordinates_invalid")


@dataclass(frozen=True, slots=True)
class Box:
    """A range of latitudes and longitudes, borders included; west is never greater than east."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Say whether the point lies in the box."""
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east


def distance_km(start: Point, end: Point) -> float:
    """Return the great-circle distance on a sphere, within 0.6 % of the distance on the ellipsoid (NS-1)."""
    lat_1, lat_2 = math.radians(start.latitude), math.radians(end.latitude)
    half_lat = (lat_2 - lat_1) / 2
    half_lon = math.radians(end.longitude - start.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def boxes_around(centre: Point, radius_km: float) -> tuple[Box, ...]:
    """Return the box that holds every point within the radius, to filter in SQL before measuring (NS-1).

    Around the antimeridian two boxes are given, one on each side; when a pole lies within the radius
    the box goes all around the earth. Raises `registry.radius_invalid`.
    """
    if not 0 < radius_km <= MAX_RADIUS_KM:
        raise Refusal("registry.radius_invalid", max=int(MAX_RADIUS_KM))
    angle = radius_km / EARTH_RADIUS_KM * _BOX_MARGIN
    reach = math.degrees(angle)
    south, north = centre.latitude - reach, centre.latitude + reach
    if south <= -_MAX_LATITUDE or north >= _MAX_LATITUDE:
        south, north = max(south, -_MAX_LATITUDE), min(north, _MAX_LATITUDE)
        return (Box(south, -_MAX_LONGITUDE, north, _MAX_LONGITUDE),)
    width = math.degrees(math.asin(math.sin(angle) / math.cos(math.radians(centre.latitude))))
    return _split_at_antimeridian(south, centre.longitude - width, north, centre.longitude + width)


def nearest(origin: Point, places: Iterable[tuple[T, Point]], limit: int = 10) -> list[tuple[float, T]]:
    """Return the nearest places with their distance in kilometres, nearest first (NS-1)."""
    measured = ((distance_km(origin, point), order, place) for order, (place, point) in enumerate(places))
    return [
        (distance, place) for distance, _, place in heapq.nsmallest(limit, measured, key=lambda row: row[:2])
    ]


def _split_at_antimeridian(south: float, west: float, north: float, east: float) -> tuple[Box, ...]:
    if west < -_MAX_LONGITUDE:
        return (
            Box(south, west + 2 * _MAX_LONGITUDE, north, _MAX_LONGITUDE),
            Box(south, -_MAX_LONGITUDE, north, east),
        )
    if east > _MAX_LONGITUDE:
        return (
            Box(south, west, north, _MAX_LONGITUDE),
            Box(south, -_MAX_LONGITUDE, north, east - 2 * _MAX_LONGITUDE),
        )
    return (Box(south, west, north, east),)
