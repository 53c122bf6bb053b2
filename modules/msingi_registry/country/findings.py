"""What the quality report can say: one finding per odd line, never a change of the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FindingKind(StrEnum):
    """The kinds of oddities; each is flagged, none refuses a line (FR-4)."""

    MISSING_COORDINATES = "missing_coordinates"
    INVALID_COORDINATES = "invalid_coordinates"
    OUTSIDE_COUNTRY = "outside_country"
    OUTSIDE_ADMIN1 = "outside_admin1"
    SHARED_POINT = "shared_point"
    UNKNOWN_ADMIN1 = "unknown_admin1"
    DUPLICATE_ID = "duplicate_id"
    REPEATED_NAME = "repeated_name"
    GENERIC_NAME = "generic_name"
    MISSING_OWNERSHIP = "missing_ownership"
    UNKNOWN_OWNERSHIP = "unknown_ownership"
    DOUBTFUL_OWNERSHIP = "doubtful_ownership"
    UNKNOWN_TYPE = "unknown_type"
    MISSING_STANDARD_TYPE = "missing_standard_type"
    MISSING_TIER = "missing_tier"
    MIXED_LANGUAGE = "mixed_language"
    SUSPICIOUS_TEXT = "suspicious_text"
    REPEATED_PLACE = "repeated_place"
    RENAMED_PLACE = "renamed_place"
    ORPHAN_PLACE = "orphan_place"
    PLACE_WITHOUT_UNITS = "place_without_units"
    SECOND_TREE = "second_tree"


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity: the line in the file (0 when it is about no single line), the published id, and details."""

    kind: FindingKind
    line: int
    source_id: str
    params: Mapping[str, object] = field(default_factory=dict)
