"""What the quality report can say: one finding per odd line, never a change of the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


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


TEXTS: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.MISSING_COORDINATES: "The facility has no coordinates.",
        FindingKind.INVALID_COORDINATES: "The coordinates cannot be read.",
        FindingKind.OUTSIDE_COUNTRY: "The point lies outside the country.",
        FindingKind.OUTSIDE_ADMIN1: "The point lies in {inside}, not in {declared} as declared.",
        FindingKind.SHARED_POINT: "{times} facilities share this point; the first is on line {first_line}.",
        FindingKind.UNKNOWN_ADMIN1: "The region “{word}” is not known.",
        FindingKind.DUPLICATE_ID: "{times} lines share this identifier; the first is line {first_line}.",
        FindingKind.REPEATED_NAME: "{times} facilities of the region share this name; the first is on line {first_line}.",
        FindingKind.GENERIC_NAME: "The name only says the type of facility.",
        FindingKind.MISSING_OWNERSHIP: "The owner is missing.",
        FindingKind.UNKNOWN_OWNERSHIP: "The owner “{word}” is not in the country's list.",
        FindingKind.DOUBTFUL_OWNERSHIP: "The facility is declared public, but its name holds “{word}”.",
        FindingKind.UNKNOWN_TYPE: "The type “{word}” is not in the country's list.",
        FindingKind.MISSING_STANDARD_TYPE: "The type “{word}” has no standard type.",
        FindingKind.MISSING_TIER: "The tier is missing.",
        FindingKind.MIXED_LANGUAGE: "The type “{word}” is not in the main language of the file.",
        FindingKind.SUSPICIOUS_TEXT: "The column {column} holds suspicious text: {reason}.",
        FindingKind.REPEATED_PLACE: "This place stands twice in {file}; the first line counts.",
        FindingKind.RENAMED_PLACE: "This place has another name on an earlier line of {file}; the first one counts.",
        FindingKind.ORPHAN_PLACE: "The place above is not known in {file}; the line was left out of the tree.",
        FindingKind.PLACE_WITHOUT_UNITS: "{name} has no units of the next level.",
        FindingKind.SECOND_TREE: "A second tree of {places} places stands beside and holds no facility.",
    }
)
"""The English text of every kind; it is also the key of the translation."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity: the line in the file (0 when it is about no single line), the published id, and details."""

    kind: FindingKind
    line: int
    source_id: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English text, filled with the details."""
        return TEXTS[self.kind].format(**self.params)
