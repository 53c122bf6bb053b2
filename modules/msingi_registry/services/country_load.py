"""Loads a country's published places and facilities: repeatable, no line lost, every oddity kept (FR-6, TZA-17)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.errors import ConfigurationError
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.work import Work
from msingi_registry.country import (
    CountryDescription,
    FacilityRecord,
    describe_country,
    read_facilities,
    read_places,
)
from msingi_registry.country.findings import Finding
from msingi_registry.country.place_quality import find_place_oddities
from msingi_registry.country.quality import check_facilities
from msingi_registry.models.facility import Facility, FacilityIdentifier
from msingi_registry.rules.facilities import FacilityState
from msingi_registry.rules.published_hours import read_published_hours
from msingi_registry.services.facility_rows import (
    FacilityDraft,
    ListedNumber,
    change_facilities,
    chunks,
    columns_of,
    insert_facilities,
)
from msingi_registry.services.findings import Flagged, replace_findings

Reading = Callable[[int, int], None]
"""Told how many lines of how many are done."""


@dataclass(frozen=True, slots=True)
class CountryLoad:
    """What a load did; every line of the facility file is created, updated or unchanged (FR-6).

    ``suspicious`` counts the facilities with at least one finding; they are loaded all the same (FR-4).
    """

    iso3: str
    places_created: int
    places_updated: int
    lines: int
    created: int
    updated: int
    unchanged: int
    suspicious: int
    findings: int


def refuse_foreign(platform: Platform, iso3: str) -> None:
    """Keep the places of two countries apart: a profile loads the data of its own country.

    Raises:
        ConfigurationError: it is another country.

    """
    own = platform.profile.country.iso3
    if iso3.upper() != own:
        raise ConfigurationError(
            "{asked} is not the country of the profile {profile}, which is {own}. "
            "Load {own}, or choose the profile of {asked} with a database of its own.",
            asked=iso3.upper(),
            profile=platform.profile.name,
            own=own,
        )


def load_country(
    platform: Platform, iso3: str, progress: Reading = lambda _done, _total: None
) -> CountryLoad:
    """Load the shipped data of a country as the system, in one transaction: all of it or nothing.

    Raises:
        FileNotFoundError: the country has no shipped files.

    """
    with platform.work() as work:
        return load_into(work, iso3, progress)


def load_into(work: Work, iso3: str, progress: Reading = lambda _done, _total: None) -> CountryLoad:
    """Load the shipped data of a country in the caller's transaction."""
    country = describe_country(iso3.upper())
    records = read_facilities(country.iso3)
    progress(0, len(records))
    added, renamed = _load_places(work, country)
    known, counts = _load_facilities(work, country, records, progress)
    findings = [*check_facilities(records, country), *find_place_oddities(country)]
    replace_findings(work, source_of(country), _flagged(work, findings, known), root=country.code)
    work.audit(
        "registry.load_country", entity="registry_facility", details={"country": country.iso3, **counts}
    )
    return CountryLoad(
        iso3=country.iso3,
        places_created=added,
        places_updated=renamed,
        lines=len(records),
        created=counts["created"],
        updated=counts["updated"],
        unchanged=len(records) - counts["created"] - counts["updated"],
        suspicious=len({finding.line for finding in findings if finding.line and finding.source_id in known}),
        findings=len(findings),
    )


def source_of(country: CountryDescription) -> str:
    """The name of a country's facility list, as the system of its numbers."""
    return f"{country.iso3}-facilities"


def _load_places(work: Work, country: CountryDescription) -> tuple[int, int]:
    places = {place.code: place for place in read_places(country.iso3)}
    known = _places_by_code(work, list(places))
    add_places(
        work,
        [
            NewPlace(
                place.code, place.name, place.parent_code, names=place.names, valid_from=place.valid_from
            )
            for code, place in places.items()
            if code not in known
        ],
    )
    renamed = 0
    for code, known_place in known.items():
        names = dict(places[code].names)
        if (known_place.name, known_place.names) != (places[code].name, names):
            known_place.name, known_place.names = places[code].name, names
            renamed += 1
    work.session.flush()
    return len(places) - len(known), renamed


