"""What becomes of a claim about which something odd was found: it is only marked, or refused (CLM-9, attacks 84 to 87)."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msingi_claims.rules.codes import FindingKind, Reason

REFUSING: Final = (FindingKind.DOUBLE_CLAIM, FindingKind.AFTER_DEATH)
"""Kinds that refuse a claim where the installation says nothing else."""
_REASONS: Final[Mapping[FindingKind, Reason]] = MappingProxyType(
    {FindingKind.DOUBLE_CLAIM: Reason.DUPLICATE, FindingKind.AFTER_DEATH: Reason.INSUREE_NOT_VALID}
)


def refusals_of(
    findings: Iterable[tuple[FindingKind, bool]], *, refusing: Collection[FindingKind], confirms: bool
) -> tuple[Reason, ...]:
    """Why findings refuse the whole claim; empty when they only mark it.

    Each finding is a kind, and whether a scoring plugin itself refuses the claim: that waits for a person where one
    ``confirms`` (code -2). The kinds ``refusing`` refuse with 6 for a double, 7 after a death, and 20 for any other.
    """
    return tuple(
        _REASONS.get(kind, Reason.INVALID_CLAIM) if kind in refusing else Reason.REFUSED_BY_SCORING
        for kind, refuses in findings
        if kind in refusing or (refuses and not confirms)
    )
