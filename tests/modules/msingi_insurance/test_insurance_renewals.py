"""Renewals: listed set-wise for the right officer and product, told at four days, answered with codes."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of

from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.plugin import Handler
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.errors import ProductNotSold
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.models.renewals import PolicyRenewal, RenewalAnswer
from msingi_insurance.payment_events import RenewalDue
from msingi_insurance.plugin import ANSWER_RENEWALS, READ_RENEWALS
from msingi_insurance.rules.refusals import SubstitutionCycle
from msingi_insurance.rules.renewal import RenewalWarning
from msingi_insurance.rules.states import Stage
from msingi_insurance.services.officers import OfficerChanges, update_officer
from msingi_insurance.services.photos import add_photo
from msingi_insurance.services.policies import quote_policy, renew_policy
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
from msingi_insurance.services.premiums import receive_premium
from msingi_insurance.services.products import create_product
from msingi_insurance.services.products_drafts import ProductDraft
from msingi_insurance.services.renewal_answers import AnsweredRenewal, answer_renewals
from msingi_insurance.services.renewals import list_renewals, tell_renewals

LAST_DAY = date(2027, 3, 1)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"portrait"
DUE = """query { renewalsDue { nodes { id policyId warnings renewalDate outdatedPhotos } } }"""
ANSWER = """mutation ($answers: [AnsweredRenewal!]!) { answerRenewals(answers: $answers) {
  renewalId result reason policyId } }"""


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user, terms={"grace_period_renewal": 1})


def active(till: Till, *, village: str = "V1") -> Policy:
    policy = till.policy(village=village)
    officer = till.officer if village != "V3" else till.other
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, officer_id=officer.id)))
    return policy


def prompts(till: Till) -> dict[UUID, PolicyRenewal]:
    with till.scheme.platform.work() as work:
        return {row.policy_id: row for row in work.session.scalars(select(PolicyRenewal))}


def days_before_end(clock: FrozenClock, days: int) -> None:
    clock.move(days=(LAST_DAY - timedelta(days=days) - TODAY).days)


@pytest.mark.rule("POL-8", "INS-4")
def test_the_list_names_who_must_be_asked_and_photographed(till: Till, frozen_clock: FrozenClock) -> None:
    policy = active(till)
    unpaid = till.policy()
    days_before_end(frozen_clock, 31)
    early = till.act(list_renewals).count
    frozen_clock.move(days=1)
    noticed = till.act(list_renewals).count
    again = till.act(list_renewals).count

    prompt = prompts(till)[policy.id]
    reader = till.user(READ_RENEWALS, at="D1")
    before = till.scheme.run(DUE, actor=reader)["renewalsDue"]["nodes"]
    frozen_clock.move(days=16)
    after = till.scheme.run(DUE, actor=reader)["renewalsDue"]["nodes"]
    elsewhere = till.scheme.run(DUE, actor=till.user(READ_RENEWALS, at="D2"))["renewalsDue"]["nodes"]

    assert (early, noticed, again) == (0, 1, 0)
    assert unpaid.id not in prompts(till)
    assert (prompt.officer_id, prompt.product_id) == (till.officer.id, till.product.id)
    assert (prompt.renewal_date, prompt.warnings) == (LAST_DAY + timedelta(days=1), 0)
    assert len(prompt.outdated_photos) == 1
    assert (before, elsewhere) == ([], [])
    assert [node["policyId"] for node in after] == [str(policy.id)]


@pytest.mark.rule("POL-8", "D-16")
def test_product_and_officer_are_those_of_the_day_after_the_end(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = active(till)
    draft = ProductDraft(
        code="NEXT",
        name="Next",
        jurisdiction_id=till.scheme.places["CM"],
        date_from=date(2026, 1, 1),
        terms={"lump_sum": "2000", "threshold": 6},
    )

    def convert(work: Work) -> UUID:
        follows = create_product(work, draft)
        product = work.get(Product, till.product.id)
        product.date_to, product.conversion_product_id = date(2026, 12, 31), follows.id
        officer = work.get(Officer, till.officer.id)
        officer.works_to, officer.substitution_officer_id = date(2026, 12, 31), till.other.id
        return follows.id

    follows = till.act(convert)
    days_before_end(frozen_clock, 10)
    till.act(list_renewals)

    prompt = prompts(till)[policy.id]
    assert (prompt.product_id, prompt.officer_id, prompt.warnings) == (follows, till.other.id, 0)
    circle = OfficerChanges(substitution_officer_id=till.officer.id)
    with pytest.raises(SubstitutionCycle):
        till.act(lambda work: update_officer(work, till.other.id, circle))


@pytest.mark.rule("POL-8", "PRD-1")
def test_a_product_that_opens_after_the_end_is_renewed_before_it(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = active(till)
    draft = ProductDraft(
        code="NEXT",
        name="Next",
        jurisdiction_id=till.scheme.places["CM"],
        date_from=LAST_DAY + timedelta(days=1),
        terms={"lump_sum": "2000", "threshold": 6},
    )

    def convert(work: Work) -> UUID:
        follows = create_product(work, draft)
        product = work.get(Product, till.product.id)
        product.date_to, product.conversion_product_id = LAST_DAY, follows.id
        return follows.id

    follows = till.act(convert)
    days_before_end(frozen_clock, 5)
    till.act(list_renewals)
    wanted = RenewalDraft(policy_id=policy.id, officer_id=till.officer.id)
    renewed = till.act(lambda work: renew_policy(work, wanted)).policy

    assert prompts(till)[policy.id].warnings == 0
    assert (renewed.product_id, renewed.value_minor, renewed.stage) == (follows, 2000, Stage.RENEWAL)


@pytest.mark.rule("POL-8", "PRD-1")
def test_a_product_that_ends_with_the_policy_is_not_renewed(till: Till, frozen_clock: FrozenClock) -> None:
    policy = active(till)

    def close(work: Work) -> None:
        work.get(Product, till.product.id).date_to = LAST_DAY

    till.act(close)
    days_before_end(frozen_clock, 5)
    till.act(list_renewals)

    assert prompts(till)[policy.id].warnings == RenewalWarning.PRODUCT_NOT_VALID
    with pytest.raises(ProductNotSold) as refused:
        till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id)))
    assert refused.value.params == {"code": "CHF", "day": "2027-03-02"}
    unknown = PolicyDraft(family_id=policy.family_id, product_id=new_id())
    with pytest.raises(NotFound):
        till.act(lambda work: quote_policy(work, unknown))


@pytest.mark.rule("POL-8", "D-16")
def test_what_changes_before_the_answer_changes_the_list(till: Till, frozen_clock: FrozenClock) -> None:
    left, answered = active(till), active(till)
    days_before_end(frozen_clock, 30)
    till.act(list_renewals)
    noticed = prompts(till)
    refusal = AnsweredRenewal(
        renewal_id=noticed[answered.id].id, day=TODAY + timedelta(days=1), discontinue=True
    )

    def change(work: Work) -> None:
        answer_renewals(work, [refusal])
        work.get(Officer, till.officer.id).works_to = LAST_DAY - timedelta(days=20)
        work.get(Product, till.product.id).date_to = LAST_DAY - timedelta(days=20)

    till.act(change)
    frozen_clock.move(days=20)
    again = till.act(list_renewals).count
    first = prompts(till)
    unchanged = till.act(list_renewals).count, prompts(till)[left.id].version

    assert (again, noticed[left.id].warnings, first[left.id].warnings) == (0, 0, 5)
    assert (first[answered.id].warnings, first[answered.id].response) == (0, -3)
    assert unchanged == (0, first[left.id].version)


@pytest.mark.rule("POL-8", "INS-4")
def test_a_photo_that_was_taken_leaves_the_list(till: Till, frozen_clock: FrozenClock) -> None:
    policy = active(till)
    days_before_end(frozen_clock, 10)
    till.act(list_renewals)
    (wanted,) = prompts(till)[policy.id].outdated_photos
    taken = LAST_DAY - timedelta(days=10)

    till.act(lambda work: add_photo(work, UUID(wanted), PICTURE, taken_on=taken))
    till.act(list_renewals)

    assert prompts(till)[policy.id].outdated_photos == []


@pytest.mark.rule("POL-8")
def test_the_list_costs_the_same_for_one_policy_and_for_many(till: Till, frozen_clock: FrozenClock) -> None:
    active(till)
    days_before_end(frozen_clock, 10)
    with till.scheme.statements() as one:
        till.act(list_renewals)
    frozen_clock.move(days=-10)
    frozen_clock.instant = frozen_clock.instant.replace(year=2026, month=3, day=2)
    for _ in range(4):
        active(till)
    days_before_end(frozen_clock, 10)
    with till.scheme.statements() as many:
        till.act(list_renewals)

    assert len(prompts(till)) == 5
    assert len(many) <= len(one)


@pytest.mark.rule("POL-8")
def test_families_are_told_once_at_each_of_four_days(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    till = till_of(make_platform, as_user)
    policy = active(till)
    said: list[RenewalDue] = []
    till.scheme.platform._handlers[RenewalDue] = [_listener(said)]
    for days in (31, 30, 29, 14, 14, 8, 7, 1, 0, -1):
        frozen_clock.instant = frozen_clock.instant.replace(year=2026, month=3, day=2)
        days_before_end(frozen_clock, days)
        till.act(list_renewals)
        till.act(tell_renewals)

    assert [event.days for event in said] == [30, 14, 7, 0]
    assert {(event.policy_id, event.last_day) for event in said} == {(policy.id, LAST_DAY)}


def _listener(said: list[RenewalDue]) -> Handler:
    return Handler(RenewalDue, lambda event, _work: said.append(event), after=False, name="test.listen")


@pytest.mark.rule("POL-9", "D-27")
def test_each_answer_gets_its_code_and_keeps_its_values(till: Till, frozen_clock: FrozenClock) -> None:
    done, twice, stops = active(till), active(till), active(till)
    days_before_end(frozen_clock, 5)
    till.act(list_renewals)
    today = LAST_DAY - timedelta(days=5)
    by_policy = prompts(till)

    def answer(policy: Policy, **others: Any) -> AnsweredRenewal:
        values = {"renewal_id": by_policy[policy.id].id, "officer_code": "E1", "day": today}
        return AnsweredRenewal(**(values | others))

    outcomes = till.act(
        lambda work: answer_renewals(
            work,
            [
                answer(done, amount=francs(VALUE), receipt="R-1"),
                answer(twice, amount=francs(VALUE), receipt="R-1"),
                answer(done, amount=francs(VALUE), receipt="R-2"),
                answer(stops, discontinue=True),
                answer(twice, day=today + timedelta(days=2)),
            ],
        )
    )
    results = [outcome.result for outcome in outcomes]

    assert results == [0, -1, -4, -3, -5]
    renewed = till.get(Policy(id=outcomes[0].policy_id))
    assert (renewed.previous_policy_id, renewed.value_minor) == (done.id, VALUE)
    assert [row.receipt for row in premiums(till.scheme)][-1] == "R-1"
    assert len(premiums(till.scheme)) == 4
    with till.scheme.platform.work() as work:
        kept = list(work.session.scalars(select(RenewalAnswer).order_by(RenewalAnswer.id)))
    assert [row.result for row in kept] == results
    assert kept[1].values["receipt"] == "R-1"
    assert prompts(till)[stops.id].response == -3
    assert prompts(till)[twice.id].response is None


@pytest.mark.rule("POL-9")
def test_a_renewal_after_the_grace_is_too_late(till: Till, frozen_clock: FrozenClock) -> None:
    policy = active(till)
    days_before_end(frozen_clock, 5)
    till.act(list_renewals)
    days = (LAST_DAY + timedelta(days=40) - frozen_clock.instant.date()).days
    frozen_clock.move(days=days)
    user = till.user(ANSWER_RENEWALS, at="D1")
    answers = [
        {"renewalId": str(prompts(till)[policy.id].id), "day": (LAST_DAY + timedelta(days=40)).isoformat()}
    ]

    outcome = till.scheme.run(ANSWER, {"answers": answers}, actor=user)["answerRenewals"][0]
    stranger = till.scheme.run(ANSWER, {"answers": answers}, actor=till.user(ANSWER_RENEWALS, at="D2"))

    assert (outcome["result"], outcome["policyId"]) == (-2, None)
    assert stranger["answerRenewals"][0]["reason"] == "core.not_found"


@pytest.mark.rule("POL-9", "POL-6")
def test_a_renewal_in_time_for_its_cycle_is_done(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    """Cover of 2027-01-01 to 2027-06-30; the next cycle begins on 2028-01-01, and its grace ends on 2028-01-31."""
    cycles = {"start_cycles": ["01-01"], "insurance_period": 6, "grace_period_renewal": 1}
    till = till_of(make_platform, as_user, terms=cycles)
    late, in_time = active(till), active(till)
    frozen_clock.move(days=(date(2028, 2, 1) - TODAY).days)
    till.act(list_renewals)
    by_policy = prompts(till)
    answers = [
        AnsweredRenewal(renewal_id=by_policy[late.id].id, day=date(2028, 2, 1)),
        AnsweredRenewal(renewal_id=by_policy[in_time.id].id, day=date(2028, 1, 31)),
    ]

    outcomes = till.act(lambda work: answer_renewals(work, answers))

    assert [outcome.result for outcome in outcomes] == [-2, 0]
    followed = till.get(Policy(id=outcomes[1].policy_id))
    assert (followed.start_date, followed.expiry_date) == (date(2028, 1, 1), date(2028, 6, 30))
