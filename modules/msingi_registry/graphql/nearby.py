"""The GraphQL face of the search around a point."""

from decimal import Decimal

from msingi.work import Work
from msingi_registry.plugin import READ_FACILITIES, plugin
from msingi_registry.services.nearby import NearbyFacilities, find_nearby


@plugin.query(allow=READ_FACILITIES)
def nearby_facilities(
    work: Work,
    latitude: Decimal,
    longitude: Decimal,
    service: str | None = None,
    within_km: int = 50,
    first: int = 10,
    after: str | None = None,
) -> NearbyFacilities:
    """Operational facilities around a point, nearest first; the point is used for the answer and never kept."""
    return find_nearby(
        work, latitude, longitude, within_km=within_km, service=service, first=first, after=after
    )
