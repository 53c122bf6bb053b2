"""Claims are entered and submitted: what is booked, what is refused, and what one statement more would cost."""

from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi_claims.rules.codes import ClaimStatus, LineStatus


def test_a_claim_is_entered_submitted_and_processed(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()

    claim_id = scheme.enter(insuree, ("SV1", 1), ("IT1", 3))
    (submitted,) = scheme.submit(claim_id)
    (processed,) = scheme.process(claim_id)

    assert submitted.status is ClaimStatus.CHECKED
    assert [line.status for line in submitted.lines] == [LineStatus.PASSED] * 2
    assert processed.status is ClaimStatus.VALUATED
    claim = scheme.claim(claim_id)
    assert (claim.claimed_minor, claim.approved_minor, claim.remunerated_minor) == (400, 400, 400)
