"""Facilities written set-wise: their leaves in the tree, their rows, numbers and services."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from msingi.ids import new_id
from msingi.rbac.models import FACILITY, Jurisdiction
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.work import Work
from msingi_registry.country.description import Ownership
from msingi_registry.degrees import stored_degrees
from msingi_registry.models.facility import Facility, FacilityIdentifier, FacilityService
from msingi_registry.rules.facilities import CareType, FacilityState
from msingi_registry.services.codes import draw_facility_codes
from msingi_registry.services.search_names import search_name

CHUNK: Final = 2_000
"""Rows in one statement: below the parameter limits of both engines."""


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """The number of a facility in another list; ``occurrence`` tells repeated numbers apart."""

    system: str
    value: str
    occurrence: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityDraft:
    """A facility as it shall be; ``place`` is the code of the administrative place above it."""

    name: str
    place: str
    type: str
    status: FacilityState
    code: str | None = None
    standard_type: str | None = None
    tier: int | None = None
    ownership: Ownership | None = None
    legal_form: str | None = None
    care_type: CareType | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    coordinate_source: str | None = None
    beds: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    opening_hours: list[Any] | None = None
    verified_on: date | None = None
    published: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    numbers: tuple[ListedNumber, ...] = ()


_PLAIN: Final = (
    *("name", "type", "status", "standard_type", "tier", "ownership", "legal_form", "care_type"),
    *("coordinate_source", "beds", "opened_on", "closed_on", "opening_hours", "verified_on"),
)


def columns_of(draft: FacilityDraft) -> dict[str, Any]:
    """The column values that a draft gives, without identity and place."""
    values = {name: getattr(draft, name) for name in _PLAIN}
    for name in ("latitude", "longitude"):
        degrees = getattr(draft, name)
        values[name] = None if degrees is None else stored_degrees(degrees)
    return {**values, "search_name": search_name(draft.name), "published": dict(draft.published)}


def insert_facilities(work: Work, drafts: Sequence[FacilityDraft]) -> list[UUID]:
    """Add facilities with their leaves and return their ids in the order of the drafts.

    Raises:
        CodeTaken: a given code is used already.
        UnknownParent: a place does not exist.
        PlaceClosed: a place is closed.
        NotFound: a place lies outside the scope.

    """
    drawn = iter(draw_facility_codes(work, sum(draft.code is None for draft in drafts)))
    coded = [(draft.code or next(drawn), draft) for draft in drafts]
    return [identifier for chunk in chunks(coded) for identifier in _insert_chunk(work, chunk)]


def change_facilities(work: Work, changes: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Set columns of facilities; a new name is also that of the leaf. Each change leaves its line in the trail."""
    for chunk in chunks(list(changes)):
        found = work.session.scalars(select(Facility).where(Facility.id.in_(chunk))).all()
        for facility in found:
            for name, value in changes[facility.id].items():
                setattr(facility, name, value)
        renamed = {record.jurisdiction_id: record.name for record in found if "name" in changes[record.id]}
        _rename_leaves(work, renamed)
        work.session.flush()


def insert_services(work: Work, rows: Sequence[tuple[UUID, UUID, str]]) -> None:
    """Add services: facility, its leaf, code of the service."""
    work.insert_rows(
        FacilityService,
        [
            {"facility_id": facility, "jurisdiction_id": leaf, "service": service, "in_use_since": None}
            for facility, leaf, service in rows
        ],
    )


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Pieces of a long list."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _insert_chunk(work: Work, coded: Sequence[tuple[str, FacilityDraft]]) -> list[UUID]:
    leaves = add_places(
        work,
        [
            NewPlace(code, draft.name, draft.place, FACILITY, valid_from=draft.opened_on)
            for code, draft in coded
        ],
    )
    rows = [
        {"id": new_id(), "jurisdiction_id": leaves[code], "code": code, "version": 1, **columns_of(draft)}
        for code, draft in coded
    ]
    work.insert_rows(Facility, rows)
    placed = [(row["id"], row["jurisdiction_id"], draft) for row, (_, draft) in zip(rows, coded, strict=True)]
    work.insert_rows(FacilityIdentifier, [number for each in placed for number in _numbers(*each)])
    insert_services(
        work, [(facility, leaf, service) for facility, leaf, draft in placed for service in draft.services]
    )
    return [row["id"] for row in rows]


def _numbers(facility: UUID, leaf: UUID, draft: FacilityDraft) -> Iterator[dict[str, Any]]:
    for number in draft.numbers:
        yield {
            "facility_id": facility,
            "jurisdiction_id": leaf,
            "system": number.system,
            "value": number.value,
            "occurrence": number.occurrence,
        }


def _rename_leaves(work: Work, names: Mapping[UUID, str]) -> None:
    if not names:
        return
    for leaf in work.session.scalars(select(Jurisdiction).where(Jurisdiction.id.in_(list(names)))):
        leaf.name = names[leaf.id]
