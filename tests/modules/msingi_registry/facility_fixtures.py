"""A small country for tests: two regions with a district each, and what tests do in it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.work import Work
from msingi_registry.rules.facilities import FacilityState
from msingi_registry.services.facility_rows import FacilityDraft, insert_facilities

Places = Mapping[str, UUID]


def add_country(platform: Platform) -> Places:
    """Country CM, regions CM-AD and CM-ES of its shipped map, and a district in each."""
    with platform.work() as work:
        return add_places(
            work,
            [
                NewPlace("CM", "Cameroun"),
                NewPlace("CM-AD", "Adamaoua", "CM"),
                NewPlace("CM-ES", "Est", "CM"),
                NewPlace("AD-1", "District d'Adamaoua", "CM-AD"),
                NewPlace("ES-1", "District de l'Est", "CM-ES"),
            ],
        )


def add_facility(work: Work, name: str, place: str, **others: object) -> UUID:
    """An operational facility."""
    values = {"type": "Hospital", "status": FacilityState.OPERATIONAL, **others}
    (identifier,) = insert_facilities(work, [FacilityDraft(name=name, place=place, **values)])  # type: ignore[arg-type]
    return identifier


def add_facilities(platform: Platform, *named: tuple[str, str]) -> list[UUID]:
    """Operational facilities: name and place."""
    with platform.work() as work:
        return [add_facility(work, name, place) for name, place in named]


INSIDE_ADAMAWA = (Decimal("6.7502"), Decimal("11.8015"))
"""A point in CM-AD."""

OPENED = date(2020, 1, 1)
