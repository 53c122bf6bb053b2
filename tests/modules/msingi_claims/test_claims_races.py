"""Several people at once: a suspension beside a submission, a review beside a processing, one code twice (attack 86, F40)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Barrier, Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of
from tests.modules.msingi_claims.payment_fixtures import billed_of

from msingi.errors import DomainError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.transact import transact
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.payment import FacilityPayment
from msingi_claims.models.review import ClaimQuery, SampleReview
from msingi_claims.models.states import Channel, Purpose
from msingi_claims.rules.bills import FacilityPaymentState
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services import reviews, selection, submission
from msingi_claims.services.entry import enter_claim
from msingi_claims.services.payments import send_payment
from msingi_claims.services.sampling import draw_sample
from msingi_insurance import Policy, PolicyStatus


def _at_once(scheme: Scheme, *steps: Callable[[Work], object]) -> list[str]:
    """Run the steps in works of their own that begin together; what each of them was told."""
    together = Barrier(len(steps))

    def run(step: Callable[[Work], object]) -> str:
        together.wait(timeout=30)
        try:
            transact(partial(scheme.act, step), attempts=20)
        except DomainError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(steps)) as runners:
        return list(runners.map(run, steps))


@pytest.mark.rule("attack 85", "attack 86", "ADJ-11", "F40")
def test_attack_86_a_claim_submitted_while_its_policy_is_suspended_is_before_or_after_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    (insuree,) = scheme.family()
    policy_id = scheme.insure([insuree])
    ids = [scheme.enter(insuree, date_from=date(2025, month, 3)) for month in range(1, 9)]

    def suspend(work: Work) -> None:
        policy = work.session.get(Policy, policy_id, with_for_update=True, populate_existing=True)
        assert policy is not None
        policy.status = PolicyStatus.SUSPENDED

    def submit(work: Work, claim_id: UUID) -> None:
        submission.submit_claims(work, [claim_id])

    told = _at_once(scheme, suspend, *[partial(submit, claim_id=one) for one in ids])
    late = scheme.submitted(insuree, date_from=date(2025, 12, 3))

    assert told == ["done"] * 9
    outcomes = {scheme.claim(one).status for one in ids}
    assert outcomes <= {ClaimStatus.CHECKED, ClaimStatus.REJECTED}
    assert scheme.claim(late).status is ClaimStatus.REJECTED
    booked = scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(ConsumptionEntry)))
    assert booked == sum(scheme.claim(one).status is ClaimStatus.CHECKED for one in ids)


@pytest.mark.rule("attack 91", "attack 86", "CLM-6", "F40")
def test_attack_91_a_claim_is_processed_submitted_or_reviewed_once_whoever_comes_first(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))

    def process(work: Work) -> Any:
        return submission.process_claims(work, [claim_id])

    def deliver(work: Work) -> Any:
        return reviews.deliver_reviews(work, [claim_id])

    told = _at_once(scheme, process, deliver, process, deliver, process)

    assert sorted(told[::2]) == ["claims.wrong_status"] * 2 + ["done"]
    assert set(told) <= {"done", "claims.wrong_status", "claims.not_selected"}
    claim = scheme.claim(claim_id)
    assert (claim.status, claim.remunerated_minor) == (ClaimStatus.VALUATED, 100)
    net = select(func.sum(ConsumptionEntry.sign * ConsumptionEntry.counted_minor))
    assert scheme.act(lambda work: work.session.scalar(net)) == 100


@pytest.mark.rule("attack 84", "F40")
def test_attack_84_one_code_sent_by_many_at_once_is_entered_once(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    draft = scheme.draft(scheme.patient(), code="RACE")

    def enter(work: Work) -> UUID:
        return enter_claim(work, draft, channel=Channel.API)

    told = _at_once(scheme, *[enter] * 6)

    assert sorted(told) == ["claims.code_taken"] * 5 + ["done"]
    assert scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(Claim))) == 1


@pytest.mark.rule("attack 84", "TZA-25")
def test_attack_84_one_visit_through_two_channels_on_the_same_day_is_paid_once(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    drafts = {
        channel: scheme.draft(insuree, ("CONS", 1), ("IT1", 2)) for channel in (Channel.WEB, Channel.PAPER)
    }
    ids = [
        scheme.act(partial(enter_claim, draft=draft, channel=channel)) for channel, draft in drafts.items()
    ]

    told = _at_once(scheme, *[partial(_submit, claim_id=one) for one in ids])

    assert told == ["done"] * 2
    statuses = sorted(scheme.claim(one).status.value for one in ids)
    assert statuses == sorted([ClaimStatus.CHECKED.value, ClaimStatus.REJECTED.value])


@pytest.mark.rule("attack 86", "CLM-8")
def test_of_samples_drawn_at_once_each_claim_is_in_one(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    for _ in range(6):
        scheme.submitted(scheme.patient())

    def draw(work: Work) -> SampleReview:
        return draw_sample(work, place_id=scheme.places["CM"], facility_id=None, percent=Decimal(50))

    told = _at_once(scheme, draw, draw, draw)

    assert sorted(told) == ["claims.nothing_to_sample", "claims.nothing_to_sample", "done"]
    (sample,) = scheme.act(lambda work: work.session.scalars(select(SampleReview)).all())
    assert (sample.claims, sample.sampled) == (6, 3)


@pytest.mark.rule("attack 86", "F40")
def test_of_answers_to_one_question_the_first_is_kept(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    asked = scheme.act(lambda work: reviews.ask_facility(work, claim_id, question="Why?")).id

    told = _at_once(
        scheme, *[partial(reviews.answer_query, query_id=asked, answer=one) for one in ("A", "B", "C", "D")]
    )

    assert sorted(told) == ["claims.query_answered"] * 3 + ["done"]
    answers = ["A", "B", "C", "D"]
    query = scheme.act(lambda work: work.session.scalars(select(ClaimQuery)).one())
    assert query.answer == answers[told.index("done")]


@pytest.mark.rule("F40", "IN-2")
def test_of_payments_sent_at_once_no_more_leaves_than_the_bank_account_holds(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = billed_of(make_platform, as_user, frozen_clock, money=300)
    payments = [counter.approved(place) for place in ("D1", "D2")]
    sent, heard = Event(), Event()

    def send(payment: FacilityPayment) -> Callable[[Work], object]:
        return lambda work: send_payment(work, payment.id, expected_version=payment.version)

    def first(work: Work) -> None:
        send(payments[0])(work)
        sent.set()
        heard.wait(timeout=1)

    def second() -> str:
        sent.wait(timeout=30)
        (told,) = _at_once(counter.scheme, send(payments[1]))
        heard.set()
        return told

    with ThreadPoolExecutor(1) as beside:
        later = beside.submit(second)
        earlier = _at_once(counter.scheme, first)
        assert [*earlier, later.result()] == ["done", "claims.not_enough_money"]
    assert counter.rows(FacilityPayment, "amount_minor", "state") == [
        (100, FacilityPaymentState.APPROVED),
        (250, FacilityPaymentState.SENT),
    ]


def _submit(work: Work, *, claim_id: UUID) -> None:
    submission.submit_claims(work, [claim_id])
