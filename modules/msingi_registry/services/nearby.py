"""The nearest facilities around a point: a box in SQL, then exact distances; the point is never kept (NS-1, NS-3)."""

import base64
import binascii
import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Integer, and_, or_, select, type_coerce

from msingi.graphql.cost import page_size
from msingi.graphql.keyset import InvalidCursor
from msingi.work import Work
from msingi_registry.degrees import UNITS_PER_DEGREE
from msingi_registry.models.facility import Facility, FacilityService
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.facilities import FacilityState
from msingi_registry.rules.geo import Box, Point, boxes_around, distance_km


@dataclass(frozen=True, slots=True)
class NearbyFacility:
    """A facility with its distance from the point that was asked for."""

    facility: Facility = field(metadata={"doc": "The facility."})
    distance_km: float = field(metadata={"doc": "Great-circle distance in kilometres (NS-1)."})
    cursor: str = field(metadata={"doc": "Place of this entry in the list; pass it as after."})


@dataclass(frozen=True, slots=True)
class NearbyFacilities:
    """One page of facilities, nearest first."""

    nodes: list[NearbyFacility] = field(metadata={"doc": "The facilities of the page."})
    has_next_page: bool = field(metadata={"doc": "Whether more facilities lie within the distance."})
    end_cursor: str | None = field(metadata={"doc": "Cursor of the last entry; pass it as after."})


def find_nearby(
    work: Work,
    latitude: Decimal,
    longitude: Decimal,
    *,
    within_km: float,
    service: str | None = None,
    first: int = 10,
    after: str | None = None,
) -> NearbyFacilities:
    """Operational facilities within the distance, nearest first, of the present scope.

    Raises:
        CoordinatesInvalid: the point lies off the earth (attack 62).
        RadiusInvalid: the distance is not positive or too long.
        InvalidCursor: ``after`` is not a cursor of such a list.

    """
    size = page_size(first)
    start = None if after is None else _read_cursor(after)
    with rules_said():
        centre = Point(float(latitude), float(longitude))
        boxes = boxes_around(centre, within_km)
    measured = (each for each in _measured(work, centre, boxes, service) if each[0] <= within_km)
    page = heapq.nsmallest(size + 1, (each for each in measured if start is None or each > start))
    found = work.by_ids(Facility, [UUID(identifier) for _, identifier in page[:size]])
    nodes = [
        NearbyFacility(found[UUID(identifier)], distance, _cursor(distance, identifier))
        for distance, identifier in page[:size]
    ]
    return NearbyFacilities(nodes, len(page) > size, nodes[-1].cursor if nodes else None)


_Measured = tuple[float, str]
"""Distance in kilometres and the facility's id: a total order."""


def _measured(work: Work, centre: Point, boxes: tuple[Box, ...], service: str | None) -> Iterator[_Measured]:
    latitude, longitude = type_coerce(Facility.latitude, Integer), type_coerce(Facility.longitude, Integer)
    statement = select(Facility.id, latitude, longitude).where(
        Facility.status == FacilityState.OPERATIONAL, or_(*map(_inside, boxes))
    )
    if service is not None:
        offering = select(FacilityService.facility_id).where(FacilityService.service == service)
        statement = statement.where(Facility.id.in_(offering))
    for identifier, north, east in work.session.execute(statement):
        point = Point(north / UNITS_PER_DEGREE, east / UNITS_PER_DEGREE)
        yield distance_km(centre, point), str(identifier)


def _inside(box: Box) -> ColumnElement[bool]:
    return and_(
        Facility.latitude.between(Decimal(repr(box.south)), Decimal(repr(box.north))),
        Facility.longitude.between(Decimal(repr(box.west)), Decimal(repr(box.east))),
    )


def _cursor(distance: float, identifier: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([distance, identifier])).decode().rstrip("=")


def _read_cursor(cursor: str) -> _Measured:
    try:
        distance, identifier = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return float(distance), str(UUID(identifier))
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise InvalidCursor from error
