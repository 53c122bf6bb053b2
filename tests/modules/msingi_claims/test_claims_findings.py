"""Doubles, splits and other oddities: caught by rule and not only by key (attacks 84, 85)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from tests.modules.msingi_claims.claims_fixtures import Scheme, claims_platform, scheme_of

from msingi.errors import DomainError
from msingi.money import Money
from msingi.statement_count import kept_statements, watch_statements
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_catalogue import MedicalService, renew_register
from msingi_claims.models.review import ReviewTask
from msingi_claims.models.states import SelectionRule
from msingi_claims.rules.codes import ClaimStatus, Reason, Selection
from msingi_claims.services import rejection, sampling, selection
from msingi_claims.services.selection import SelectionOrder

_LINES = (("CONS", 1), ("IT1", 2), ("SV1", 1))


def _at_centre(scheme: Scheme, insuree: UUID, *lines: Any, **fields: Any) -> UUID:
    """A claim of the other facility, entered by somebody of its district."""
    return scheme.enter(insuree, *lines, facility_id=scheme.centre, actor=scheme.national, **fields)


@pytest.mark.rule("attack 84")
def test_one_visit_claimed_by_two_facilities_on_neighbouring_days_is_refused(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    first = scheme.submitted(insuree, *_LINES, date_from=date(2026, 1, 10))
    double = _at_centre(scheme, insuree, ("SV1", 1), ("CONS", 1), ("IT1", 1), date_from=date(2026, 1, 11))

    scheme.submit(double)

    claim = scheme.claim(double)
    assert (claim.status, claim.rejection_code) == (ClaimStatus.REJECTED, int(Reason.DUPLICATE))
    assert claim.findings == [{"kind": "double_claim", "other_claim_id": str(first), "details": {}}]
    assert scheme.claim(first).status is ClaimStatus.CHECKED


@pytest.mark.rule("attack 84", "CLM-9")
def test_the_same_care_at_one_facility_day_after_day_is_marked_and_not_refused(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()

    days = [scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 2, day)) for day in (10, 11, 12)]

    assert [scheme.claim(one).status for one in days] == [ClaimStatus.CHECKED] * 3
    findings = [scheme.claim(one).findings or [] for one in days]
    assert [{finding["kind"] for finding in found} for found in findings] == [
        set(),
        {"split_claim"},
        {"split_claim"},
    ]


def _end_service(work: Work) -> None:
    ended = update(MedicalService).where(MedicalService.code == "SV1").values(valid_to=date(2026, 1, 31))
    work.session.execute(ended)
    renew_register(work)


@pytest.mark.rule("CLM-9")
def test_a_claim_of_care_that_left_the_register_is_rejected(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.enter(scheme.patient(), ("SV1", 1), date_from=date(2026, 2, 10))
    scheme.act(_end_service)

    scheme.submit(claim_id)

    claim = scheme.claim(claim_id)
    assert (claim.status, claim.rejection_code) == (ClaimStatus.REJECTED, 1)


_SAME = (("CONS", 1), ("SV1", 1))
_HALF = (("CONS", 1), ("SURG", 1))
_MORE = (*_SAME, ("SURG", 1))


@pytest.mark.rule("attack 84", "CLM-9")
@pytest.mark.parametrize(
    ("facility", "lines", "diagnosis", "kind"),
    [
        ("hospital", _SAME, "B00", "similar_claim"),
        ("centre", _SAME, "B00", "similar_claim"),
        ("centre", _HALF, "B00", "similar_claim"),
        ("centre", _MORE, "A00", "similar_claim"),
        ("hospital", _MORE, "A00", "split_claim"),
    ],
)
def test_what_only_shares_codes_or_days_goes_to_a_reviewer_and_is_not_refused(
    make_platform: MakePlatform, as_user: AsUser, facility: str, lines: Any, diagnosis: str, kind: str
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    first = scheme.submitted(insuree, ("CONS", 2), ("SV1", 1), date_from=date(2026, 1, 10))
    where = {"facility_id": getattr(scheme, facility), "actor": scheme.national}
    second = scheme.enter(insuree, *lines, date_from=date(2026, 1, 10), diagnosis=diagnosis, **where)

    scheme.submit(second)

    claim = scheme.claim(second)
    assert (claim.status, claim.review_status) == (ClaimStatus.CHECKED, Selection.SELECTED)
    assert claim.findings == [{"kind": kind, "other_claim_id": str(first), "details": {}}]


@pytest.mark.rule("attack 84", "D-20")
def test_both_halves_of_a_double_in_one_submission_pay_the_first_only(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    first = scheme.enter(insuree, *_LINES)
    double = _at_centre(scheme, insuree, *_LINES)

    outcomes = scheme.submit(first, double)

    assert [one.status for one in outcomes] == [ClaimStatus.CHECKED, ClaimStatus.REJECTED]


@pytest.mark.rule("attack 84")
def test_another_visit_or_other_care_elsewhere_is_no_double(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    scheme.submitted(insuree, *_LINES, date_from=date(2026, 1, 10))
    referred = _at_centre(scheme, insuree, ("SURG", 1), date_from=date(2026, 1, 11))
    later = _at_centre(scheme, insuree, *_LINES, date_from=date(2026, 1, 20))

    scheme.submit(referred, later)

    assert {scheme.claim(one).status for one in (referred, later)} == {ClaimStatus.CHECKED}


@pytest.mark.rule("attack 84")
def test_a_reviewer_releases_what_only_looked_like_a_double(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    scheme.submitted(insuree, *_LINES)
    same = scheme.submitted(insuree, *_LINES)
    assert scheme.claim(same).rejection_code == int(Reason.DUPLICATE)

    scheme.act(lambda work: rejection.release_claims(work, [same]))

    claim = scheme.claim(same)
    assert (claim.status, claim.approved_minor, claim.duplicate_released) == (ClaimStatus.CHECKED, 400, True)


def test_only_what_looked_odd_can_be_released(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    (uninsured,) = scheme.family()
    claim_id = scheme.submitted(uninsured)

    with pytest.raises(DomainError) as refusal:
        scheme.act(lambda work: rejection.release_claims(work, [claim_id]))
    assert refusal.value.code == "claims.not_releasable"


@pytest.mark.rule("attack 85")
def test_a_claim_split_in_two_goes_to_a_reviewer_and_passes_no_ceiling(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    terms = {"other_services": {}, "ceiling": {"basis": "insuree", "general": "150"}}
    scheme = scheme_of(make_platform, as_user, terms)
    insuree = scheme.patient()
    first = scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 1, 10))
    second = scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 1, 11))

    halves = [scheme.claim(one) for one in (first, second)]

    assert [half.approved_minor for half in halves] == [100, 50]
    assert [half.review_status for half in halves] == [Selection.IDLE, Selection.SELECTED]
    assert [finding["kind"] for finding in halves[1].findings or []] == ["split_claim"]


@pytest.mark.rule("attack 85", "CLM-4", "CLM-8")
@pytest.mark.parametrize("step", ["selection", "sample"])
def test_findings_are_reviewed_whatever_the_sample_says_unless_the_scheme_wants_otherwise(
    make_platform: MakePlatform, as_user: AsUser, step: str
) -> None:
    scheme = scheme_of(make_platform, as_user, review_findings=False)
    insuree = scheme.patient()
    plain = [scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 1, day)) for day in (1, 10)]
    odd = scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 1, 11))
    before = [scheme.claim(one).review_status for one in (*plain, odd)]
    always = replace(scheme, platform=claims_platform(make_platform))

    def chosen(work: Work) -> int:
        if step == "sample":
            whole = sampling.draw_sample(
                work, place_id=scheme.places["CM"], facility_id=None, percent=Decimal(50), seed="s"
            )
            return whole.claims
        order = SelectionOrder(rule=SelectionRule.VALUE, threshold=Money.from_minor(10_000, "XAF"))
        return selection.select_idle(work, order, scheme.places["CM"]).selected

    count = always.act(chosen)

    assert before == [Selection.IDLE] * 3
    assert (scheme.claim(odd).findings or [])[0]["kind"] == "split_claim"
    assert count == (2 if step == "sample" else 1)
    assert scheme.claim(odd).review_status is Selection.SELECTED
    reviewed = [one for one in plain if scheme.claim(one).review_status is Selection.SELECTED]
    assert len(reviewed) == (1 if step == "sample" else 0)
    tasks = select(ReviewTask.reason).where(ReviewTask.claim_id == odd)
    assert scheme.act(lambda work: work.session.scalar(tasks)) is SelectionRule.RISK


@pytest.mark.rule("attack 85", "v3")
def test_care_after_death_or_after_the_policy_is_refused(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    dead = scheme.submitted(scheme.patient(death_date=date(2026, 1, 1)))
    (insuree,) = scheme.family()
    scheme.insure([insuree], expiry_date=date(2026, 1, 31))
    late = scheme.submitted(insuree)

    assert scheme.claim(dead).rejection_code == int(Reason.INSUREE_NOT_VALID)
    assert scheme.claim(late).rejection_code == int(Reason.NO_COVERAGE)


@pytest.mark.rule("attack 85")
def test_more_visits_than_usual_and_two_places_at_once_are_marked(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, busy_visits=2)
    insuree = scheme.patient()
    for day in (3, 10):
        scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 1, day))
    third = scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 1, 18), date_to=date(2026, 1, 25))
    ghost = _at_centre(scheme, insuree, ("CONS", 1), date_from=date(2026, 1, 20), date_to=date(2026, 1, 21))
    scheme.submit(ghost)

    assert [one["kind"] for one in scheme.claim(third).findings or []] == ["frequency"]
    assert {one["kind"] for one in scheme.claim(ghost).findings or []} == {"ghost", "frequency"}
    assert scheme.claim(ghost).status is ClaimStatus.CHECKED


def test_what_a_patient_was_given_is_found_by_the_patient_and_not_among_all_claims_of_a_status(
    make_platform: MakePlatform, as_user: AsUser, engine_name: str
) -> None:
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL knows how many claims have which status")
    scheme = scheme_of(make_platform, as_user)
    claim = scheme.enter(scheme.patient(), *_LINES)

    watch_statements(scheme.platform.database.read)
    with kept_statements() as sent:
        scheme.submit(claim)

    (asked,) = (one for one in sent if "coalesce(claims_claim.status" in one)
    with scheme.platform.work(writes=False) as work:
        explained = f"EXPLAIN QUERY PLAN {asked}"
        plan = str(work.session.connection().exec_driver_sql(explained, (None,) * asked.count("?")).all())
    assert "ix_claims_claim_insuree_id_target_date" in plan
    assert "SCAN claims_claim" not in plan
