"""The towns of a country, for addresses and maps."""

from dataclasses import dataclass

from msingi_registry.country.shipped_files import read_rows


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place of 500 inhabitants or more; degrees are WGS 84, the population is the publisher's figure."""

    source_id: str
    name: str
    latitude: float
    longitude: float
    population: int


def read_towns(iso3: str) -> tuple[Town, ...]:
    """The towns of a country, largest first."""
    return tuple(
        Town(
            source_id=row.values["geonameid"],
            name=row.values["name"],
            latitude=float(row.values["latitude"]),
            longitude=float(row.values["longitude"]),
            population=int(row.values["population"]),
        )
        for row in read_rows(iso3.lower(), "towns.csv.gz")
    )
