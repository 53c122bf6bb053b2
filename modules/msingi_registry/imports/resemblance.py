"""New lines that resemble a facility of the same place: a person decides, nothing is matched by itself (FR-3)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.models import Jurisdiction
from msingi.tabular import Numbered
from msingi.work import Work
from msingi_registry.degrees import stored_degrees
from msingi_registry.imports.place_lookup import KnownPlace
from msingi_registry.models.facility import Facility
from msingi_registry.rules.geo import Point
from msingi_registry.rules.names import fold_name
from msingi_registry.rules.reconciliation import ListDecision, ListedFacility, decide_pair
from msingi_registry.services.facility_rows import chunks

if TYPE_CHECKING:
    from msingi_registry.imports.facilities import FacilityLine

_COMMON: Final = 25
"""A word in more names of one place than this says the kind of facility, not which one."""


@dataclass(frozen=True, slots=True)
class _Neighbour:
    code: str
    facts: ListedFacility


def find_resembling(
    work: Work, lines: Sequence[Numbered["FacilityLine"]], places: Mapping[str, KnownPlace]
) -> dict[int, str]:
    """The code of a facility that each line resembles, by line; only pairs that share a telling word are scored."""
    by_word = _neighbours(work, {places[line.record.place].id: line.record.place for line in lines})
    found: dict[int, str] = {}
    for line in lines:
        facts = _facts(line.record)
        words = {(line.record.place, word) for word in fold_name(line.record.name).split()}
        nearby = {other.code: other for key in words for other in by_word.get(key, ())}
        for code, other in sorted(nearby.items()):
            if decide_pair(facts, other.facts) is not ListDecision.NO_MATCH:
                found[line.line] = code
                break
    return found


def _neighbours(work: Work, places: Mapping[UUID, str]) -> dict[tuple[str, str], list[_Neighbour]]:
    by_word: defaultdict[tuple[str, str], list[_Neighbour]] = defaultdict(list)
    for place, neighbour in _facilities(work, places):
        for word in set(fold_name(neighbour.facts.name).split()):
            by_word[place, word].append(neighbour)
    common = Counter({key: len(found) for key, found in by_word.items()})
    return {key: found for key, found in by_word.items() if common[key] <= _COMMON}


def _facilities(work: Work, places: Mapping[UUID, str]) -> Iterator[tuple[str, _Neighbour]]:
    columns = (Facility.code, Facility.name, Facility.type, Facility.latitude, Facility.longitude)
    for chunk in chunks(sorted(places)):
        statement = (
            select(*columns, Jurisdiction.parent_id)
            .join(Jurisdiction, Jurisdiction.id == Facility.jurisdiction_id)
            .where(Jurisdiction.parent_id.in_(chunk))
        )
        for row in work.session.execute(statement):
            place = places[row.parent_id]
            point = None if row.latitude is None else Point(float(row.latitude), float(row.longitude))
            facts = ListedFacility(name=row.name, region=place, parent=place, kind=row.type, point=point)
            yield place, _Neighbour(row.code, facts)


def _facts(line: "FacilityLine") -> ListedFacility:
    point = None
    if line.latitude is not None and line.longitude is not None:
        point = Point(float(stored_degrees(line.latitude)), float(stored_degrees(line.longitude)))
    return ListedFacility(name=line.name, region=line.place, parent=line.place, kind=line.type, point=point)
