"""Writes decisions: lines, claims, the consumption ledger and the history, each table in one statement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from msingi.audit.trail import Change
from msingi.bulk import write_rows
from msingi.work import Work
from msingi_claims.findings import Finding
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision as DecisionRow
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Occasion
from msingi_claims.rules.adjudicate import RULES_VERSION
from msingi_claims.rules.codes import ClaimStatus, ConsumptionKind, Reason, Stage
from msingi_claims.rules.decisions import ClaimDecision, Consumption, LineDecision
from msingi_claims.services.changing import change_locked
from msingi_claims.services.deciding import Decided, Decisions, Repeated
from msingi_claims.services.documents import write_document
from msingi_claims.services.past import Booking
from msingi_claims.services.units import Units

_ZERO: Final = Decimal(0)
_RESULT: Final = (
    *("status", "reason", "product_id", "policy_id", "hospital", "accepted_quantity", "limitation"),
    "limitation_value",
    *("price_origin", "price_adjusted_minor", "gross_minor", "refused_minor", "deductible_minor"),
    *("patient_share_minor", "excess_minor", "excess_category_minor", "nominal_minor", "valuated_minor"),
    "remunerated_minor",
)
_stands: Final = attrgetter(*_RESULT)
"""What a line says of its last decision."""
_CHOICE: Final = ("submitted_reason", "submitted_policy_id")
_TOTALS: Final = (
    *("status", "category", "rejection_code", "approved_minor", "valuated_minor", "remunerated_minor"),
    *("nominal_minor", "patient_share_minor", "decisions", "rule_version", "closed_at", "closed_by"),
)
_ENTRY: Final = (
    *("claim_id", "line_id", "sequence", "policy_id", "insuree_id", "kind", "code", "target_date"),
    *("hospital", "category", "currency", "deducted_minor", "counted_minor", "category_minor", "quantity"),
    *("sign", "reverses_id", "booked_at"),
)
_DECISION: Final = (
    *("claim_id", "sequence", "occasion", "status", "rule_version", "input_digest", "document"),
    *("decided_at", "decided_by"),
)
_STEP: Final[Mapping[Occasion, tuple[str, ...]]] = {
    Occasion.SUBMIT: ("submitted_at", "submitted_by", "findings", "review_status"),
    Occasion.REVIEW: ("review_status", "reviewed_at", "reviewer_id", "sample_id"),
    Occasion.PROCESS: ("processed_at", "processed_by", "valuated_at", "review_status", "feedback_status"),
    Occasion.REJECT: ("closed_reason",),
    Occasion.UNDO: ("closed_reason",),
    Occasion.BATCH: ("batch_id", "valuated_at"),
}
"""What each occasion writes on a claim beside its result."""


def write_decisions(
    work: Work, decisions: Decisions, occasion: Occasion, steps: Mapping[UUID, Sequence[Any]]
) -> None:
    """Write what was decided, with one audit line for each claim.

    ``steps`` holds what the occasion adds to each claim, in the order of its columns.
    A claim whose bookings stay as they are books nothing (D-7).
    """
    now = work.now()
    _write_lines(work, decisions)
    _write_claims(work, decisions, occasion, steps)
    entries = [row for one in decisions.decided for row in _entries(one, decisions.units, now)]
    write_rows(work, ConsumptionEntry, _ENTRY, entries)
    history = [_decision_row(work, one, occasion, now) for one in decisions.every]
    write_rows(work, DecisionRow, _DECISION, history)
    work.platform.trail.changed_many(
        work, "update", Claim.__tablename__, [_change(one) for one in decisions.every]
    )


def _decision_row(work: Work, one: Decided | Repeated, occasion: Occasion, now: datetime) -> Sequence[Any]:
    """The row of a decision in the history of its claim."""
    document = one.document if isinstance(one, Repeated) else write_document(one.decision)
    return (
        *(one.claim.id, one.claim.decisions + 1, occasion, one.result.status, RULES_VERSION),
        *(one.digest, document, now, work.actor.id),
    )


def reversals(bookings: Iterable[Booking], sequence: int, now: datetime) -> Iterator[Sequence[Any]]:
    """Rows that take bookings back."""
    for booking in bookings:
        row = booking.row
        yield (
            *(row.claim_id, row.line_id, sequence, row.policy_id, row.insuree_id, row.kind),
            *(row.code, row.target_date, row.hospital, row.category, row.currency, row.deducted_minor),
            *(row.counted_minor, row.category_minor, row.quantity, -1, row.id, now),
        )


def findings_document(findings: Sequence[Finding]) -> list[dict[str, Any]] | None:
    """Findings as they are kept with the claim."""
    if not findings:
        return None
    return [
        {
            "kind": finding.kind.value,
            "other_claim_id": None if finding.other_claim_id is None else str(finding.other_claim_id),
            "details": dict(finding.details),
        }
        for finding in findings
    ]


def _write_lines(work: Work, decisions: Decisions) -> None:
    submits = decisions.stage is Stage.SUBMIT
    columns = (*_RESULT, *_CHOICE) if submits else _RESULT
    results = (
        (row, line, _result(line, decisions))
        for one in decisions.decided
        for row, line in zip(one.lines, one.decision.lines, strict=True)
    )
    rows = [
        (row.id, *result, *((int(line.reason), line.policy) if submits else ()))
        for row, line, result in results
        if submits or _stands(row) != result
    ]
    change_locked(work, ClaimLine, columns, rows)


def _result(line: LineDecision, decisions: Decisions) -> tuple[Any, ...]:
    """What a decision says of a line; a later one that says the same in every part writes nothing."""
    minor = decisions.units.minor
    limit = line.limit
    policy_id: UUID | None = line.policy  # type: ignore[assignment]
    return (
        *(line.status, int(line.reason)),
        None if policy_id is None else decisions.product_ids[policy_id],
        *(policy_id, line.hospital, line.quantity),
        None if limit is None else limit.type,
        None if limit is None else limit.value,
        *(line.origin, minor(line.price), minor(line.valued), minor(line.refused), minor(line.deductible)),
        *(minor(line.patient_share), minor(line.excess_ceiling), minor(line.excess_category)),
        *(minor(line.nominal), minor(line.valuated), minor(line.remunerated)),
    )


def _write_claims(
    work: Work, decisions: Decisions, occasion: Occasion, steps: Mapping[UUID, Sequence[Any]]
) -> None:
    now = work.now()
    rows = [(one.claim.id, *_totals(work, one, now), *steps[one.claim.id]) for one in decisions.every]
    change_locked(work, Claim, (*_TOTALS, *_STEP[occasion]), rows)


def _totals(work: Work, one: Decided | Repeated, now: datetime) -> Sequence[Any]:
    result = one.result
    rejected = result.status is ClaimStatus.REJECTED
    return (
        *(result.status, result.category, int(result.reason) if rejected else None),
        *(result.approved_minor, result.final_minor, result.final_minor, result.nominal_minor),
        *(result.patient_share_minor, one.claim.decisions + 1, RULES_VERSION),
        *((now, work.actor.id) if rejected else (None, None)),
    )


def _entries(one: Decided, units: Units, now: datetime) -> Iterator[Sequence[Any]]:
    sequence = one.claim.decisions + 1
    if one.live and _stays(one):
        return
    yield from reversals(one.live, sequence, now)
    yield from _bookings(one, units, sequence, now)


def _stays(one: Decided) -> bool:
    """Whether what is booked is what the decision books."""
    by_line = {one.lines[position].id: entries for position, entries in _by_line(one.decision).items()}
    return len(by_line) == len(one.live) and all(
        booking.row.category is one.decision.category
        and _amounts(booking.entries) == _amounts(by_line.get(booking.row.line_id, ()))
        for booking in one.live
    )


def _amounts(entries: Iterable[Consumption]) -> list[tuple[Any, ...]]:
    """What entries of one line take from which policy; they always stand in one order."""
    return [(entry.kind, entry.policy, entry.hospital, entry.amount) for entry in entries]


def _bookings(one: Decided, units: Units, sequence: int, now: datetime) -> Iterator[Sequence[Any]]:
    """One row for each line that uses something up: its entries of all kinds together."""
    claim, by_line = one.claim, _by_line(one.decision)
    for position, amounts in by_line.items():
        row, line = one.lines[position], one.decision.lines[position]
        first = amounts[0]
        sums = {entry.kind: entry.amount for entry in amounts}
        yield (
            *(claim.id, row.id, sequence, first.policy, claim.insuree_id, line.kind, line.code),
            *(claim.target_date, first.hospital, one.decision.category, claim.currency),
            units.minor(sums.get(ConsumptionKind.DEDUCTED, _ZERO)),
            units.minor(sums.get(ConsumptionKind.REMUNERATED, _ZERO)),
            units.minor(sums.get(ConsumptionKind.CATEGORY, _ZERO)),
            sums.get(ConsumptionKind.QUANTITY, _ZERO),
            *(1, None, now),
        )


def _by_line(decision: ClaimDecision) -> dict[int, list[Consumption]]:
    found: dict[int, list[Consumption]] = {}
    for entry in decision.consumption:
        found.setdefault(entry.line, []).append(entry)
    return found


def _change(one: Decided | Repeated) -> Change:
    before, result = one.claim, one.result
    fields: dict[str, Any] = {
        "status": [before.status.value, result.status.value],
        "approved_minor": [before.approved_minor, result.approved_minor],
        "decisions": [before.decisions, before.decisions + 1],
    }
    if result.reason is not Reason.ACCEPTED:
        fields["rejection_code"] = [before.rejection_code, int(result.reason)]
    return Change(before.id, fields, before.jurisdiction_id)
