"""Oddities of facility lines: gaps, unknown words, repetitions and suspicious texts (FR-4, FR-6)."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from msingi_registry.country.description import CountryDescription, Ownership
from msingi_registry.country.facilities import FacilityRecord
from msingi_registry.country.findings import Finding, FindingKind

_NOT_A_WORD: Final = re.compile("[^a-z0-9]+")
_SUSPICIOUS: Final = (
    ("outer_space", re.compile(r"^\s|\s$")),
    ("double_space", re.compile(r"\s\s")),
    ("replacement_character", re.compile("\ufffd")),
    ("control_character", re.compile("[\x00-\x1f\x7f-\x9f]")),
    ("invisible_character", re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")),
    ("double_encoding", re.compile("[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac")),
    ("markup", re.compile(r"&[a-z]+;|&#\d+;|<[a-z/]")),
)
_ODD: Final = re.compile("|".join(pattern.pattern for _, pattern in _SUSPICIOUS))
"""Any of them: nearly every cell is done with one look."""


def find_gaps(record: FacilityRecord, country: CountryDescription) -> Iterator[Finding]:
    """Cells of one line that are empty, unreadable or not in the country's vocabulary."""
    for kind, word in _gaps(record, country):
        yield Finding(kind, record.line, record.source_id, {"word": word})


def _gaps(record: FacilityRecord, country: CountryDescription) -> Iterator[tuple[FindingKind, str]]:
    yield from _point_gaps(record)
    yield from _type_gaps(record, country)
    if record.place_code is None:
        yield FindingKind.UNKNOWN_ADMIN1, record.admin1
    yield from _owner_gaps(record, country)
    if record.tier is None and "tier" in record.published:
        yield FindingKind.MISSING_TIER, ""


def _owner_gaps(record: FacilityRecord, country: CountryDescription) -> Iterator[tuple[FindingKind, str]]:
    if record.ownership is None:
        known = FindingKind.UNKNOWN_OWNERSHIP if record.ownership_published else FindingKind.MISSING_OWNERSHIP
        yield known, record.ownership_published
    words = set(fold_name(record.name).split()).intersection(country.facilities.faith_words)
    if words and record.ownership is Ownership.PUBLIC:
        yield FindingKind.DOUBTFUL_OWNERSHIP, min(words)


def _point_gaps(record: FacilityRecord) -> Iterator[tuple[FindingKind, str]]:
    if record.has_coordinates:
        return
    published = record.published["latitude"] or record.published["longitude"]
    yield (FindingKind.INVALID_COORDINATES if published else FindingKind.MISSING_COORDINATES), ""


def _type_gaps(record: FacilityRecord, country: CountryDescription) -> Iterator[tuple[FindingKind, str]]:
    language = country.facilities.type_languages.get(record.type)
    if language is None:
        yield FindingKind.UNKNOWN_TYPE, record.type
    elif language != country.facilities.type_language:
        yield FindingKind.MIXED_LANGUAGE, record.type
    if record.standard_type is None:
        yield FindingKind.MISSING_STANDARD_TYPE, record.type


def find_suspicious_texts(record: FacilityRecord) -> Iterator[Finding]:
    """Published cells with stray spaces, broken encoding, invisible characters or markup."""
    for column, text in record.published.items():
        if not _ODD.search(text):
            continue
        for reason, pattern in _SUSPICIOUS:
            if pattern.search(text):
                details = {"column": column, "reason": reason}
                yield Finding(FindingKind.SUSPICIOUS_TEXT, record.line, record.source_id, details)


def find_generic_names(records: Sequence[FacilityRecord], country: CountryDescription) -> Iterator[Finding]:
    """Names that only say the type, such as a clinic called Clinic."""
    words = (*country.facilities.type_languages, *country.facilities.generic_names)
    generic = {fold_name(word) for word in words}
    for record in records:
        if fold_name(record.name) in generic:
            yield Finding(FindingKind.GENERIC_NAME, record.line, record.source_id)


def find_repetitions(records: Sequence[FacilityRecord]) -> Iterator[Finding]:
    """Lines that share an id, a name inside one first-level place (FR-3), or a point."""
    yield from _repeated(records, FindingKind.DUPLICATE_ID, lambda record: record.source_id)
    yield from _repeated(
        records, FindingKind.REPEATED_NAME, lambda record: (record.admin1, fold_name(record.name))
    )
    placed = [record for record in records if record.has_coordinates]
    yield from _repeated(placed, FindingKind.SHARED_POINT, lambda record: (record.latitude, record.longitude))


def _repeated(
    records: Sequence[FacilityRecord], kind: FindingKind, key: Callable[[FacilityRecord], Hashable]
) -> Iterator[Finding]:
    groups: defaultdict[Hashable, list[FacilityRecord]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    for group in groups.values():
        for record in group if len(group) > 1 else ():
            details = {"times": len(group), "first_line": group[0].line}
            yield Finding(kind, record.line, record.source_id, details)


@lru_cache(maxsize=10_000)
def fold_name(name: str) -> str:
    """The comparison form of a facility name: Latin letters and digits, one space between words."""
    return _NOT_A_WORD.sub(" ", anyascii(name).lower()).strip()
