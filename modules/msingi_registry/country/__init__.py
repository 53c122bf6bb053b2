"""Country data: places, facilities, their quality, and synthetic persons, read from shipped files."""

from msingi_registry.country.description import (
    OPERATIONAL,
    CountryDescription,
    Ownership,
    describe_country,
    list_countries,
)
from msingi_registry.country.facilities import FacilityRecord, read_facilities
from msingi_registry.country.findings import Finding, FindingKind
from msingi_registry.country.geography import read_place_shapes
from msingi_registry.country.persons import (
    Household,
    Person,
    Role,
    generate_households,
    generate_persons,
    weigh_places,
)
from msingi_registry.country.places import Place, PlaceTree, read_place_tree, read_places
from msingi_registry.country.quality import QualityReport, report_quality
from msingi_registry.country.synthetic_names import Sex
from msingi_registry.country.towns import Town, read_towns

__all__ = [
    "OPERATIONAL",
    "CountryDescription",
    "FacilityRecord",
    "Finding",
    "FindingKind",
    "Household",
    "Ownership",
    "Person",
    "Place",
    "PlaceTree",
    "QualityReport",
    "Role",
    "Sex",
    "Town",
    "describe_country",
    "generate_households",
    "generate_persons",
    "list_countries",
    "read_facilities",
    "read_place_shapes",
    "read_place_tree",
    "read_places",
    "read_towns",
    "report_quality",
    "weigh_places",
]
