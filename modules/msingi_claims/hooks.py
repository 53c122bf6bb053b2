"""What claims ask other plugins, always for many claims at once."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from msingi.plugin import hookspec
from msingi.work import Work
from msingi_claims.findings import ClaimFacts, EarlierClaim, Finding
from msingi_claims.plugin import plugin


@plugin.hooks
class ClaimsHooks:
    """Questions of claims."""

    @hookspec
    def check_claim(
        self, work: Work, claims: Sequence[ClaimFacts], earlier: Sequence[EarlierClaim]
    ) -> Iterable[Finding]:
        """Name what is odd about claims that are being submitted: doubles, splits, fraud (attacks 84, 85).

        Asked once for all claims of a submission, in the order in which they are decided, with the earlier claims
        of their patients, whose lines are read when somebody looks at them; answer with set-wise statements, never one
        per claim.
        """
        raise NotImplementedError

    @hookspec
    def score_claims(self, work: Work, claim_ids: Sequence[UUID]) -> Mapping[UUID, int]:
        """Score the risk of claims from 0 to 100, for the selection of reviews (CLM-4)."""
        raise NotImplementedError
