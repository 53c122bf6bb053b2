"""The lines of claims over GraphQL: what was asked, what was decided, and every adjustment (ADJ-8)."""

from collections.abc import Sequence
from uuid import UUID

from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.plugin import READ_CLAIMS, plugin
from msingi_claims.services.explaining import Adjustment, adjustments_of
from msingi_claims.services.names import lines_named

plugin.expose(
    ClaimLine,
    *("id", "claim_id", "position", "kind", "code", "catalogue_id", "quantity", "price_asked"),
    *("explanation", "approved_quantity", "approved_price", "verdict", "deduction_rate", "justification"),
    *("status", "reason", "product_id", "policy_id", "accepted_quantity", "limitation", "limitation_value"),
    *(
        "price_origin",
        "price_adjusted",
        "gross",
        "refused",
        "deductible",
        "patient_share",
        "excess",
        "excess_category",
    ),
    *("nominal", "valuated", "remunerated"),
    allow=READ_CLAIMS,
)


@plugin.extend(Claim, allow=READ_CLAIMS, reads=())
def lines(parents: Sequence[Claim], work: Work) -> dict[UUID, list[ClaimLine]]:
    """What was given, in order."""
    return work.answer_children(ClaimLine.claim_id, parents, order_by=ClaimLine.position)


@plugin.extend(ClaimLine, allow=READ_CLAIMS, reads=("kind", "catalogue_id", "code"))
def name(parents: Sequence[ClaimLine], work: Work) -> dict[UUID, str]:
    """Name of the item or service in the reader's language."""
    return lines_named(work, parents)


@plugin.extend(ClaimLine, allow=READ_CLAIMS)
def adjustments(parents: Sequence[ClaimLine], work: Work) -> dict[UUID, list[Adjustment]]:
    """What the last decision changed on the line, and by which rule."""
    return dict(adjustments_of(work, parents))
