"""Questions to the jurisdiction tree: what lies above, what lies below, and what lay above on a day."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.rows import shape_of
from msingi.work import Work

_CHUNK: Final = 5_000
_PATHS: Final = "rbac.paths"


def chains_of(work: Work, places: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """For each place the ids from itself up to the top of its tree."""
    wanted = sorted(set(places))
    found: dict[UUID, list[UUID]] = {place: [] for place in wanted}
    for start in range(0, len(wanted), _CHUNK):
        statement = (
            select(JurisdictionClosure.descendant_id, JurisdictionClosure.ancestor_id)
            .where(JurisdictionClosure.descendant_id.in_(wanted[start : start + _CHUNK]))
            .order_by(JurisdictionClosure.depth)
        )
        for place, ancestor in work.session.execute(statement):
            found[place].append(ancestor)
    return {place: tuple(chain) for place, chain in found.items()}


def below(work: Work, place_id: UUID) -> dict[UUID, int]:
    """The place and everything below it, each with the number of steps down to it."""
    statement = select(JurisdictionClosure.descendant_id, JurisdictionClosure.depth).where(
        JurisdictionClosure.ancestor_id == place_id
    )
    return dict(work.session.execute(statement).all())


def paths_of(work: Work, places: Iterable[UUID]) -> dict[UUID, list[Jurisdiction]]:
    """For each place the places above it, from the country down to its parent, in one query.

    A work that only reads asks once for each place, however often places are shown.
    """
    wanted = set(places)
    known: dict[UUID, list[Jurisdiction]] = {} if work.writes else work.session.info.setdefault(_PATHS, {})
    missing = wanted - known.keys()
    if missing:
        known.update({place: [] for place in missing})
        for place, row in _above(work, missing):
            known[place].append(row)
    return {place: known[place] for place in wanted}


def _above(work: Work, places: Collection[UUID]) -> Iterator[tuple[UUID, Jurisdiction]]:
    """Each of the places with every place above it, the country first; what many have above them is one object."""
    rows = work.session.rows(_paths(), {"places": list(places)})
    known = {row.id: row for row in shape_of(Jurisdiction).page([row[:-1] for row in rows])}
    return ((row[-1], known[row.id]) for row in rows)


@cache
def _paths() -> Select[Any]:
    """The places above each of the ``places``; built once."""
    return (
        select(*shape_of(Jurisdiction).attributes, JurisdictionClosure.descendant_id)
        .join(JurisdictionClosure, JurisdictionClosure.ancestor_id == Jurisdiction.id)
        .where(
            JurisdictionClosure.descendant_id.in_(bindparam("places", expanding=True)),
            JurisdictionClosure.depth > 0,
        )
        .order_by(JurisdictionClosure.depth.desc())
    )


def roots(work: Work) -> frozenset[UUID]:
    """The tops of the tree: a right held there is national."""
    return frozenset(work.session.scalars(select(Jurisdiction.id).where(Jurisdiction.parent_id.is_(None))))
