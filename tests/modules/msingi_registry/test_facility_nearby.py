"""The nearest facilities: exact order, pages without gaps, the reader's scope, a position that is not kept."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, inspect, select, update
from tests.modules.msingi_registry.facility_fixtures import Places, add_country, add_facility

from msingi.db import Model
from msingi.errors import DomainError
from msingi.platform import Platform
from msingi.testing import AsUser, MakePlatform
from msingi_registry.degrees import stored_degrees, to_units
from msingi_registry.plugin import READ_FACILITIES, plugin
from msingi_registry.rules.facilities import FacilityState
from msingi_registry.rules.geo import Point, distance_km
from msingi_registry.services.nearby import find_nearby

Run = Callable[..., dict[str, Any]]
HERE = (Decimal("6.7512345"), Decimal("11.8054321"))
QUERY = """query($after: String, $service: String) {
  nearbyFacilities(latitude: "6.7512345", longitude: "11.8054321", withinKm: 60, first: 3, after: $after,
    service: $service) { hasNextPage endCursor nodes { distanceKm facility { name } } } }"""


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    return make_platform(plugin)


@pytest.fixture
def places(platform: Platform) -> Places:
    found = add_country(platform)
    with platform.work() as work:
        for number in range(8):
            north = HERE[0] + Decimal("0.1") * (number // 2)
            services = ("dots",) if number == 5 else ()
            add_facility(work, f"F{number}", "AD-1", latitude=north, longitude=HERE[1], services=services)
        add_facility(work, "Elsewhere", "ES-1", latitude=HERE[0], longitude=HERE[1])
        closed = FacilityState.CLOSED
        add_facility(work, "Closed", "AD-1", latitude=HERE[0], longitude=HERE[1], status=closed)
        add_facility(work, "Nowhere", "AD-1")
    return found


@pytest.mark.rule("NS-1", "attack 19", "FR-7")
def test_pages_give_every_facility_once_nearest_first(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    actor = as_user(READ_FACILITIES, at=places["CM-AD"])
    found: list[tuple[float, str]] = []
    after, more = None, True
    while more:
        page = run(QUERY, {"after": after}, actor=actor)["data"]["nearbyFacilities"]
        found += [(node["distanceKm"], node["facility"]["name"]) for node in page["nodes"]]
        after, more = page["endCursor"], page["hasNextPage"]

    assert sorted(name for _, name in found) == [f"F{number}" for number in range(8)]
    assert [distance for distance, _ in found] == sorted(distance for distance, _ in found)
    assert found[0][0] == 0.0
    assert found[-1][0] == pytest.approx(33.358, abs=0.01)


@pytest.mark.rule("NS-1")
def test_a_service_narrows_the_search(platform: Platform, places: Places, run: Run, as_user: AsUser) -> None:
    actor = as_user(READ_FACILITIES, at=places["CM"])

    page = run(QUERY, {"service": "dots"}, actor=actor)["data"]["nearbyFacilities"]

    assert [node["facility"]["name"] for node in page["nodes"]] == ["F5"]


@pytest.mark.rule("NS-3")
def test_the_position_is_nowhere_in_the_database(
    platform: Platform, places: Places, run: Run, as_user: AsUser
) -> None:
    from msingi_registry.models.facility import Facility

    with platform.work() as work:
        work.session.execute(update(Facility).values(latitude=1, longitude=1))
    answer = run(QUERY.replace("6.7512345", "5.4321987"), actor=as_user(READ_FACILITIES, at=places["CM"]))

    with platform.database.read.connect() as connection:
        kept = [text for text in _all_texts(connection) if "4321987" in text]
    assert "errors" not in answer
    assert kept == []


@pytest.mark.rule("NS-1", "attack 62")
@pytest.mark.parametrize(
    ("latitude", "longitude", "within", "code"),
    [
        ("91", "0", 10, "registry.coordinates_invalid"),
        ("0", "-181", 10, "registry.coordinates_invalid"),
        ("0", "0", 0, "registry.radius_invalid"),
        ("0", "0", 20_000, "registry.radius_invalid"),
    ],
)
def test_points_off_the_earth_and_endless_circles_are_refused(
    platform: Platform, latitude: str, longitude: str, within: float, code: str
) -> None:
    with platform.work() as work, pytest.raises(DomainError) as refusal:
        find_nearby(work, Decimal(latitude), Decimal(longitude), within_km=within)

    assert refusal.value.code == code


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WzEsMl0", "bnVsbA"])
def test_a_forged_cursor_is_refused(platform: Platform, cursor: str) -> None:
    with platform.work() as work, pytest.raises(DomainError) as refusal:
        find_nearby(work, *HERE, within_km=5, after=cursor)

    assert refusal.value.code == "graphql.invalid_cursor"


@pytest.mark.rule("NS-1")
def test_the_search_crosses_the_antimeridian(platform: Platform, places: Places) -> None:
    with platform.work() as work:
        add_facility(work, "East", "ES-1", latitude=Decimal(-17), longitude=Decimal("-179.95"))
        found = find_nearby(work, Decimal(-17), Decimal("179.95"), within_km=20)

    assert [node.facility.name for node in found.nodes] == ["East"]
    assert found.nodes[0].distance_km == pytest.approx(
        distance_km(Point(-17, 179.95), Point(-17, -179.95)), abs=1e-6
    )


@given(st.decimals(min_value=-180, max_value=180, places=7))
def test_degrees_with_seven_places_are_kept_exactly(degrees: Decimal) -> None:
    assert stored_degrees(degrees) == degrees
    assert -(2**31) <= to_units(degrees) < 2**31


def _all_texts(connection: Connection) -> list[str]:
    present = set(inspect(connection).get_table_names())
    tables = [table for table in Model.metadata.sorted_tables if table.name in present]
    assert {"registry_facility", "audit_entry", "core_job"} <= {table.name for table in tables}
    return [repr(tuple(row)) for table in tables for row in connection.execute(select(table))]
