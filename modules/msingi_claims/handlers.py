"""What claims answer: their own checks of doubles and fraud, and what insurance asks about consumption and registers."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_

from msingi.work import Work
from msingi_claims import money_checks
from msingi_claims.findings import ClaimFacts, EarlierClaim, Finding
from msingi_claims.models.facility_side import ClaimAdministrator
from msingi_claims.plugin import plugin
from msingi_claims.services.consumed import consumed_by
from msingi_claims.services.watching import find_oddities
from msingi_claims.settings import ClaimsSettings
from msingi_insurance import Consumed, Register

__all__ = ["check_claim", "consumption", "money_checks", "registers"]


@plugin.answer
def check_claim(work: Work, claims: Sequence[ClaimFacts], earlier: Sequence[EarlierClaim]) -> list[Finding]:
    """Find doubles across facilities, split claims, care after death, too many visits, and two places at once."""
    return list(find_oddities(work.settings(ClaimsSettings), claims, earlier))


@plugin.answer
def consumption(
    work: Work,
    policy_ids: Collection[UUID],
    insuree_ids: Collection[UUID],
    on: date,  # noqa: ARG001 - a policy holds one period, which the day lies in
) -> list[Consumed]:
    """Tell what insurees have used up under policies, wherever the care was given (POL-10)."""
    with work.everywhere():
        return consumed_by(work, policy_ids, insuree_ids)


@plugin.answer
def registers(work: Work) -> list[Register]:
    """Claim administrators are active through their last day in office."""
    last = ClaimAdministrator.valid_to
    in_office = or_(last.is_(None), last >= work.today())
    return [
        Register("claim_administrators", ClaimAdministrator, ClaimAdministrator.jurisdiction_id, in_office)
    ]
