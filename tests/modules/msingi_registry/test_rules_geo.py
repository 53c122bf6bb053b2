"""Distances, search boxes and boundaries hold everywhere on the earth, the poles and the antimeridian included."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.boundaries import lies_inside, read_boundary
from msingi_registry.rules.geo import Box, Point, boxes_around, distance_km, nearest
from msingi_registry.rules.refusals import Refusal

YAOUNDE = Point(3.8667, 11.5167)
DOUALA = Point(4.0483, 9.7043)
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
SQUARE = json.dumps({"type": "Polygon", "coordinates": [[[10, 2], [12, 2], [12, 4], [10, 4], [10, 2]]]})


def polygon(*ring: tuple[float, float]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]})


@pytest.mark.rule("NS-1")
def test_known_distances() -> None:
    assert distance_km(YAOUNDE, DOUALA) == pytest.approx(202.1, abs=0.5)
    assert distance_km(Point(0, 0), Point(0, 1)) == pytest.approx(111.195, abs=0.001)
    assert distance_km(Point(0, 0), Point(0, 180)) == pytest.approx(20015.115, abs=0.001)
    assert distance_km(Point(0, 179.5), Point(0, -179.5)) == pytest.approx(111.195, abs=0.001)
    assert distance_km(Point(90, 0), Point(90, 120)) == pytest.approx(0, abs=1e-9)


@pytest.mark.rule("NS-1")
@given(start=points, end=points)
def test_distance_is_symmetric_zero_at_home_and_at_most_half_the_earth(start: Point, end: Point) -> None:
    assert distance_km(start, end) == pytest.approx(distance_km(end, start), abs=1e-6)
    assert distance_km(start, start) == 0
    assert distance_km(start, end) <= 20_016


@pytest.mark.rule("attack 62", "FR-4")
@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(91, 0), (-90.0001, 0), (0, 180.5), (0, -181), (math.nan, 0), (0, math.nan), (math.inf, 0)],
)
def test_a_point_off_the_earth_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(Refusal) as refused:
        Point(latitude, longitude)

    assert refused.value.code == "registry.coordinates_invalid"


@pytest.mark.rule("NS-1")
@given(
    centre=points,
    bearing=st.floats(0, 2 * math.pi),
    radius=st.floats(1, 5000),
    part=st.sampled_from([0.0, 0.5, 0.999]),
)
def test_no_point_within_the_radius_is_outside_the_boxes(
    centre: Point, bearing: float, radius: float, part: float
) -> None:
    angle = radius / 6371.0088 * part
    lat, lon = math.radians(centre.latitude), math.radians(centre.longitude)
    sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    end_lat = math.asin(max(-1.0, min(1.0, sine)))
    end_lon = lon + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * math.sin(end_lat),
    )
    end = Point(math.degrees(end_lat), (math.degrees(end_lon) + 540) % 360 - 180)

    assert any(box.holds(end) for box in boxes_around(centre, radius))


@pytest.mark.rule("NS-1")
def test_the_antimeridian_gives_two_boxes_and_a_pole_the_whole_ring() -> None:
    east, west = boxes_around(Point(0, 179.9), 100)
    (ring,) = boxes_around(Point(89.9, 20), 100)

    assert (east.east, west.west) == (180.0, -180.0)
    assert west.east == pytest.approx(-179.2, abs=0.01)
    assert len(boxes_around(Point(0, -179.9), 100)) == 2
    assert (ring.west, ring.north, ring.east) == (-180.0, 90.0, 180.0)
    assert len(boxes_around(YAOUNDE, 100)) == 1
    assert not Box(0, 0, 1, 1).holds(Point(0.5, 1.1))


@pytest.mark.rule("NS-1", "attack 62")
@pytest.mark.parametrize("radius", [0, -1, 5000.1, math.nan, math.inf])
def test_a_senseless_radius_is_refused(radius: float) -> None:
    with pytest.raises(Refusal) as refused:
        boxes_around(YAOUNDE, radius)

    assert refused.value.code == "registry.radius_invalid"


@pytest.mark.rule("NS-1", "FR-8")
def test_the_nearest_ten_are_the_first_of_all_by_distance() -> None:
    grid = [(f"{row}/{column}", Point(row / 10, column / 10)) for row in range(80) for column in range(75)]
    everything = sorted(distance_km(YAOUNDE, point) for _, point in grid)

    found = nearest(YAOUNDE, grid)

    assert [distance for distance, _ in found] == everything[:10]
    assert nearest(YAOUNDE, []) == []


@pytest.mark.rule("FR-4", "PD-3")
def test_a_point_is_inside_on_the_line_or_outside() -> None:
    assert lies_inside(YAOUNDE, SQUARE)
    assert lies_inside(Point(3, 12), SQUARE)
    assert not lies_inside(DOUALA, SQUARE)


@pytest.mark.rule("FR-4")
def test_a_hole_and_a_second_part_are_respected() -> None:
    outer = [[10, 2], [12, 2], [12, 4], [10, 4], [10, 2]]
    hole = [[11.4, 3.7], [11.7, 3.7], [11.7, 3.95], [11.4, 3.95], [11.4, 3.7]]
    island = [[9, 4], [9.8, 4], [9.8, 4.2], [9, 4.2], [9, 4]]
    text = json.dumps({"type": "MultiPolygon", "coordinates": [[outer, hole], [island]]})

    assert not lies_inside(YAOUNDE, text)
    assert lies_inside(DOUALA, text)
    assert lies_inside(Point(3, 11), text)


@pytest.mark.rule("attack 62")
@pytest.mark.parametrize(
    ("geojson", "code"),
    [
        ("", "registry.boundary_unreadable"),
        ("{}", "registry.boundary_unreadable"),
        ("[" * 10_000, "registry.boundary_unreadable"),
        ("[" * 200_000 + "]" * 200_000, "registry.boundary_unreadable"),
        ('"\ud800"', "registry.boundary_unreadable"),
        ('{"type": "Point", "coordinates": [11, 3]}', "registry.boundary_unreadable"),
        ('{"type": "Polygon", "coordinates": []}', "registry.boundary_unreadable"),
        (polygon((0, 0), (1, 1e308), (1, 1), (0, 0)), "registry.boundary_out_of_range"),
        (polygon((0, 0), (1, 91), (1, 1), (0, 0)), "registry.boundary_out_of_range"),
        (
            polygon((-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)),
            "registry.boundary_out_of_range",
        ),
        (polygon((0, 0), (2, 2), (2, 0), (0, 2), (0, 0)), "registry.boundary_self_crossing"),
        ("x" * 5_000_001, "registry.boundary_too_large"),
    ],
)
def test_a_hostile_boundary_is_refused(geojson: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_boundary(geojson)

    assert refused.value.code == code


@pytest.mark.rule("attack 62")
def test_a_boundary_of_too_many_corners_is_refused() -> None:
    corners = [(math.cos(step / 20_000), math.sin(step / 20_000)) for step in range(110_000)]

    with pytest.raises(Refusal) as refused:
        read_boundary(polygon(*corners, corners[0]))

    assert (refused.value.code, refused.value.params) == ("registry.boundary_too_large", {"max": 100_000})
