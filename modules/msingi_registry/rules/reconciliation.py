"""Matching an imported facility list with the registry: score, decision, and repeated names (FR-3)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from msingi_registry.rules.geo import Point, distance_km
from msingi_registry.rules.name_similarity import name_similarity
from msingi_registry.rules.names import compact_name

AUTO_FROM: Final = 0.85
"""A score from which a pair is proposed as matched."""

MANUAL_FROM: Final = 0.6
"""A score from which a person decides."""

_NAME_WEIGHT: Final = 0.6
_PARENT_WEIGHT: Final = 0.15
_DISTANCE_WEIGHT: Final = 0.15
_TYPE_WEIGHT: Final = 0.1
_SAME_PLACE_KM: Final = 0.5
_OTHER_PLACE_KM: Final = 10.0


class ListDecision(StrEnum):
    """What happens with a candidate pair."""

    AUTO = "auto"
    MANUAL = "manual"
    FLAGGED = "flagged"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFacility:
    """One row of a facility list; region is the widest unit, parent the nearest one."""

    name: str
    region: str
    parent: str | None = None
    kind: str | None = None
    point: Point | None = None


def list_score(row: ListedFacility, known: ListedFacility) -> float:
    """Return 0 to 1: the weighted mean of name, parent, distance and type over what both rows state (FR-3).

    Distance counts fully up to 0.5 km and not at all from 10 km.
    """
    parts = [(_NAME_WEIGHT, name_similarity(row.name, known.name))]
    if row.parent is not None and known.parent is not None:
        parts.append((_PARENT_WEIGHT, float(row.parent == known.parent)))
    if row.kind is not None and known.kind is not None:
        parts.append((_TYPE_WEIGHT, float(row.kind == known.kind)))
    if row.point is not None and known.point is not None:
        parts.append((_DISTANCE_WEIGHT, _nearness(distance_km(row.point, known.point))))
    return round(sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts), 4)


def repeated_names(rows: Iterable[ListedFacility]) -> frozenset[tuple[str, str]]:
    """Return the pairs of region and name that stand more than once in a list."""
    counted = Counter(_region_and_name(row) for row in rows)
    return frozenset(pair for pair, times in counted.items() if times > 1)


def decide_pair(
    row: ListedFacility, known: ListedFacility, *, repeated: frozenset[tuple[str, str]] = frozenset()
) -> ListDecision:
    """Say what happens with a pair; a name repeated in its region is matched by hand without place (FR-3)."""
    score = list_score(row, known)
    if score < MANUAL_FROM:
        return ListDecision.NO_MATCH
    if score < AUTO_FROM:
        return ListDecision.MANUAL
    ambiguous = not {_region_and_name(row), _region_and_name(known)}.isdisjoint(repeated)
    return ListDecision.FLAGGED if ambiguous and not _share_a_place(row, known) else ListDecision.AUTO


def _nearness(kilometres: float) -> float:
    span = _OTHER_PLACE_KM - _SAME_PLACE_KM
    return min(1.0, max(0.0, (_OTHER_PLACE_KM - kilometres) / span))


def _region_and_name(row: ListedFacility) -> tuple[str, str]:
    return row.region, compact_name(row.name)


def _share_a_place(row: ListedFacility, known: ListedFacility) -> bool:
    both_points = row.point is not None and known.point is not None
    return both_points or (row.parent is not None and row.parent == known.parent)
