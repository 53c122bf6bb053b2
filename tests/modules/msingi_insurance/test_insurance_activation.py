"""When money makes cover: from the day of what was paid and stands, or when the bank has confirmed it (POL-4)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, till_of

from msingi.errors import DomainError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.plugin import CONFIRM_CASH
from msingi_insurance.rules.life import UNPAID
from msingi_insurance.rules.refusals import PolicyStepRefused
from msingi_insurance.rules.states import PayType, PolicyStatus, Stage
from msingi_insurance.services.cash import CountedCash, confirm_cash, count_cash, open_cash
from msingi_insurance.services.covers_book import covers_at
from msingi_insurance.services.family_credit import pay_from_credit
from msingi_insurance.services.policies import enrol_policy, renew_policy
from msingi_insurance.services.policies_daily import expire_chunk
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
from msingi_insurance.services.policies_life import (
    confirm_policy,
    enforce_policy,
    reinstate_policy,
    suspend_policy,
)
from msingi_insurance.services.premium_returns import decide_return, request_refund, request_reversal
from msingi_insurance.services.premiums import receive_premium

WAITS = (PolicyStatus.IDLE, None)


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user, activation="bank_match")


def _stands(till: Till, policy: Policy) -> tuple[PolicyStatus, object]:
    found = till.get(policy)
    return found.status, found.effective_date


def _confirm(till: Till) -> None:
    """Count the cash of the first officer and have somebody else confirm it."""
    count = till.act(lambda work: open_cash(work, till.officer.id))
    counted = CountedCash(counted=count.expected, handed_to="Bank", slip="S")
    till.act(lambda work: count_cash(work, count.id, counted))
    chief = till.user(CONFIRM_CASH)
    with till.scheme.platform.work(chief) as work, work.allowed(CONFIRM_CASH):
        confirm_cash(work, count.id)


@pytest.mark.rule("POL-4", "TZA-14")
def test_cash_covers_when_its_count_is_confirmed_at_the_bank(till: Till, frozen_clock: FrozenClock) -> None:
    whole, halved = till.policy(), till.policy()
    till.act(lambda work: receive_premium(work, till.cash(whole, VALUE)))
    till.act(lambda work: receive_premium(work, till.cash(halved, 400)))
    assert _stands(till, whole) == WAITS
    frozen_clock.move(days=3)

    _confirm(till)
    assert (_stands(till, whole), _stands(till, halved)) == ((PolicyStatus.ACTIVE, TODAY), WAITS)

    day = TODAY + timedelta(days=2)
    till.act(lambda work: receive_premium(work, till.cash(halved, 600, pay_date=day)))
    assert _stands(till, halved) == WAITS
    _confirm(till)
    assert _stands(till, halved) == (PolicyStatus.ACTIVE, day)


@pytest.mark.rule("POL-4")
def test_what_was_paid_at_the_bank_covers_when_it_is_recorded(till: Till) -> None:
    policy = till.policy()

    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, pay_type=PayType.BANK)))

    assert _stands(till, policy) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("POL-4")
def test_mobile_money_that_nothing_would_confirm_is_not_recorded_by_hand(till: Till) -> None:
    policy = till.policy()

    with pytest.raises(DomainError) as refused:
        till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, pay_type=PayType.MOBILE)))

    assert refused.value.code == "insurance.mobile_not_by_hand"
    assert till.balances() == {}


@pytest.mark.rule("POL-4", "POL-11")
def test_a_count_confirmed_later_lifts_no_suspension_that_somebody_decided(till: Till) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, pay_type=PayType.BANK)))
    till.act(lambda work: receive_premium(work, till.cash(policy, 200)))
    _suspend(till, policy)
    other = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(other, VALUE)))

    _confirm(till)

    assert _stands(till, policy) == (PolicyStatus.SUSPENDED, TODAY)
    assert _stands(till, other) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("POL-4", "PAY-6")
@pytest.mark.parametrize(
    "paid", [[(2 * VALUE, PayType.CASH)], [(VALUE, PayType.CASH), (VALUE, PayType.BANK)]]
)
def test_credit_covers_when_the_money_it_stems_from_is_confirmed(
    till: Till, paid: list[tuple[int, PayType]]
) -> None:
    policy = till.policy()
    for amount, way in paid:
        new = till.cash(policy, amount, pay_type=way)
        till.act(lambda work, new=new: receive_premium(work, new))
    second = _paid_from_credit(till, policy)
    before = _stands(till, second)

    _confirm(till)

    assert (before, _stands(till, second)) == (WAITS, (PolicyStatus.ACTIVE, TODAY))


@pytest.mark.rule("POL-4", "PAY-6")
def test_credit_of_money_at_the_bank_covers_at_once_whatever_other_families_owe(till: Till) -> None:
    policy, other = till.policy(), till.policy()
    till.act(lambda work: receive_premium(work, till.cash(other, 2 * VALUE)))
    till.act(lambda work: receive_premium(work, till.cash(policy, 2 * VALUE, pay_type=PayType.BANK)))

    second = _paid_from_credit(till, policy)

    assert _stands(till, second) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("POL-4", "POL-11")
@pytest.mark.parametrize("enforced", [False, True])
def test_only_reinstatement_lifts_a_suspension_of_what_was_paid_before(till: Till, *, enforced: bool) -> None:
    policy = till.policy()
    if enforced:
        version = till.get(policy).version
        till.act(lambda work: enforce_policy(work, policy.id, reason="poor", expected_version=version))
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    _suspend(till, policy)

    _confirm(till)
    after_the_count = till.get(policy).status
    _reinstate(till, policy)

    assert after_the_count is PolicyStatus.SUSPENDED
    assert _stands(till, policy) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("POL-4", "POL-11")
def test_the_missing_part_lifts_a_suspension_and_waits_for_its_count(till: Till) -> None:
    policy = till.policy()
    _suspend(till, policy, reason=UNPAID)

    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    paid = _stands(till, policy)
    _confirm(till)

    assert (paid, _stands(till, policy)) == (WAITS, (PolicyStatus.ACTIVE, TODAY))


@pytest.mark.rule("POL-4", "POL-11")
def test_a_fee_or_an_excess_lifts_no_suspension_and_the_missing_part_does(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    till = till_of(make_platform, as_user)
    paid, owing = till.policy(), till.policy()
    till.act(lambda work: receive_premium(work, till.cash(paid, VALUE)))
    till.act(lambda work: receive_premium(work, till.cash(owing, 400)))
    for policy in (paid, owing):
        _suspend(till, policy, reason=UNPAID)

    till.act(lambda work: receive_premium(work, till.cash(paid, 200, is_photo_fee=True)))
    till.act(lambda work: receive_premium(work, till.cash(paid, 200)))
    till.act(lambda work: receive_premium(work, till.cash(owing, 600)))

    assert _stands(till, paid) == (PolicyStatus.SUSPENDED, TODAY)
    assert _stands(till, owing) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("POL-11")
def test_the_missing_part_lifts_no_suspension_that_somebody_decided_and_counts_when_it_is_over(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    till = till_of(make_platform, as_user)
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, 400)))
    _suspend(till, policy)

    till.act(lambda work: receive_premium(work, till.cash(policy, 700)))
    paid = _stands(till, policy)
    _reinstate(till, policy)

    assert paid == (PolicyStatus.SUSPENDED, None)
    assert _stands(till, policy) == (PolicyStatus.ACTIVE, TODAY)


@pytest.mark.rule("POL-5", "POL-8", "POL-11")
def test_a_suspension_outlives_the_policy_until_somebody_lifts_it(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    till = till_of(make_platform, as_user)
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    _suspend(till, policy)
    frozen_clock.move(days=400)
    till.act(expire_chunk)
    later = RenewalDraft(policy_id=policy.id, enrol_date=TODAY + timedelta(days=400))

    ended = till.get(policy)
    held = _is_covered(till, policy)
    with pytest.raises(PolicyStepRefused):
        till.act(lambda work: renew_policy(work, later))
    _reinstate(till, policy)
    cleared = till.get(policy)

    assert (ended.status, ended.status_reason, held) == (PolicyStatus.EXPIRED, "fraud", False)
    assert (cleared.status, cleared.status_before) == (PolicyStatus.EXPIRED, None)
    assert _is_covered(till, policy)
    assert till.act(lambda work: renew_policy(work, later)).policy.stage is Stage.RENEWAL


@pytest.mark.rule("POL-5", "POL-11")
@pytest.mark.parametrize(
    ("paid_on", "effective"), [(0, TODAY), (200, TODAY + timedelta(days=200)), (390, None)]
)
def test_what_was_paid_while_a_policy_was_held_covers_its_days_when_the_hold_is_lifted_late(
    make_platform: MakePlatform,
    as_user: AsUser,
    frozen_clock: FrozenClock,
    paid_on: int,
    effective: date | None,
) -> None:
    """What was paid after the end covers no day of it."""
    till = till_of(make_platform, as_user)
    policy = till.policy()
    _suspend(till, policy)
    frozen_clock.move(days=400)
    day = TODAY + timedelta(days=paid_on)
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, pay_date=day)))
    till.act(expire_chunk)

    _reinstate(till, policy)

    over = till.get(policy)
    assert (over.status, over.effective_date) == (PolicyStatus.EXPIRED, effective)
    assert over.status_before == (PolicyStatus.IDLE if effective is None else None)
    assert _is_covered(till, policy) == (effective == TODAY)


@pytest.mark.rule("POL-5", "PAY-6")
def test_a_policy_whose_money_went_back_covers_no_day_by_expiring(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    till = till_of(make_platform, as_user)
    policy, paid = till.policy(), till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    till.act(lambda work: receive_premium(work, till.cash(paid, VALUE)))
    _reverse(till, premium.id)
    frozen_clock.move(days=400)

    till.act(expire_chunk)
    over = [(till.get(one).status, _is_covered(till, one)) for one in (policy, paid)]
    _reinstate(till, policy)

    assert over == [(PolicyStatus.EXPIRED, False), (PolicyStatus.EXPIRED, True)]
    assert not _is_covered(till, policy)


@pytest.mark.rule("POL-4", "PAY-6")
def test_cash_that_went_back_does_not_count_when_the_rest_is_confirmed(till: Till) -> None:
    policy = till.policy()
    first = till.act(lambda work: receive_premium(work, till.cash(policy, 600)))
    till.act(lambda work: receive_premium(work, till.cash(policy, 400)))
    _reverse(till, first.id)

    _confirm(till)

    assert _stands(till, policy) == WAITS


@pytest.mark.rule("POL-4", "PAY-6")
def test_cover_begins_with_what_was_paid_and_stands(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    till = till_of(make_platform, as_user, activation="confirmation", confirmation_counts_from="payment")
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    frozen_clock.move(days=4)
    later = TODAY + timedelta(days=4)
    wrong = till.act(lambda work: receive_premium(work, till.cash(policy, 500, pay_date=later)))
    _reverse(till, wrong.id)
    more = till.act(lambda work: receive_premium(work, till.cash(policy, 300)))
    frozen_clock.move(days=4)
    request = till.act(lambda work: request_refund(work, more.id, francs(300), reason="too much"))
    till.act(lambda work: decide_return(work, request.id, approve=True))

    version = till.get(policy).version
    till.act(lambda work: confirm_policy(work, policy.id, expected_version=version))

    assert _stands(till, policy) == (PolicyStatus.ACTIVE, TODAY)


def _is_covered(till: Till, policy: Policy) -> bool:
    """Whether a policy covers its members the day after it began."""
    with till.scheme.platform.work() as work:
        members = work.session.scalars(
            select(InsureePolicy.insuree_id).where(InsureePolicy.policy_id == policy.id)
        ).all()
        found = covers_at(work, members, TODAY + timedelta(days=1))
        return all(any(one.covered for one in found[member]) for member in members)


def _suspend(till: Till, policy: Policy, *, reason: str = "fraud") -> None:
    version = till.get(policy).version
    till.act(lambda work: suspend_policy(work, policy.id, reason=reason, expected_version=version))


def _paid_from_credit(till: Till, policy: Policy) -> Policy:
    """Another policy of the family, paid from what it paid too much."""
    draft = PolicyDraft(
        family_id=policy.family_id,
        product_id=till.product.id,
        enrol_date=TODAY,
        officer_id=till.officer.id,
    )
    second: Policy = till.act(lambda work: enrol_policy(work, draft)).policy
    till.act(lambda work: pay_from_credit(work, second.id))
    return second


def _reinstate(till: Till, policy: Policy) -> None:
    version = till.get(policy).version
    till.act(lambda work: reinstate_policy(work, policy.id, reason="cleared", expected_version=version))


def _reverse(till: Till, premium_id: UUID) -> None:
    request = till.act(lambda work: request_reversal(work, premium_id, reason="mistake"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
