"""Valuation: claims whose relative prices are known become final; what they use up is corrected (BAT-4, D-15)."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_claims.events import ClaimsValuated
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision as DecisionRow
from msingi_claims.models.payment import BatchRun
from msingi_claims.models.states import Occasion
from msingi_claims.rules.batch import value_claim
from msingi_claims.rules.codes import ClaimStatus, Stage
from msingi_claims.rules.decisions import ClaimDecision, Fingerprint, LineDecision
from msingi_claims.services.deciding import Decided, Decisions
from msingi_claims.services.documents import read_lines
from msingi_claims.services.life import Action
from msingi_claims.services.past import Booking, live_bookings
from msingi_claims.services.raising import Raising
from msingi_claims.services.results import result_of
from msingi_claims.services.taking import lines_of, take_possible
from msingi_claims.services.units import Units
from msingi_claims.services.writing import write_decisions

Indexes: TypeAlias = Mapping[tuple[UUID, bool], Decimal]
"""The index of a claim's relative lines by their policy and whether they are hospital care."""
_AT_ONCE: Final = 1_000
_ZERO: Final = Decimal(0)


def value_claims(work: Work, batch: BatchRun, ready: Mapping[UUID, Indexes]) -> None:
    """Make processed claims final; a fixed number of statements for each thousand of them."""
    ids = sorted(ready)
    for start in range(0, len(ids), _AT_ONCE):
        _value(work, batch, {claim_id: ready[claim_id] for claim_id in ids[start : start + _AT_ONCE]})


def _value(work: Work, batch: BatchRun, ready: Mapping[UUID, Indexes]) -> None:
    claims = take_possible(work, ready, Action.VALUE)
    units = Units.of(batch.currency)
    ids = [claim.id for claim in claims]
    lines, live, stored = lines_of(work, ids), live_bookings(work, ids, units), _last_lines(work, ids)
    above = any(index > 1 for indexes in ready.values() for index in indexes.values())
    raising = Raising.open(work, claims) if above else None
    decided = []
    for claim in claims:
        indexes, rows = ready[claim.id], lines[claim.id]
        before = _standing(claim, rows, stored[claim.id], live[claim.id])
        index_of = partial(_index_of, indexes)
        if raising is None:
            after = value_claim(before, index_of, unit=units.unit)
        else:
            after = raising.value(claim, before, index_of)
        digest = hashlib.sha256(_said(indexes).encode()).hexdigest()
        result = result_of(after, units)
        decided.append(Decided(claim, rows, digest, after, result, live[claim.id]))
    products = {row.policy_id: row.product_id for rows in lines.values() for row in rows if row.policy_id}
    steps = {claim_id: (batch.id, work.now()) for claim_id in ids}
    write_decisions(work, Decisions(decided, products, units, Stage.PROCESS), Occasion.BATCH, steps)
    work.emit(ClaimsValuated(claim_ids=tuple(ids)))


def _index_of(indexes: Indexes, line: LineDecision) -> Decimal:
    """The index of a line; one that is worth 0 may have none, and stays worth 0."""
    key = (cast("UUID", line.policy), line.hospital)
    return indexes[key] if line.remunerated else indexes.get(key, _ZERO)


def _said(indexes: Indexes) -> str:
    return "\n".join(
        sorted(f"{policy_id} {hospital}: {index}" for (policy_id, hospital), index in indexes.items())
    )


def _standing(
    claim: Any, rows: Sequence[Any], stored: Sequence[LineDecision], live: Sequence[Booking]
) -> ClaimDecision:
    """The last decision on a claim, with what it has booked."""
    positions = {row.id: position for position, row in enumerate(rows)}
    care = frozenset(((row.kind, row.code), row.quantity) for row in rows)
    return ClaimDecision(
        status=ClaimStatus.PROCESSED,
        reasons=(),
        category=claim.category,
        fingerprint=Fingerprint(
            *(claim.insuree_id, claim.facility_code, claim.date_from, claim.target_date),
            *(claim.diagnosis_code, care),
        ),
        has_duplicate=False,
        lines=tuple(line._replace(policy=row.policy_id) for line, row in zip(stored, rows, strict=True)),
        consumption=tuple(
            entry._replace(line=positions[booking.row.line_id])
            for booking in live
            for entry in booking.entries
        ),
    )


def _last_lines(work: Work, claim_ids: Sequence[UUID]) -> dict[UUID, tuple[LineDecision, ...]]:
    """The lines of the last decision on each claim."""
    statement = (
        select(DecisionRow.claim_id, DecisionRow.document)
        .join(Claim, Claim.id == DecisionRow.claim_id)
        .where(DecisionRow.claim_id.in_(claim_ids), DecisionRow.sequence == Claim.decisions)
    )
    return {claim_id: read_lines(document) for claim_id, document in work.session.execute(statement)}
