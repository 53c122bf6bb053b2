"""The quality report of a country's shipped data: the odd is flagged, nothing is moved or refused (FR-4, FR-6)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msingi_registry.country.description import CountryDescription, describe_country
from msingi_registry.country.facilities import FacilityRecord, read_facilities
from msingi_registry.country.facility_quality import (
    find_gaps,
    find_generic_names,
    find_repetitions,
    find_suspicious_texts,
)
from msingi_registry.country.findings import Finding, FindingKind
from msingi_registry.country.geography import find_misplaced
from msingi_registry.country.place_quality import find_place_oddities


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All findings about a country's data; ``facilities`` counts the lines read, none is left out."""

    iso3: str
    facilities: int
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Mapping[FindingKind, int]:
        """Findings per kind, only of kinds that occur."""
        return Counter(finding.kind for finding in self.findings)


def report_quality(iso3: str) -> QualityReport:
    """The report of a country's shipped files: facilities in the order of their lines, then places."""
    country = describe_country(iso3)
    records = read_facilities(iso3)
    findings = sorted(check_facilities(records, country), key=lambda finding: finding.line)
    return QualityReport(iso3, len(records), (*findings, *find_place_oddities(country)))


def check_facilities(records: Sequence[FacilityRecord], country: CountryDescription) -> Iterator[Finding]:
    """Every finding about facilities, check by check."""
    for record in records:
        yield from find_gaps(record, country)
        yield from find_suspicious_texts(record)
    yield from find_generic_names(records, country)
    yield from find_repetitions(records)
    yield from find_misplaced(records, country)
