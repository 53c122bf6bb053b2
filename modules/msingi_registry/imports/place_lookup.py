"""Administrative places by the codes that lines name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeGuard
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.models import FACILITY, Jurisdiction
from msingi.work import Work
from msingi_registry.imports.outcome import Outcome
from msingi_registry.services.facility_rows import chunks


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that a line names."""

    id: UUID
    code: str
    kind: str
    valid_to: date | None


def find_places(work: Work, codes: Iterable[str]) -> dict[str, KnownPlace]:
    """The places with these codes that lie in the present scope."""
    found: dict[str, KnownPlace] = {}
    columns = (Jurisdiction.id, Jurisdiction.code, Jurisdiction.kind, Jurisdiction.valid_to)
    for chunk in chunks(sorted(set(codes))):
        rows = work.session.execute(select(*columns).where(Jurisdiction.code.in_(chunk))).all()
        visible = work.visible_places([row.id for row in rows], work.scope)
        found.update({row.code: KnownPlace(*row) for row in rows if row.id in visible})
    return found


def is_usable(place: KnownPlace | None, outcome: Outcome, line: int, column: str) -> TypeGuard[KnownPlace]:
    """Whether records may lie in the place; says why not."""
    if place is None:
        outcome.refuse(line, column, "registry.import_unknown_place")
    elif place.kind == FACILITY:
        outcome.refuse(line, column, "registry.import_place_is_facility")
    elif place.valid_to is not None:
        outcome.refuse(line, column, "registry.import_place_closed")
    else:
        return True
    return False
