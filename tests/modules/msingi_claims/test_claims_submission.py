"""Claims are entered and submitted: what is booked, what is refused, and what one statement more would cost."""

from datetime import date

import pytest
from sqlalchemy import update
from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue import MedicalItem, renew_register
from msingi_claims.rules.codes import ClaimStatus, LineStatus, Reason


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


@pytest.mark.rule("CLM-9")
@pytest.mark.parametrize(("first", "reason"), [(date(2025, 1, 7), 5), (date(2025, 1, 6), 0)])
def test_care_that_is_rarer_than_once_a_year_is_looked_for_as_far_back(
    make_platform: MakePlatform, as_user: AsUser, first: date, reason: int
) -> None:
    scheme = scheme_of(make_platform, as_user)

    def make_rare(work: Work) -> None:
        rare = update(MedicalItem).where(MedicalItem.code == "IT30").values(frequency_days=400)
        work.session.execute(rare)
        renew_register(work)

    scheme.act(make_rare)
    insuree = scheme.patient()
    scheme.submitted(insuree, ("IT30", 1), date_from=first)

    # 10 February 2026 is 399 or 400 days later
    second = scheme.submitted(insuree, ("IT30", 1), ("SV1", 1))

    assert [line.reason for line in scheme.lines(second)] == [reason, 0]


@pytest.mark.rule("CLM-9", "D-24")
def test_errors_of_a_claim_and_what_looks_odd_are_answered_together_in_the_order_of_the_checks(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    first = scheme.enter(insuree, date_from=date(2026, 1, 6))
    second = scheme.enter(insuree, date_from=date(2026, 1, 6), date_claimed=date(2026, 1, 5))
    dead = scheme.enter(
        scheme.patient(death_date=date(2026, 1, 1)), date_from=date(2026, 1, 6), date_claimed=date(2026, 1, 5)
    )

    outcomes = {one.claim_id: one.reasons for one in scheme.submit(first, second, dead)}

    assert outcomes == {
        first: (),
        second: (Reason.TARGET_DATE, Reason.DUPLICATE),
        dead: (Reason.TARGET_DATE, Reason.INSUREE_NOT_VALID),
    }
    assert [line.reason for line in scheme.lines(second)] == [9]
    assert scheme.claim(second).rejection_code == int(Reason.TARGET_DATE)


@pytest.mark.rule("CLM-9")
@pytest.mark.parametrize(
    ("born", "precision", "reasons"),
    [
        (date(2026, 2, 11), "day", (Reason.INSUREE_NOT_VALID,)),
        (date(2026, 2, 10), "day", ()),
        (date(2027, 1, 1), "estimated", ()),
        (None, None, ()),
    ],
    ids=["the_day_after", "that_day", "estimated", "unknown"],
)
def test_care_before_birth_is_refused_as_far_as_the_birth_is_known(
    make_platform: MakePlatform,
    as_user: AsUser,
    born: date | None,
    precision: str | None,
    reasons: tuple[Reason, ...],
) -> None:
    scheme = scheme_of(make_platform, as_user)
    patient = scheme.patient(birth_date=born, birth_precision=precision)

    (outcome,) = scheme.submit(scheme.enter(patient))

    assert outcome.reasons == reasons
