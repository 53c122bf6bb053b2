"""What a decision makes of a claim as a whole, in minor units: what is stored with it and answered to callers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from msingi_claims.rules.codes import ClaimStatus, LineStatus, Reason
from msingi_claims.rules.decisions import ClaimDecision
from msingi_claims.services.units import Units
from msingi_insurance import Category

_ZERO: Final = Decimal(0)


class Result(NamedTuple):
    """The status of a claim, every error of it as a whole, its sums, and what became of each line."""

    status: ClaimStatus
    reasons: tuple[Reason, ...]
    category: Category
    approved_minor: int
    final_minor: int | None
    """None while a relative line waits for its batch (ADJ-6)."""
    nominal_minor: int | None
    """Of the relative lines; None without one."""
    patient_share_minor: int
    lines: tuple[tuple[LineStatus, Reason], ...]

    @property
    def reason(self) -> Reason:
        """The first reason of a rejected claim."""
        return self.reasons[0] if self.reasons else Reason.ACCEPTED


def result_of(decision: ClaimDecision, units: Units) -> Result:
    """The result of a decision."""
    lines, minor = decision.lines, units.minor
    nominal = [line.nominal for line in lines if line.nominal is not None]
    approved = minor(decision.approved)
    return Result(
        decision.status,
        decision.reasons,
        decision.category,
        approved,
        None if decision.is_waiting else approved,
        minor(sum(nominal, _ZERO)) if nominal else None,
        minor(sum([line.patient_share for line in lines], _ZERO)),
        tuple([(line.status, line.reason) for line in lines]),
    )


def result_that_stands(claim: Any, lines: Sequence[Any]) -> Result:
    """The result of processing a checked claim whose lines have all passed, where they stay as they are."""
    nominal = [row.nominal_minor for row in lines if row.nominal_minor is not None]
    is_waiting = any(row.valuated_minor is None for row in lines)
    approved = sum([row.remunerated_minor for row in lines])
    return Result(
        ClaimStatus.PROCESSED if is_waiting else ClaimStatus.VALUATED,
        (),
        claim.category,
        approved,
        None if is_waiting else approved,
        sum(nominal) if nominal else None,
        sum([row.patient_share_minor for row in lines]),
        tuple([(row.status, Reason.ACCEPTED) for row in lines]),
    )
