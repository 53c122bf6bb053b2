"""Single facilities: find, add, correct (PD-3); nothing is ever deleted (FR-1)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.rbac.tree import move_place
from msingi.work import Work
from msingi_registry.degrees import stored_degrees
from msingi_registry.models.facility import Facility, FacilityIdentifier
from msingi_registry.refusal_texts import SAID, rules_said
from msingi_registry.rules.facilities import FacilityState
from msingi_registry.rules.geo import Point
from msingi_registry.rules.names import clean_name
from msingi_registry.services.facility_inputs import FacilityChanges, FacilityInput, OpeningHours
from msingi_registry.services.facility_rows import (
    FacilityDraft,
    change_facilities,
    insert_facilities,
)
from msingi_registry.services.facility_services import replace_services
from msingi_registry.services.point_check import check_points
from msingi_registry.services.search_names import search_name, words_begin


def search_facilities(search: str) -> Select[Facility]:
    """Facilities by the beginnings of words of the name, by code, or by a number of another list."""
    typed = search.strip()
    numbered = select(FacilityIdentifier.facility_id).where(FacilityIdentifier.value == typed)
    by_code = Facility.code == typed.replace(" ", "").upper()
    return select(Facility).where(
        or_(words_begin(Facility.search_name, typed), by_code, Facility.id.in_(numbered))
    )


def create_facility(work: Work, given: FacilityInput) -> Facility:
    """Add a proposed facility with a code of its own (ID-5); a point outside its unit is flagged (FR-4).

    Raises:
        NotFound: the place does not exist or lies outside the scope.
        CoordinatesInvalid: a point off the earth, or half a point (attack 62).
        FacilityIsLeaf: the place is a facility itself.

    """
    place = _place(work, given.place_id)
    _check_point(given.latitude, given.longitude)
    with rules_said():
        name = clean_name(given.name)
    values = given.model_dump(exclude={"name", "place_id", "services", "opening_hours"})
    draft = FacilityDraft(
        name=name,
        place=place.code,
        status=FacilityState.PROPOSED,
        opening_hours=_periods(given.opening_hours),
        services=tuple(dict.fromkeys(given.services or ())),
        **values,
    )
    (identifier,) = insert_facilities(work, [draft])
    check_points(work, [identifier])
    return work.get(Facility, identifier)


def update_facility(
    work: Work, facility_id: UUID, given: FacilityChanges, *, expected_version: int | None = None
) -> Facility:
    """Correct a facility; only the given fields change.

    Raises:
        NotFound: it, or its new place, lies outside the scope.
        StaleVersion: somebody else changed it meanwhile.
        CoordinatesInvalid: a point off the earth, or half a point.

    """
    facility = work.get(Facility, facility_id, expected_version=expected_version)
    values = _changed_values(given)
    latitude = values.get("latitude", facility.latitude)
    _check_point(latitude, values.get("longitude", facility.longitude))
    change_facilities(work, {facility.id: values})
    if given.place_id is not None:
        move_place(work, facility.jurisdiction_id, parent_id=_place(work, given.place_id).id)
    if given.services is not None:
        replace_services(work, {facility.id: (facility.jurisdiction_id, given.services)})
    if given.place_id is not None or values.keys() & {"latitude", "longitude"}:
        check_points(work, [facility.id])
    return facility


def _place(work: Work, place_id: UUID) -> Jurisdiction:
    place = work.find(Jurisdiction, place_id)
    if place is None or not work.covers(work.scope, place_id):
        raise NotFound(type="Jurisdiction")
    return place


def _check_point(latitude: Decimal | None, longitude: Decimal | None) -> None:
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        raise SAID["registry.coordinates_invalid"]
    with rules_said():
        Point(float(latitude), float(longitude))


def _changed_values(given: FacilityChanges) -> dict[str, Any]:
    chosen = given.model_dump(exclude_unset=True, exclude={"place_id", "services", "opening_hours"})
    values: dict[str, Any] = {
        name: value for name, value in chosen.items() if value is not None or name not in {"name", "type"}
    }
    if "opening_hours" in given.model_fields_set:
        values["opening_hours"] = _periods(given.opening_hours)
    return values | _derived(values)


def _derived(values: Mapping[str, Any]) -> dict[str, Any]:
    derived: dict[str, Any] = {}
    if "name" in values:
        with rules_said():
            derived["name"] = clean_name(values["name"])
        derived["search_name"] = search_name(derived["name"])
    for name in {"latitude", "longitude"} & values.keys():
        derived[name] = None if values[name] is None else stored_degrees(values[name])
    return derived


def _periods(hours: list[OpeningHours] | None) -> list[Any] | None:
    if hours is None:
        return None
    return [[period.weekday, period.opens, period.closes] for period in hours]
