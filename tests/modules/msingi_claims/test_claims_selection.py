"""Claims above the average of their diagnosis: which claims make the average, and which one is above it (CLM-4)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi_claims.models.states import SelectionRule
from msingi_claims.rules.codes import Selection
from msingi_claims.services.rejection import reject_claims
from msingi_claims.services.selection import SelectionOrder, select_idle


@pytest.mark.rule("CLM-4")
@pytest.mark.parametrize(
    ("variance", "dear"), [("50", Selection.SELECTED), ("50.0001", Selection.NOT_SELECTED)]
)
def test_the_average_is_that_of_the_diagnosis_over_the_last_year_without_rejected_claims(
    make_platform: MakePlatform, as_user: AsUser, variance: str, dear: Selection
) -> None:
    scheme = scheme_of(make_platform, as_user)

    def claimed(quantity: int, day: date = date(2026, 2, 10), diagnosis: str = "A00") -> UUID:
        return scheme.submitted(scheme.patient(), ("SV1", quantity), date_from=day, diagnosis=diagnosis)

    a_year_ago = claimed(50, date(2025, 3, 2))
    rejected = claimed(50)
    scheme.act(lambda work: reject_claims(work, [rejected], reason="no"))
    scheme.process(a_year_ago, claimed(50, diagnosis="B00"))
    ids = [claimed(3), claimed(2), claimed(1, date(2025, 3, 3))]
    order = SelectionOrder(rule=SelectionRule.VARIANCE, variance=Decimal(variance))

    scheme.act(lambda work: select_idle(work, order, scheme.places["CM"]))

    # 300, 200 and 100 make 200: half as much again is 300.
    assert [scheme.claim(one).review_status for one in ids] == [dear, *[Selection.NOT_SELECTED] * 2]