def _places_by_code(work: Work, codes: Sequence[str]) -> dict[str, Jurisdiction]:
    found: dict[str, Jurisdiction] = {}
    for chunk in chunks(codes):
        places = work.session.scalars(select(Jurisdiction).where(Jurisdiction.code.in_(chunk)))
        found.update({place.code: place for place in places})
    return found


_Known = dict[str, UUID]
"""Facility by its published number; the first one where a list repeats a number."""


def _load_facilities(
    work: Work, country: CountryDescription, records: Sequence[FacilityRecord], progress: Reading
) -> tuple[_Known, Counter[str]]:
    source = source_of(country)
    known = _published(work, source)
    numbered = list(_number(records, source))
    counts: Counter[str] = Counter()
    ids: _Known = {}
    for chunk in chunks(numbered):
        fresh = [(number, record) for number, record in chunk if number not in known]
        drafts = [_draft(country, record, number) for number, record in fresh]
        created = dict(zip((number for number, _ in fresh), insert_facilities(work, drafts), strict=True))
        changes = _changes(country, chunk, known)
        change_facilities(work, changes)
        counts.update(created=len(created), updated=len(changes))
        for number, _ in chunk:
            ids.setdefault(number.value, created[number] if number in created else known[number].id)
        progress(counts["read"] + len(chunk), len(records))
        counts["read"] += len(chunk)
    return ids, counts


@dataclass(frozen=True, slots=True)
class _Stored:
    id: UUID
    published: Mapping[str, Any]


def _published(work: Work, source: str) -> dict[ListedNumber, _Stored]:
    statement = (
        select(FacilityIdentifier.value, FacilityIdentifier.occurrence, Facility.id, Facility.published)
        .join(Facility, Facility.id == FacilityIdentifier.facility_id)
        .where(FacilityIdentifier.system == source)
    )
    return {
        ListedNumber(source, row.value, row.occurrence): _Stored(row.id, row.published)
        for row in work.session.execute(statement)
    }


def _number(records: Sequence[FacilityRecord], source: str) -> Iterator[tuple[ListedNumber, FacilityRecord]]:
    seen: Counter[str] = Counter()
    for record in records:
        seen[record.source_id] += 1
        yield ListedNumber(source, record.source_id, seen[record.source_id]), record


def _changes(
    country: CountryDescription,
    chunk: Sequence[tuple[ListedNumber, FacilityRecord]],
    known: Mapping[ListedNumber, _Stored],
) -> dict[UUID, dict[str, Any]]:
    """What the publisher changed; a correction made here stays until the publisher changes that line."""
    changes: dict[UUID, dict[str, Any]] = {}
    for number, record in chunk:
        stored = known.get(number)
        if stored is not None and dict(stored.published) != dict(record.published):
            values = columns_of(_draft(country, record, number))
            changes[stored.id] = {name: value for name, value in values.items() if name != "status"}
    return changes


def _draft(country: CountryDescription, record: FacilityRecord, number: ListedNumber) -> FacilityDraft:
    return FacilityDraft(
        name=record.name,
        place=record.place_code or country.code,
        type=record.type,
        status=FacilityState.OPERATIONAL,
        standard_type=record.standard_type,
        tier=record.tier,
        ownership=record.ownership,
        latitude=_exact(record.latitude),
        longitude=_exact(record.longitude),
        coordinate_source=record.coordinate_source or None,
        opening_hours=read_published_hours(record.opening_hours),
        published=record.published,
        services=record.services,
        numbers=(number,),
    )


def _exact(degrees: float | None) -> Decimal | None:
    return None if degrees is None else Decimal(repr(degrees))


def _flagged(work: Work, findings: Sequence[Finding], known: Mapping[str, UUID]) -> list[Flagged]:
    places = {finding.source_id for finding in findings if finding.source_id not in known}
    codes = _places_by_code(work, sorted(places))
    return [
        Flagged(
            kind=finding.kind.value,
            line=finding.line,
            source_id=finding.source_id,
            params=finding.params,
            facility_id=known.get(finding.source_id),
            place_id=codes[finding.source_id].id if finding.source_id in codes else None,
        )
        for finding in findings
    ]
