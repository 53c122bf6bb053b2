"""When a policy can be renewed: early enough for its discount, and only what can be renewed is asked to be paid."""

from datetime import date, timedelta

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, till_of
from tests.modules.msingi_insurance.payment_fixtures import (
    gateway,
    intend,
    jobs,
    notice,
    reference_of,
    stored,
    till,
    till_with,
)

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.errors import RenewalTooEarly
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import IntentRefused
from msingi_insurance.rules.payments import IntentResult, PaymentState
from msingi_insurance.rules.renewal import window_opens
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import Terms
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.policies import renew_policy
from msingi_insurance.services.policies_drafts import RenewalDraft
from msingi_insurance.services.policies_life import suspend_policy
from msingi_insurance.services.premiums import receive_premium

__all__ = ["gateway", "till", "till_with"]

EXPIRY = date(2027, 3, 1)


def _sold(till: Till) -> Policy:
    """A policy that is paid and ends on 1 March."""
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    return policy


def _renewed(till: Till, policy: Policy) -> Policy:
    draft = RenewalDraft(policy_id=policy.id, officer_id=till.officer.id)
    made: Policy = till.act(lambda work: renew_policy(work, draft)).policy
    return made


@pytest.mark.rule("PRM-6", "POL-8")
@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2026, 12, 19), 900),
        (date(2027, 1, 2), 900),
        (date(2027, 1, 3), 1000),
        (date(2027, 3, 20), 1000),
    ],
)
def test_a_renewal_discount_can_be_earned(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock, day: date, value: int
) -> None:
    terms = {"renewal_discount": "10", "renewal_discount_period": 2}
    till = till_of(make_platform, as_user, terms=terms)
    policy = _sold(till)
    frozen_clock.move(days=(date(2026, 12, 18) - TODAY).days)
    with pytest.raises(RenewalTooEarly) as refusal:
        _renewed(till, policy)
    frozen_clock.move(days=(day - date(2026, 12, 18)).days)

    renewed = _renewed(till, policy)

    assert refusal.value.params == {"earliest": "2026-12-19"}
    assert (renewed.value, renewed.stage) == (francs(value), Stage.RENEWAL)


@pytest.mark.rule("POL-2", "POL-3")
def test_a_renewal_under_a_cycle_on_a_leap_day_follows_without_a_gap(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    till = till_of(make_platform, as_user, terms={"start_cycles": ["29-02"]})
    policy = _sold(till)
    frozen_clock.move(days=(date(2028, 2, 20) - TODAY).days)

    renewed = _renewed(till, policy)

    assert (policy.start_date, policy.expiry_date) == (date(2027, 2, 28), date(2028, 2, 28))
    assert (renewed.start_date, renewed.expiry_date) == (date(2028, 2, 29), date(2029, 2, 27))


@pytest.mark.rule("PRM-6", "POL-8")
def test_the_window_opens_by_the_end_or_by_the_discount() -> None:
    plain = Terms(renewal_discount_period=2)
    rewarded = Terms(renewal_discount="10", renewal_discount_period=2)
    at_the_end = Terms(renewal_discount="10", renewal_discount_period=0)

    opened = [window_opens(EXPIRY, terms, days=14) for terms in (plain, rewarded, at_the_end)]

    assert opened == [date(2027, 2, 15), date(2026, 12, 19), date(2027, 2, 15)]


def _refused(till: Till, policy: Policy) -> object:
    with pytest.raises(IntentRefused) as refusal:
        intend(till, policy, stage=Stage.RENEWAL)
    return refusal.value.params["result"]


@pytest.mark.rule("PAY-3", "PAY-5")
def test_nothing_is_asked_for_a_renewal_that_would_be_refused(till: Till, frozen_clock: FrozenClock) -> None:
    early, suspended, followed, unpaid = _sold(till), _sold(till), _sold(till), till.policy()
    assert _refused(till, early) == IntentResult.NO_PRODUCT_TO_RENEW
    frozen_clock.move(days=(EXPIRY - TODAY).days - 5)
    version = till.get(suspended).version
    till.act(lambda work: suspend_policy(work, suspended.id, reason="fraud", expected_version=version))
    _renewed(till, followed)

    answers = [_refused(till, policy) for policy in (suspended, followed, unpaid)]

    assert answers == [IntentResult.NO_PRODUCT_TO_RENEW] * 3


@pytest.mark.rule("PAY-3")
def test_nothing_is_asked_for_a_renewal_of_what_is_no_longer_sold(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = _sold(till)
    frozen_clock.move(days=(EXPIRY - TODAY).days - 5)
    till.act(lambda work: setattr(work.get(Product, till.product.id), "date_to", EXPIRY))

    assert _refused(till, policy) == IntentResult.NO_PRODUCT_TO_RENEW


@pytest.mark.rule("PAY-3", "PAY-5")
def test_an_intent_that_was_accepted_renews_when_its_money_comes(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = _sold(till)
    frozen_clock.move(days=(EXPIRY - TODAY).days - 5)
    payment = intend(till, policy, stage=Stage.RENEWAL)
    number = _number(till, payment)
    day = EXPIRY - timedelta(days=5)

    till.act(lambda work: receive_payment(work, notice(number, VALUE, paid_on=day)))
    jobs(till)

    assert stored(till, payment).state is PaymentState.MATCHED
    assert payment.expected_minor == VALUE


def _number(till: Till, payment: Payment) -> str:
    jobs(till)
    with till.scheme.platform.work() as work:
        return str(work.get(PaymentReference, reference_of(stored(till, payment))).number)
