"""What claims answer themselves: checks of doubles and fraud."""

from collections.abc import Sequence

from msingi.work import Work
from msingi_claims.findings import ClaimFacts, EarlierClaim, Finding
from msingi_claims.plugin import plugin
from msingi_claims.services.watching import find_oddities
from msingi_claims.settings import ClaimsSettings


@plugin.answer
def check_claim(work: Work, claims: Sequence[ClaimFacts], earlier: Sequence[EarlierClaim]) -> list[Finding]:
    """Find doubles across facilities, split claims, care after death, too many visits, and two places at once."""
    return list(find_oddities(work.settings(ClaimsSettings), claims, earlier))
