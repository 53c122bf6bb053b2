"""The attacker draws samples and selections: empty, chosen, elsewhere, or over another's decision (attack 85)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi_claims.models.review import SampleReview
from msingi_claims.models.states import Purpose
from msingi_claims.rules.codes import Selection
from msingi_claims.services import reviews, sampling, selection

SAMPLE = "mutation($p:Decimal!,$a:UUID!){drawSample(placeId:$a,percent:$p){claims sampled}}"


@pytest.mark.rule("CLM-8", "attack 85")
def test_attack_85_a_sample_cannot_be_empty_chosen_or_drawn_beside_its_place(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    ids = [scheme.submitted(insuree, ("SV1", 2), date_from=date(2025, month, 3)) for month in (3, 4, 5, 6)]
    here, elsewhere = str(scheme.places["D1"]), str(scheme.places["D2"])

    codes = [scheme.refused(SAMPLE, {"p": percent, "a": here}) for percent in ("0", "-5", "101", "NaN")]
    seeded = SAMPLE.replace("percent:$p", 'percent:$p,seed:"x"')
    abroad = scheme.refused(SAMPLE, {"p": "50", "a": elsewhere}, actor=scheme.national)
    unseeded = scheme.refused(seeded, {"p": "50", "a": here})
    drawn = scheme.run(SAMPLE, {"p": "25", "a": here})["drawSample"]

    assert codes == ["core.invalid_input"] * 3 + ["number.invalid"]
    assert (abroad, unseeded) == ("claims.nothing_to_sample", "graphql.unknown_argument")
    assert drawn == {"claims": 4, "sampled": 1}
    count = select(func.count()).select_from(SampleReview)
    assert scheme.act(lambda work: work.session.scalar(count)) == 1
    assert {scheme.claim(one).review_status for one in ids} == {Selection.SELECTED, Selection.NOT_SELECTED}


@pytest.mark.rule("CLM-8")
def test_attack_85_extrapolation_leaves_what_another_reviewer_decided(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    ids = [scheme.submitted(insuree, ("SV1", 2), date_from=date(2025, month, 3)) for month in (3, 4, 5)]
    sample = scheme.act(
        lambda work: sampling.draw_sample(
            work, place_id=scheme.places["CM"], facility_id=None, percent=Decimal(30)
        )
    )
    (sampled,) = (one for one in ids if scheme.claim(one).review_status is Selection.SELECTED)
    reviewed, plain = (one for one in ids if one != sampled)
    scheme.act(lambda work: selection.select_claims(work, [reviewed], Purpose.REVIEW))
    for claim_id, quantity in ((sampled, 1), (reviewed, 2)):
        (line,) = scheme.lines(claim_id)
        scheme.run_review(claim_id, reviews.LineVerdict(line_id=line.id, quantity=Decimal(quantity)))

    scheme.act(lambda work: sampling.close_sample(work, sample.id, extrapolate=True, expected_version=1))

    assert [scheme.claim(one).approved_minor for one in (sampled, reviewed, plain)] == [100, 200, 100]


@pytest.mark.rule("CLM-4", "D-22")
def test_d_22_a_selection_looks_at_its_place_only(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    select_all = (
        """mutation($a:UUID!){selectIdleClaims(input:{percent:"100"},placeId:$a){lookedAt selected}}"""
    )

    beside = scheme.run(select_all, {"a": str(scheme.places["D2"])}, actor=scheme.national)
    untouched = scheme.claim(claim_id).review_status
    inside = scheme.run(select_all, {"a": str(scheme.places["D1"])}, actor=scheme.national)

    assert beside == {"selectIdleClaims": {"lookedAt": 0, "selected": 0}}
    assert untouched is Selection.IDLE
    assert inside == {"selectIdleClaims": {"lookedAt": 1, "selected": 1}}
