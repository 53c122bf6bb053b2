"""The life of a facility: its steps, its closing, and the chain of those that replaced it (FR-1, PD-4)."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy import literal, select

from msingi.rbac.models import Jurisdiction
from msingi.rbac.tree import close_place
from msingi.work import Work
from msingi_registry.facility_errors import ClosingInFuture
from msingi_registry.models.facility import Facility
from msingi_registry.refusal_texts import rules_said
from msingi_registry.rules.facilities import (
    FacilityStep,
    check_closing,
    check_replacement,
    next_facility_state,
)

_LONGEST_CHAIN: Final = 100
"""Replacements that are followed; a longer chain is an error of the data."""


def set_status(
    work: Work,
    facility_id: UUID,
    step: FacilityStep,
    *,
    on: date | None = None,
    replaced_by_id: UUID | None = None,
    expected_version: int | None = None,
) -> Facility:
    """Take a step in the life of a facility; a closing has a day and may name a successor (FR-1, PD-4).

    Raises:
        FacilityStepRefused: there is no such step from its state.
        ClosedBeforeOpened: the closing lies before the opening.
        ClosingInFuture: the closing lies after today.
        ReplacementCycle: it would be replaced by itself.
        StaleVersion: somebody else changed it meanwhile.
        NotFound: it, or its successor, lies outside the scope.

    """
    facility = work.get(Facility, facility_id, expected_version=expected_version)
    with rules_said():
        facility.status = next_facility_state(facility.status, step)
    if step is FacilityStep.VERIFY:
        facility.verified_on = work.today()
    if step is FacilityStep.CLOSE:
        _close(work, facility, on or work.today(), replaced_by_id)
    work.session.flush()
    return facility


def confirm_facility(work: Work, facility_id: UUID) -> Facility:
    """Say that the record of a facility is right today (NS-2)."""
    facility = work.get(Facility, facility_id)
    facility.verified_on = work.today()
    return facility


def final_successors(work: Work, facilities: Sequence[UUID]) -> dict[UUID, Facility]:
    """The facility at the end of each chain of replacements, where there is one and it is visible (FR-1, PD-4)."""
    chains = _successors(work, facilities)
    ends = work.by_ids(Facility, [chain[-1] for chain in chains.values()])
    return {facility: ends[chain[-1]] for facility, chain in chains.items() if chain[-1] in ends}


def _close(work: Work, facility: Facility, day: date, replaced_by_id: UUID | None) -> None:
    if day > work.today():
        raise ClosingInFuture
    with rules_said():
        check_closing(facility.opened_on, day)
    facility.closed_on = day
    if replaced_by_id is not None:
        _replace(work, facility, work.get(Facility, replaced_by_id))
    leaf = work.get(Jurisdiction, facility.jurisdiction_id)
    last_day = max(day - timedelta(days=1), leaf.valid_from or date.min)
    close_place(work, leaf.id, last_day=last_day)


def _replace(work: Work, facility: Facility, successor: Facility) -> None:
    following = [successor.id, *_successors(work, [successor.id]).get(successor.id, [])]
    chain = {str(one): str(other) for one, other in pairwise(following)}
    with rules_said():
        check_replacement(str(facility.id), str(successor.id), chain)
    facility.replaced_by_id = successor.id


def _successors(work: Work, facilities: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The chain of replacements of each facility that has one, over all places, in one recursive query."""
    table = Facility.__table__
    start = select(table.c.id.label("origin"), table.c.replaced_by_id.label("id"), literal(1).label("depth"))
    chain = start.where(table.c.id.in_(facilities), table.c.replaced_by_id.is_not(None)).cte(recursive=True)
    following = select(chain.c.origin, table.c.replaced_by_id, chain.c.depth + 1).where(
        table.c.id == chain.c.id, table.c.replaced_by_id.is_not(None), chain.c.depth < _LONGEST_CHAIN
    )
    chain = chain.union_all(following)
    found: dict[UUID, list[UUID]] = {}
    with work.everywhere():
        for origin, successor in work.session.execute(
            select(chain.c.origin, chain.c.id).order_by(chain.c.depth)
        ):
            found.setdefault(origin, []).append(successor)
    return found
