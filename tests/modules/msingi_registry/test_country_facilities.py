"""The facilities of five countries as published: no line lost, no value invented."""

from collections import Counter

import pytest

from msingi.tabular import Row
from msingi_registry.country import Ownership, describe_country, read_facilities, read_place_tree
from msingi_registry.country.facilities import read_facility

PUBLISHED = {
    "facility_id": "CMR-1",
    "admin1": "West",
    "name": "Bandja",
    "facility_type": "Dispensaire",
    "facility_type_std": "Dispensary",
    "tier": "1",
    "ownership": "MoH",
    "latitude": "5.3",
    "longitude": "10.2",
    "coordinate_source": "GPS",
}


@pytest.mark.rule("FR-6")
@pytest.mark.parametrize(
    ("iso3", "total", "placed", "first", "last"),
    [
        ("CMR", 3061, 3019, "CMR-00001", "CMR-03061"),
        ("CAF", 555, 545, "CAF-00001", "CAF-00555"),
        ("BDI", 665, 665, "BDI-00001", "BDI-00665"),
        ("TZA", 6449, 6449, "TZA-00001", "TZA-06449"),
        ("DZA", 1083, 1083, "way/-6431034", "way/209396673"),
    ],
)
def test_reads_every_line(iso3: str, total: int, placed: int, first: str, last: str) -> None:
    records = read_facilities(iso3)

    assert len(records) == len({record.source_id for record in records}) == total
    assert sum(record.has_coordinates for record in records) == placed
    assert (records[0].source_id, records[-1].source_id) == (first, last)
    assert [record.line for record in records] == list(range(2, total + 2))


@pytest.mark.parametrize("iso3", ["CMR", "CAF", "BDI", "TZA", "DZA"])
def test_every_facility_hangs_under_its_region(iso3: str) -> None:
    regions = {place.code for place in read_place_tree(iso3).places if place.level == 1}

    assert {record.place_code for record in read_facilities(iso3)} == regions


@pytest.mark.parametrize(
    ("iso3", "owners"),
    [
        ("CMR", {Ownership.PUBLIC: 3061}),
        ("CAF", {Ownership.PUBLIC: 490, Ownership.NON_PROFIT: 63, None: 2}),
        ("BDI", {Ownership.PUBLIC: 526, Ownership.FAITH_BASED: 139}),
        ("TZA", {Ownership.PUBLIC: 5507, Ownership.FAITH_BASED: 884, Ownership.NON_PROFIT: 58}),
        ("DZA", {Ownership.PUBLIC: 1083}),
    ],
)
def test_maps_owners_by_table(iso3: str, owners: dict[Ownership | None, int]) -> None:
    assert Counter(record.ownership for record in read_facilities(iso3)) == owners


@pytest.mark.parametrize(
    ("iso3", "types"),
    [
        ("BDI", {"Health Centre": 616, "Hospital": 49}),
        ("CAF", {"Health Post": 326, "Health Centre": 209, "Hospital": 20}),
        (
            "DZA",
            {
                "Hospital": 367,
                "Polyclinic": 324,
                "Health Centre": 173,
                "Dispensary": 111,
                "Health Post": 72,
                "Maternity": 36,
            },
        ),
        (
            "TZA",
            {"Dispensary": 5406, "Health Centre": 675, "Hospital": 227, "Health Clinic": 113, None: 28},
        ),
    ],
)
def test_keeps_or_maps_the_standard_type(iso3: str, types: dict[str | None, int]) -> None:
    assert Counter(record.standard_type for record in read_facilities(iso3)) == types


def test_reads_services_where_they_are_published() -> None:
    services = Counter(service for record in read_facilities("DZA") for service in record.services)

    assert services["emergency"] == 185
    assert services["gynaecology"] == 7
    assert not any(record.services for record in read_facilities("CMR"))


def test_keeps_the_published_line() -> None:
    record = read_facilities("CMR")[1]

    assert (record.name, record.latitude, record.tier) == ("Allat-Mengack Centre de Santé Integre", None, 2)
    assert record.published["facility_type"] == record.type == "Centre de Santé Intégré"


@pytest.mark.rule("FR-4")
@pytest.mark.parametrize(
    ("latitude", "longitude"), [("", "10"), ("x", "10"), ("90.1", "10"), ("5", "-180.5"), ("5,1", "10")]
)
def test_an_unreadable_point_is_no_point(latitude: str, longitude: str) -> None:
    row = Row(2, {**PUBLISHED, "latitude": latitude, "longitude": longitude})

    record = read_facility(row, describe_country("CMR"), read_place_tree("CMR"))

    assert (record.latitude, record.longitude, record.name) == (None, None, "Bandja")


def test_an_unknown_owner_or_region_is_kept_as_published() -> None:
    row = Row(2, {**PUBLISHED, "ownership": "Cooperative", "admin1": "Nowhere", "tier": "II"})

    record = read_facility(row, describe_country("CMR"), read_place_tree("CMR"))

    assert (record.ownership, record.ownership_published) == (None, "Cooperative")
    assert (record.place_code, record.admin1, record.tier) == (None, "Nowhere", None)
