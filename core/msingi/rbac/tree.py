"""The jurisdiction tree: add, move and close places set-wise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select

from msingi.clean_text import clean_text
from msingi.errors import Forbidden
from msingi.ids import new_id
from msingi.rbac.errors import (
    CircularMove,
    ClosesBeforeOpening,
    CodeTaken,
    FacilityIsLeaf,
    NamedByItsFacility,
    NameMissing,
    PlaceClosed,
    PlaceStillUsed,
    RootStays,
    UnknownParent,
)
from msingi.rbac.models import FACILITY, Jurisdiction, JurisdictionClosure, PastParent
from msingi.rbac.plugin import EDIT_PLACES
from msingi.rbac.rules import NewPlace, parents_first
from msingi.rbac.tree_queries import below, chains_of
from msingi.rbac.version import raise_version
from msingi.work import Work

_CHUNK: Final = 5_000
"""Values in one IN list: below the parameter limits of both engines."""


@dataclass(frozen=True, slots=True)
class _Node:
    """What a place above must tell: ``chain`` leads from itself up to the top of the tree."""

    id: UUID
    code: str
    level: int
    kind: str
    chain: tuple[UUID, ...]
    valid_to: date | None = None


def add_places(work: Work, places: Sequence[NewPlace]) -> dict[str, UUID]:
    """Add a batch of places in any order, with their closure rows, and return the ids by code.

    A place without ``parent`` is the top of a tree and needs the whole country as scope.

    Raises:
        CodeTaken: a code exists already or comes twice.
        UnknownParent: a place above is unknown or part of a circle.
        FacilityIsLeaf: a place would lie below a facility.
        PlaceClosed: a place would lie below a closed one (FR-1).
        NotFound: a place above lies outside the scope.

    """
    ordered = parents_first(places)
    raise_version(work)
    _refuse_taken_codes(work, [place.code for place in ordered])
    nodes = _nodes_above(work, ordered)
    rows: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    for place in ordered:
        node = _node_below(nodes[place.parent] if place.parent else None, place)
        nodes[place.code] = node
        rows.append(_row(node, place))
        links.extend(_links(node.id, node.chain))
    work.insert_rows(Jurisdiction, rows)
    work.insert_rows(JurisdictionClosure, links)
    return {place.code: nodes[place.code].id for place in ordered}


def move_place(
    work: Work, place_id: UUID, *, parent_id: UUID, expected_version: int | None = None
) -> Jurisdiction:
    """Put a place with everything below it under another one from today; the old parent is kept (FR-2).

    Raises:
        RootStays: it is the top of the tree.
        CircularMove: the new parent lies below it.
        FacilityIsLeaf: the new parent is a facility.
        PlaceClosed: one of the two is closed.
        NotFound: one of the two lies outside the scope.

    """
    raise_version(work)
    place = _open_place(work, place_id, expected_version=expected_version)
    parent = _open_place(work, parent_id)
    if place.parent_id is None:
        raise RootStays(code=place.code)
    if parent.kind == FACILITY:
        raise FacilityIsLeaf(code=parent.code)
    depths = below(work, place.id)
    if parent.id in depths:
        raise CircularMove(code=place.code)
    if place.parent_id != parent.id:
        _remember_parent(work, place.id, place.parent_id)
        _hang(work, place, parent, depths)
    return place


def rename_place(
    work: Work, place_id: UUID, *, name: str, expected_version: int | None = None
) -> Jurisdiction:
    """Give a place another name in the country's first language; its code stays (FR-1).

    Raises:
        NameMissing: nothing is left of the name.
        NamedByItsFacility: it is the leaf of a facility, which bears the name.
        PlaceClosed: it is closed.
        NotFound, StaleVersion: it lies outside the scope, or was changed meanwhile.

    """
    place = _open_place(work, place_id, expected_version=expected_version)
    if place.kind == FACILITY:
        raise NamedByItsFacility(code=place.code)
    cleaned = clean_text(name)
    if not cleaned:
        raise NameMissing
    place.name = cleaned
    place.names = {**place.names, work.platform.profile.languages[0]: cleaned}
    work.session.flush()
    return place


def close_place(
    work: Work,
    place_id: UUID,
    *,
    last_day: date,
    replaced_by_id: UUID | None = None,
    expected_version: int | None = None,
) -> Jurisdiction:
    """Close a place after its last day; it is never deleted and keeps its code (FR-1).

    Raises:
        PlaceStillUsed: places below it stay open longer.
        PlaceClosed: it is closed already.
        ClosesBeforeOpening: the last day lies before the first one.
        NotFound: it, or the place that replaces it, lies outside the scope.

    """
    raise_version(work)
    place = _open_place(work, place_id, expected_version=expected_version)
    if place.valid_from is not None and last_day < place.valid_from:
        raise ClosesBeforeOpening(code=place.code, valid_from=place.valid_from, last_day=last_day)
    still_open = _count_open_below(work, place.id, last_day)
    if still_open:
        raise PlaceStillUsed(code=place.code, count=still_open)
    if replaced_by_id is not None:
        place.replaced_by_id = _open_place(work, replaced_by_id).id
    place.valid_to = last_day
    work.session.flush()
    return place


def _refuse_taken_codes(work: Work, codes: Sequence[str]) -> None:
    for chunk in _chunks(codes):
        taken = work.session.scalar(select(Jurisdiction.code).where(Jurisdiction.code.in_(chunk)).limit(1))
        if taken is not None:
            raise CodeTaken(code=taken)


def _nodes_above(work: Work, places: Sequence[NewPlace]) -> dict[str, _Node]:
    inside = {place.code for place in places}
    wanted = sorted({place.parent for place in places if place.parent and place.parent not in inside})
    if any(place.parent is None for place in places) and not work.scope.everywhere:
        raise Forbidden(permission=EDIT_PLACES.name)
    found = [
        place
        for chunk in _chunks(wanted)
        for place in work.session.execute(
            select(
                Jurisdiction.id,
                Jurisdiction.code,
                Jurisdiction.level,
                Jurisdiction.kind,
                Jurisdiction.valid_to,
            ).where(Jurisdiction.code.in_(chunk))
        )
    ]
    for missing in sorted(set(wanted) - {place.code for place in found})[:1]:
        raise UnknownParent(parent=missing)
    work.check_places({place.id for place in found})
    chains = chains_of(work, [place.id for place in found])
    return {
        place.code: _Node(place.id, place.code, place.level, place.kind, chains[place.id], place.valid_to)
        for place in found
    }


def _node_below(parent: _Node | None, place: NewPlace) -> _Node:
    identifier = new_id()
    if parent is None:
        return _Node(identifier, place.code, 0, place.kind, (identifier,))
    if parent.kind == FACILITY:
        raise FacilityIsLeaf(code=parent.code)
    if parent.valid_to is not None:
        raise PlaceClosed(code=parent.code, valid_to=parent.valid_to)
    return _Node(identifier, place.code, parent.level + 1, place.kind, (identifier, *parent.chain))


def _row(node: _Node, place: NewPlace) -> dict[str, Any]:
    return {
        "id": node.id,
        "code": place.code,
        "name": place.name,
        "names": dict(place.names),
        "level": node.level,
        "kind": place.kind,
        "parent_id": node.chain[1] if len(node.chain) > 1 else None,
        "valid_from": place.valid_from,
        "version": 1,
    }


def _links(descendant: UUID, chain: Sequence[UUID], *, offset: int = 0) -> Iterator[dict[str, Any]]:
    for depth, ancestor in enumerate(chain, start=offset):
        yield {"ancestor_id": ancestor, "descendant_id": descendant, "depth": depth}


def _open_place(work: Work, place_id: UUID, *, expected_version: int | None = None) -> Jurisdiction:
    place = work.get(Jurisdiction, place_id, expected_version=expected_version)
    work.check_places({place.id})
    if place.valid_to is not None:
        raise PlaceClosed(code=place.code, valid_to=place.valid_to)
    return place


def _remember_parent(work: Work, place_id: UUID, parent_id: UUID) -> None:
    yesterday = work.today() - timedelta(days=1)
    work.add(PastParent(place_id=place_id, parent_id=parent_id, valid_to=yesterday))


def _hang(work: Work, place: Jurisdiction, parent: Jurisdiction, depths: Mapping[UUID, int]) -> None:
    old = chains_of(work, [place.id])[place.id][1:]
    new = chains_of(work, [parent.id])[parent.id]
    for chunk in _chunks(list(depths)):
        work.session.execute(
            delete(JurisdictionClosure).where(
                JurisdictionClosure.descendant_id.in_(chunk), JurisdictionClosure.ancestor_id.in_(old)
            ),
            execution_options={"synchronize_session": False},
        )
    links = [link for below_id, depth in depths.items() for link in _links(below_id, new, offset=depth + 1)]
    work.insert_rows(JurisdictionClosure, links)
    _shift_levels(work, list(depths), parent.level + 1 - place.level)
    place.parent_id = parent.id
    work.session.flush()


def _shift_levels(work: Work, places: Sequence[UUID], shift: int) -> None:
    if shift == 0:
        return
    for chunk in _chunks(places):
        for place in work.session.scalars(select(Jurisdiction).where(Jurisdiction.id.in_(chunk))):
            place.level += shift


def _count_open_below(work: Work, place_id: UUID, last_day: date) -> int:
    statement = (
        select(func.count())
        .select_from(JurisdictionClosure)
        .join(Jurisdiction, Jurisdiction.id == JurisdictionClosure.descendant_id)
        .where(
            JurisdictionClosure.ancestor_id == place_id,
            JurisdictionClosure.depth > 0,
            Jurisdiction.valid_to.is_(None) | (Jurisdiction.valid_to > last_day),
        )
    )
    return work.session.scalar(statement) or 0


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
