"""Why no product of a valid policy covers a line: it is not listed, or not for this visit or facility (ADJ-9)."""

from msingi_claims.rules.codes import StepKind
from msingi_claims.rules.decisions import Step
from msingi_claims.rules.situation import Situation, Standing
from msingi_claims.rules.values import FacilityFacts, LineInput
from msingi_insurance import FacilityLimits


def why_uncovered(situation: Situation, line: LineInput) -> list[Step]:
    """What keeps each product of the valid policies from covering a line, in the order of the policies, told once."""
    found = ((standing, _lacking(situation, line, standing)) for standing in situation.standings)
    steps = (Step(kind, word=standing.product.code) for standing, kind in found if kind is not None)
    return list(dict.fromkeys(steps))


def _lacking(situation: Situation, line: LineInput, standing: Standing) -> StepKind | None:
    product = standing.product
    coverage = product.covering(line.key, adult=situation.adult)
    if coverage is None:
        return StepKind.NOT_LISTED
    if situation.claim.visit_type not in coverage.limits:
        return StepKind.OTHER_VISIT
    if standing.is_paying or product.facilities is None:
        return None
    return _outside(product.facilities, situation.claim.facility)


def _outside(limits: FacilityLimits, facility: FacilityFacts) -> StepKind:
    """Which limit a facility that is not admitted misses first (TZA-19)."""
    if limits.ownerships and facility.ownership not in limits.ownerships:
        return StepKind.OTHER_OWNERSHIP
    if limits.tiers and facility.tier not in limits.tiers:
        return StepKind.OTHER_TIER
    return StepKind.OTHER_FACILITY
