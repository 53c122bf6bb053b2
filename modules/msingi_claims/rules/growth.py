"""How the family's size made the ceiling of a policy, as a step of the explanation (PRD-7)."""

from decimal import Decimal
from typing import Final

from msingi_claims.rules.codes import StepKind
from msingi_claims.rules.compiled import CompiledProduct
from msingi_claims.rules.decisions import Step

ZERO: Final = Decimal(0)


def growth_of(product: CompiledProduct, *, hospital: bool, members: int) -> Step | None:
    """The base amount, what each member above the threshold adds, the maximum, and what comes out.

    None when the ceiling is its base amount, and nobody adds to it.
    """
    ceiling = product.ceiling
    if ceiling is None or not (ceiling.extra_member or ceiling.maximum):
        return None
    base, above = ceiling.of(hospital=hospital), product.terms.members_above(members)
    grown = ceiling.grown(hospital=hospital, above=above)
    extra = ceiling.extra_member.of(hospital=hospital) if ceiling.extra_member else None
    most = ceiling.maximum.of(hospital=hospital) if ceiling.maximum else None
    if base is None or grown is None or (grown == base and not (above and extra)):
        return None
    return Step(StepKind.CEILING_GROWTH, base, grown, most, extra or ZERO, str(above))
