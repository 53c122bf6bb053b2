"""Suspensions end: by reinstatement on its day, by payment on the day of the payment, whatever the status after it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, till_of

from msingi.audit.models import AuditEntry
from msingi.migrate import upgrade
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_claims.services.standing import in_force_on
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.suspensions import PolicyReinstatement, PolicySuspension
from msingi_insurance.rules.life import UNPAID
from msingi_insurance.rules.refusals import PolicyStepRefused
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.policies import renew_policy
from msingi_insurance.services.policies_daily import expire_chunk, suspend_chunk
from msingi_insurance.services.policies_drafts import RenewalDraft
from msingi_insurance.services.policies_life import reinstate_policy, suspend_policy
from msingi_insurance.services.premiums import receive_premium


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


@pytest.mark.rule("POL-11", "P1", "P6")
@pytest.mark.parametrize("times", [1, 2])
def test_a_policy_reinstated_before_it_was_paid_is_in_force(
    till: Till, frozen_clock: FrozenClock, times: int
) -> None:
    policy = till.policy()
    for _ in range(times):
        _suspend(till, policy)
        _reinstate(till, policy)
    frozen_clock.move(days=10)

    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))

    assert (till.get(policy).status, till.get(policy).effective_date) == (PolicyStatus.ACTIVE, TODAY)
    assert _noted(till) == [[TODAY] * times, [TODAY] * times]
    assert _in_force(till, 0, 5, 10) == [0, 5, 10]


@pytest.mark.rule("POL-11", "P1", "P6")
def test_a_reinstatement_ends_the_suspension_on_its_day(till: Till, frozen_clock: FrozenClock) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    frozen_clock.move(days=2)
    _suspend(till, policy)
    frozen_clock.move(days=3)
    _reinstate(till, policy)

    assert _noted(till) == [[TODAY + timedelta(days=2)], [TODAY + timedelta(days=5)]]
    assert _in_force(till, 1, 2, 4, 5) == [1, 5]


@pytest.mark.rule("POL-4", "POL-11", "P1", "P6")
@pytest.mark.parametrize(("paid", "ended"), [(0, 4), (6, 6), (9, 9)])
def test_a_payment_recorded_late_ends_the_suspension_on_its_own_day(
    till: Till, frozen_clock: FrozenClock, paid: int, ended: int
) -> None:
    policy = till.policy()
    frozen_clock.move(days=4)
    _suspend(till, policy, reason=UNPAID)
    frozen_clock.move(days=5)

    day = TODAY + timedelta(days=paid)
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, pay_date=day)))

    assert _noted(till) == [[TODAY + timedelta(days=4)], [TODAY + timedelta(days=ended)]]
    assert till.get(policy).effective_date == day
    assert _in_force(till, *range(10)) == list(range(paid, 10))


@pytest.mark.rule("POL-11", "P1", "P6")
def test_suspensions_that_were_over_before_their_ends_were_kept_count_as_ended(
    till: Till, frozen_clock: FrozenClock
) -> None:
    active, idle, suspended = till.policy(), till.policy(), till.policy()
    till.act(lambda work: receive_premium(work, till.cash(active, VALUE)))
    for policy in (active, idle, suspended):
        _suspend(till, policy)
        _reinstate(till, policy)
    frozen_clock.move(days=1)
    _suspend(till, suspended)
    platform = till.scheme.platform
    with platform.database.write.begin() as connection:
        connection.exec_driver_sql("DROP TABLE insurance_reinstatement")
        connection.exec_driver_sql("DROP TABLE insurance_family_move")
        connection.exec_driver_sql("ALTER TABLE insurance_policy DROP COLUMN named_insurees")
        connection.exec_driver_sql("ALTER TABLE insurance_policy DROP COLUMN left_out")
        connection.exec_driver_sql("ALTER TABLE insurance_field_upload DROP COLUMN not_kept")
        connection.exec_driver_sql("UPDATE alembic_version_insurance SET version_num = '0001'")

    upgrade(platform)

    with platform.work() as work:
        ended = work.session.scalars(select(PolicyReinstatement)).all()
    assert sorted((row.policy_id, row.reinstated_on) for row in ended) == sorted(
        (policy.id, TODAY) for policy in (active, idle, suspended)
    )


@pytest.mark.rule("POL-11", "P1", "P3", "P6")
def test_a_suspension_for_missing_money_is_held_for_another_reason(
    till: Till, frozen_clock: FrozenClock
) -> None:
    """One suspension from its first day to the reinstatement; the money that came meanwhile counts from that day."""
    policy = till.policy()
    frozen_clock.move(days=4)
    _suspend(till, policy, reason=UNPAID)
    frozen_clock.move(days=1)

    _suspend(till, policy)
    frozen_clock.move(days=1)
    day = TODAY + timedelta(days=6)
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, pay_date=day)))

    held = till.get(policy)
    assert (held.status, held.status_before, held.status_reason) == ("suspended", "idle", "fraud")
    assert _noted(till) == [[TODAY + timedelta(days=4)], []]
    frozen_clock.move(days=3)
    _reinstate(till, policy)
    assert (till.get(policy).status, till.get(policy).status_before) == (PolicyStatus.ACTIVE, None)
    assert _noted(till) == [[TODAY + timedelta(days=4)], [TODAY + timedelta(days=9)]]
    assert _in_force(till, 3, 6, 8, 9) == [9]


@pytest.mark.rule("POL-6", "PAY-2")
def test_a_photo_fee_does_not_keep_a_policy_from_being_suspended_after_its_last_day_to_pay(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE, is_photo_fee=True)))
    frozen_clock.move(days=30)

    on_last_day = till.act(lambda work: suspend_chunk(work, None))
    frozen_clock.move(days=1)

    assert (on_last_day, till.act(lambda work: suspend_chunk(work, None))) == ((0, None), (1, None))
    assert till.get(policy).status_reason == UNPAID


@pytest.mark.rule("POL-6")
def test_a_renewal_may_be_paid_until_its_grace_after_the_end_of_the_policy_before(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    till = till_of(make_platform, as_user, terms={"insurance_period": 12, "grace_period_renewal": 2})
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    frozen_clock.move(days=384)
    renewed = till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id))).policy

    # The policy before ended on 1 March 2027: two months from the day after it end on 1 May.
    frozen_clock.move(days=41)
    on_last_day = till.act(lambda work: suspend_chunk(work, None))
    frozen_clock.move(days=1)

    assert (policy.expiry_date, renewed.start_date) == (date(2027, 3, 1), date(2027, 3, 21))
    assert (on_last_day, till.act(lambda work: suspend_chunk(work, None))) == ((0, None), (1, None))
    assert till.get(renewed).status_reason == UNPAID


@pytest.mark.rule("POL-11")
def test_a_suspension_that_somebody_decided_is_not_decided_again(till: Till) -> None:
    policy = till.policy()
    _suspend(till, policy)

    with pytest.raises(PolicyStepRefused):
        _suspend(till, policy, reason="other fraud")

    held = till.get(policy)
    assert (held.status, held.status_before, held.status_reason) == ("suspended", "idle", "fraud")
    assert _noted(till) == [[TODAY], []]


@pytest.mark.rule("POL-11")
def test_an_expired_policy_is_reinstated_once_and_renewed_like_any_other(
    till: Till, frozen_clock: FrozenClock
) -> None:
    """It was never paid: it covers no day, and nobody holds it any more; the audit trail keeps why."""
    policy = till.policy()
    _suspend(till, policy)
    frozen_clock.move(days=366)
    till.act(expire_chunk)
    renewal = RenewalDraft(policy_id=policy.id, officer_id=till.officer.id)
    with pytest.raises(PolicyStepRefused):
        till.act(lambda work: renew_policy(work, renewal))

    _reinstate(till, policy)

    over = till.get(policy)
    assert (over.status, over.status_before, over.status_reason) == ("expired", "idle", "")
    with pytest.raises(PolicyStepRefused):
        _reinstate(till, policy)
    assert till.act(lambda work: renew_policy(work, renewal)).policy.previous_policy_id == policy.id
    with till.scheme.platform.work() as work:
        said = select(AuditEntry.entity_id, AuditEntry.changes).where(AuditEntry.action == "reinstate")
        assert work.session.execute(said).all() == [(policy.id, {"reason": "cleared"})]


def _suspend(till: Till, policy: Policy, *, reason: str = "fraud") -> None:
    version = till.get(policy).version
    till.act(lambda work: suspend_policy(work, policy.id, reason=reason, expected_version=version))


def _reinstate(till: Till, policy: Policy) -> None:
    version = till.get(policy).version
    till.act(lambda work: reinstate_policy(work, policy.id, reason="cleared", expected_version=version))


def _noted(till: Till) -> list[Sequence[date]]:
    """The days on which suspensions began, and those on which they ended."""
    with till.scheme.platform.work() as work:
        return [
            work.session.scalars(select(PolicySuspension.suspended_on)).all(),
            work.session.scalars(select(PolicyReinstatement.reinstated_on)).all(),
        ]


def _in_force(till: Till, *days: int) -> list[int]:
    """Those of the days since the first one on which the policy counts as in force."""
    with till.scheme.platform.work() as work:
        return [
            day
            for day in days
            if work.session.scalar(select(Policy.id).where(in_force_on(TODAY + timedelta(days=day))))
        ]
