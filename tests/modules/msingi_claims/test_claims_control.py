"""Control of claims: selection, work queue, samples, feedback and consent (CLM-3, CLM-4, CLM-7, CLM-8)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of

from msingi.auth.models import User, UserStatus
from msingi.errors import DomainError
from msingi.money import Money
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_claims.models.review import ReviewTask
from msingi_claims.models.states import PreAuthorisationState, Purpose, SampleState, SelectionRule
from msingi_claims.plugin import DECIDE_CONSENT, PROCESS_CLAIMS, REQUEST_CONSENT, REVIEW_CLAIMS
from msingi_claims.rules.codes import ClaimStatus, Selection
from msingi_claims.services import consents, feedback, rejection, reviews, sampling, selection
from msingi_claims.services.consumed import consumed_by
from msingi_claims.services.escalation import escalate_overdue
from msingi_claims.services.selection import SelectionOrder, drawn, select_idle
from msingi_insurance import Category, LineKind, Policy, Used
from msingi_insurance.services.policies_daily import expire_chunk
from msingi_insurance.services.policies_life import suspend_policy


def _checked(scheme: Scheme, count: int, *lines: Any) -> list[UUID]:
    """Checked claims of one patient, on days far enough apart."""
    insuree = scheme.patient()
    ids = [
        scheme.enter(insuree, *lines, date_from=date(2025, 3, 1) + timedelta(days=9 * number))
        for number in range(count)
    ]
    scheme.submit(*ids)
    return ids


def _statuses(scheme: Scheme, ids: list[UUID]) -> list[Selection]:
    return [scheme.claim(one).review_status for one in ids]


@pytest.mark.rule("CLM-4")
def test_a_random_selection_keeps_its_seed_and_draws_the_same_again(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    ids = _checked(scheme, 10)
    order = SelectionOrder(percent=Decimal(25))

    run = scheme.act(lambda work: select_idle(work, order, scheme.places["CM"]))

    chosen = {one for one in ids if scheme.claim(one).review_status is Selection.SELECTED}
    assert (run.looked_at, run.selected, len(run.seed)) == (10, 3, 32)
    assert chosen == drawn(ids, percent=Decimal(25), seed=run.seed)
    assert set(_statuses(scheme, ids)) == {Selection.SELECTED, Selection.NOT_SELECTED}
    tasks = scheme.act(lambda work: set(work.session.scalars(select(ReviewTask.claim_id))))
    assert tasks == chosen


@pytest.mark.rule("CLM-4")
@pytest.mark.parametrize(
    "order",
    [
        SelectionOrder(rule=SelectionRule.VALUE, threshold=Money.from_minor(500, "XAF")),
        SelectionOrder(rule=SelectionRule.VARIANCE, variance=Decimal(50)),
    ],
)
def test_dear_claims_are_selected_by_value_and_by_variance(
    make_platform: MakePlatform, as_user: AsUser, order: SelectionOrder
) -> None:
    scheme = scheme_of(make_platform, as_user)
    cheap = _checked(scheme, 3)
    (dear,) = _checked(scheme, 1, ("SV1", 5))

    scheme.act(lambda work: select_idle(work, order, scheme.places["CM"]))

    assert _statuses(scheme, [*cheap, dear]) == [Selection.NOT_SELECTED] * 3 + [Selection.SELECTED]


@pytest.mark.rule("CLM-7", "attack 24")
def test_a_task_is_assigned_reassigned_and_told_once_when_it_is_late(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    scheme = scheme_of(make_platform, as_user, review_days=3)
    (claim_id,) = _checked(scheme, 1)
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    other = scheme.appoint(as_user(REVIEW_CLAIMS, at=scheme.places["D1"])).id
    scheme.appoint(scheme.officer)

    with pytest.raises(DomainError) as own:
        scheme.act(lambda work: reviews.assign_reviews(work, [claim_id], assignee_id=scheme.clerk.id))
    scheme.act(lambda work: reviews.assign_reviews(work, [claim_id], assignee_id=other))
    with pytest.raises(DomainError) as foreign:
        scheme.run_review(claim_id)
    scheme.act(lambda work: reviews.assign_reviews(work, [claim_id], assignee_id=scheme.officer.id))
    late = [scheme.act(escalate_overdue)]
    frozen_clock.move(days=4)
    late += [scheme.act(escalate_overdue) for _ in range(2)]
    loads = scheme.run("{reviewerWorkloads{assigneeId open overdue}}")["reviewerWorkloads"]
    scheme.run_review(claim_id)

    assert (own.value.code, foreign.value.code) == ("claims.own_claim", "claims.not_assigned")
    assert late == [0, 1, 0]
    assert loads == [{"assigneeId": str(scheme.officer.id), "open": 1, "overdue": 1}]
    assert scheme.run("{reviewerWorkloads{open}}")["reviewerWorkloads"] == []


@pytest.mark.rule("CLM-7", "attack 24")
def test_a_review_is_given_only_to_somebody_who_may_review_claims_of_that_facility(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    (claim_id,) = _checked(scheme, 1)
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    (leaf,) = scheme.clerk.grants.by_root
    nobody = as_user()
    elsewhere = scheme.appoint(as_user(REVIEW_CLAIMS, at=scheme.places["D2"]))
    inside = scheme.appoint(as_user(REVIEW_CLAIMS, at=leaf))
    other_right = scheme.appoint(as_user(PROCESS_CLAIMS, at=scheme.places["D1"]))
    district = scheme.appoint(as_user(REVIEW_CLAIMS, at=scheme.places["D1"]))
    country = scheme.appoint(as_user(REVIEW_CLAIMS, at=scheme.places["CM"]))
    assign = "mutation($i:UUID!,$w:UUID!){assignReviews(claimIds:[$i],assigneeId:$w)}"
    one = {"i": str(claim_id)}

    codes = [
        scheme.refused(assign, one | {"w": str(who.id)}) for who in (nobody, elsewhere, inside, other_right)
    ]

    assert codes == ["claims.not_a_reviewer"] * 4
    assert scheme.act(lambda work: work.session.scalar(select(ReviewTask.assignee_id))) is None
    for who in (district, country):
        assert scheme.run(assign, one | {"w": str(who.id)}) == {"assignReviews": 1}


@pytest.mark.rule("CLM-7", "attack 23")
def test_a_review_is_not_given_to_a_suspended_account(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    (claim_id,) = _checked(scheme, 1)
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    user = scheme.act(
        lambda work: work.add(
            User(
                jurisdiction_id=scheme.places["D1"],
                username="awa",
                display_name="Awa",
                status=UserStatus.SUSPENDED,
            )
        )
    )
    known = replace(as_user(REVIEW_CLAIMS, at=scheme.places["D1"]), id=user.id)
    scheme.appoint(known)

    with pytest.raises(DomainError) as refusal:
        scheme.act(lambda work: reviews.assign_reviews(work, [claim_id], assignee_id=user.id))

    assert refusal.value.code == "claims.not_a_reviewer"


@pytest.mark.rule("CLM-7")
def test_claims_without_findings_are_accepted_together_and_odd_ones_are_not(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    plain = _checked(scheme, 2)
    insuree = scheme.patient()
    scheme.submitted(insuree, ("SV1", 1), date_from=date(2026, 1, 10))
    odd = scheme.submitted(insuree, ("SV2", 1), date_from=date(2026, 1, 11))
    scheme.act(lambda work: selection.select_claims(work, plain, Purpose.REVIEW))

    with pytest.raises(DomainError) as refusal:
        scheme.act(lambda work: reviews.accept_claims(work, [*plain, odd]))
    scheme.act(lambda work: reviews.accept_claims(work, plain))

    assert refusal.value.code == "claims.has_findings"
    assert _statuses(scheme, [*plain, odd]) == [Selection.DELIVERED] * 2 + [Selection.SELECTED]


@pytest.mark.rule("CLM-8")
def test_what_is_taken_off_a_sample_is_taken_off_the_others(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, COVERS_ALL)
    ids = _checked(scheme, 4, ("SV1", 2))
    sample = scheme.act(
        lambda work: sampling.draw_sample(
            work, place_id=scheme.places["CM"], facility_id=scheme.hospital, percent=Decimal(50), seed="s"
        )
    )
    sampled = [one for one in ids if scheme.claim(one).review_status is Selection.SELECTED]

    def close(version: int) -> Any:
        return scheme.act(
            lambda work: sampling.close_sample(work, sample.id, extrapolate=True, expected_version=version)
        )

    with pytest.raises(DomainError) as early:
        close(1)
    (line,) = scheme.lines(sampled[0])
    verdict = reviews.LineVerdict(line_id=line.id, price=Money.from_minor(50, "XAF"))
    scheme.run_review(sampled[0], verdict)
    scheme.run_review(sampled[1])
    closed = close(1)

    assert early.value.code == "claims.sample_open"
    assert (closed.state, closed.deduction_rate) == (SampleState.EXTRAPOLATED, Decimal(25))
    amounts = {one: scheme.claim(one).approved_minor for one in ids}
    assert [amounts[one] for one in sampled] == [100, 200]
    assert [amount for one, amount in amounts.items() if one not in sampled] == [150, 150]
    assert {scheme.claim(one).sample_id for one in ids if one not in sampled} == {sample.id}


_FIXED = {"limitation": {name: {"type": "F", "adult": 50} for name in ("other", "emergency", "referral")}}


@pytest.mark.rule("CLM-8", "ADJ-2")
@pytest.mark.parametrize(
    ("terms", "price", "paid"),
    [({}, 3, 2_700), ({}, 5, 4_500), ({}, 15, 13_500), (_FIXED, 100, 45_000)],
)
def test_what_a_sample_takes_off_is_exact_however_small_the_price_of_one(
    make_platform: MakePlatform, as_user: AsUser, terms: dict[str, Any], price: int, paid: int
) -> None:
    scheme = scheme_of(make_platform, as_user, {"other_services": terms})
    ids = [scheme.submitted(scheme.patient(), ("SV1", 1000, price), ("IT1", 1)) for _ in range(2)]
    sample = scheme.act(
        lambda work: sampling.draw_sample(
            work, place_id=scheme.places["CM"], facility_id=None, percent=Decimal(50)
        )
    )
    sampled, other = sorted(ids, key=lambda one: scheme.claim(one).review_status is not Selection.SELECTED)
    line, _ = scheme.lines(sampled)
    scheme.run_review(sampled, reviews.LineVerdict(line_id=line.id, quantity=Decimal(900)))

    scheme.act(lambda work: sampling.close_sample(work, sample.id, extrapolate=True, expected_version=1))
    reviewed = [scheme.claim(one).approved_minor for one in (sampled, other)]
    scheme.process(sampled, other)

    assert reviewed == [paid, paid]
    assert [scheme.claim(one).remunerated_minor for one in (sampled, other)] == [paid, paid]
    carried, not_covered = scheme.lines(other)
    asked = "query ($id: UUID!) { claim(id: $id) { lines { deductionRate approvedPrice } } }"
    shown = scheme.run(asked, {"id": str(other)})["claim"]
    rates = [{"deductionRate": rate, "approvedPrice": None} for rate in ("10", None)]
    assert shown["lines"] == rates
    assert (carried.refused_minor, not_covered.refused_minor) == (paid // 9, 100)


@pytest.mark.rule("CLM-3")
def test_feedback_goes_to_the_officer_of_the_village_and_never_changes_money(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    (claim_id,) = _checked(scheme, 1)
    answers = feedback.FeedbackAnswers(
        care_rendered=True,
        payment_asked=True,
        drug_prescribed=True,
        drug_received=False,
        mark=2,
        heard_on=date(2026, 2, 20),
    )

    with pytest.raises(DomainError) as nobody:
        scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.FEEDBACK))
    scheme.add_officer()
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.FEEDBACK))
    before = scheme.claim(claim_id).approved_minor
    scheme.act(lambda work: feedback.deliver_feedback(work, claim_id, answers))
    with pytest.raises(DomainError) as twice:
        scheme.act(lambda work: feedback.deliver_feedback(work, claim_id, answers))

    assert (nobody.value.code, twice.value.code) == ("claims.no_officer", "claims.not_selected")
    claim = scheme.claim(claim_id)
    assert (claim.feedback_status, claim.approved_minor) == (Selection.DELIVERED, before)


@pytest.mark.rule("attack 24")
def test_consent_is_decided_by_somebody_else_outside_the_facility_and_claims_name_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    request = consents.ConsentRequest(
        insuree_id=insuree,
        facility_id=scheme.hospital,
        kind=LineKind.SERVICE,
        code="SURG",
        quantity=Decimal(1),
        reason="hernia",
    )
    asked = scheme.as_actor(
        scheme.officer, REQUEST_CONSENT, lambda work: consents.request_consent(work, request)
    )
    yes = consents.ConsentDecision(granted=True, valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 1))

    def decide(actor: Any) -> Any:
        return scheme.as_actor(
            actor,
            DECIDE_CONSENT,
            lambda work: consents.decide_consent(work, asked.id, yes, expected_version=1),
        )

    codes = []
    for actor in (scheme.officer, scheme.clerk):
        with pytest.raises(DomainError) as refusal:
            decide(actor)
        codes.append(refusal.value.code)
    with pytest.raises(DomainError) as early:
        scheme.enter(insuree, ("SURG", 1), pre_authorisation=asked.number)
    granted = decide(scheme.national)
    claim_id = scheme.enter(insuree, ("SURG", 1), pre_authorisation=asked.number)

    assert codes == ["claims.own_claim", "claims.own_facility"]
    assert early.value.code == "claims.consent_not_given"
    assert granted.state is PreAuthorisationState.GRANTED
    assert scheme.claim(claim_id).pre_authorisation_id == asked.id


@pytest.mark.rule("POL-5", "POL-11", "D-28")
def test_care_under_a_suspended_policy_is_not_paid_by_waiting_for_its_end(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    scheme = scheme_of(make_platform, as_user, COVERS_ALL)
    held, active = scheme.family(), scheme.family()
    policy = scheme.insure(held)
    scheme.insure(active)
    version = scheme.act(lambda work: work.get(Policy, policy).version)
    scheme.act(lambda work: suspend_policy(work, policy, reason="fraud", expected_version=version))
    frozen_clock.move(days=400)
    scheme.act(expire_chunk)

    claims = [scheme.submitted(one, ("SV1", 1)) for one in (*held, *active)]

    assert [scheme.claim(one).status for one in claims] == [ClaimStatus.REJECTED, ClaimStatus.CHECKED]


@pytest.mark.rule("POL-10", "D-28")
def test_insurance_learns_what_is_used_up_and_rejected_claims_count_no_more(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    terms = {**COVERS_ALL, "deductible": {"basis": "insuree", "general": "30"}}
    scheme = scheme_of(make_platform, as_user, {**terms, "ceiling": {"basis": "policy", "general": "5000"}})
    mother, child = people = scheme.family(members=2)
    policy = scheme.insure(people)
    first = scheme.submitted(mother, ("CONS", 1), date_from=date(2026, 1, 5))
    scheme.submitted(child, ("SV1", 2), date_from=date(2026, 1, 15))

    def ask() -> Any:
        return {one.insuree_id: one for one in scheme.act(lambda work: consumed_by(work, [policy], people))}

    before = ask()
    scheme.act(lambda work: rejection.reject_claims(work, [first], reason="error"))
    after = ask()

    assert (before[mother].deducted.insuree_other, before[mother].paid.insuree_other) == (30, 70)
    assert before[mother].paid.policy_other == 240
    assert before[mother].category_claims == {Category.CONSULTATION: 1}
    assert before[mother].given == {(LineKind.SERVICE, "CONS"): (date(2026, 1, 5),)}
    assert after[mother].paid == Used(policy_other=Decimal(170))
    assert (after[mother].category_claims, after[mother].given) == ({}, {})
    assert after[child].paid.policy_other == 170
    assert scheme.claim(first).status is ClaimStatus.REJECTED
