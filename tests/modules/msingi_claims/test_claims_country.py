"""What the product of a country file leaves to its patients: nothing where it pays, everything elsewhere."""

from typing import Any

import pytest
from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.profiles import load_profile
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims.rules.codes import LineStatus, Reason
from msingi_registry import Facility, Ownership

TERMS: dict[str, Any] = load_profile("tanzania", overrides={"demo": True}).plugins["insurance"]["products"][
    0
]["terms"]


@pytest.mark.rule("TZA-19", "TZA-20", "TZA-21")
def test_the_product_of_tanzania_leaves_nothing_to_pay_in_cash_at_a_public_facility(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, TERMS)

    def own(work: Work) -> None:
        work.get(Facility, scheme.hospital).ownership = Ownership.PUBLIC
        work.get(Facility, scheme.centre).ownership = Ownership.PRIVATE

    scheme.act(own)
    care = (("IT1", 3), ("SV1", 2), ("SURG", 1))
    public = scheme.submitted(scheme.patient(), *care)
    private = scheme.submitted(scheme.patient(), *care, facility_id=scheme.centre, actor=scheme.national)
    scheme.process(public)

    paid, lines = scheme.claim(public), scheme.lines(public)
    assert (paid.claimed_minor, paid.remunerated_minor, paid.patient_share_minor) == (600, 600, 0)
    left = [
        (one.deductible_minor, one.patient_share_minor, one.excess_minor, one.excess_category_minor)
        for one in lines
    ]
    assert left == [(0, 0, 0, 0)] * 3
    assert {(one.status, one.reason) for one in scheme.lines(private)} == {
        (LineStatus.REFUSED, Reason.NO_COVERING_PRODUCT)
    }
