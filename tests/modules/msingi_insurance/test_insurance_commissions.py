"""Commissions of officers: each contribution by the payment plan of its own day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.modules.msingi_insurance.contract_fixtures import plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, till_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.contracts import PlanKind
from msingi_insurance.services.commissions import officer_commissions
from msingi_insurance.services.plans import PlanDraft, create_plan
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def _plan(till: Till, code: str, percent: str, first: date, last: date | None = None) -> None:
    draft = PlanDraft(
        code=code,
        name=code,
        rule="commission",
        parameters={"percent": percent},
        product_id=till.product.id,
        periodicity=12,
        valid_from=first,
        valid_to=last,
        kind=PlanKind.PAYMENT,
    )
    till.act(lambda work: create_plan(work, draft))


def _earned(till: Till, since: date, until: date) -> Sequence[tuple[str, Decimal, Decimal]]:
    found = till.act(lambda work: officer_commissions(work, since=since, until=until))
    assert {one.officer_id for one in found} <= {till.officer.id}
    return [(one.plan, one.collected.amount, one.commission.amount) for one in found]


@pytest.mark.rule("TZA-14")
def test_officers_earn_a_commission_on_what_they_collected(till: Till) -> None:
    plan(till, "COM", "commission", percent="2.5")
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE + 500)))
    till.act(lambda work: receive_premium(work, till.cash(till.policy(), 300)))
    till.act(lambda work: receive_premium(work, till.cash(policy, 400, is_photo_fee=True)))

    (earned,) = till.act(lambda work: officer_commissions(work, since=TODAY, until=TODAY))

    assert (earned.officer_id, earned.plan) == (till.officer.id, "COM")
    assert (earned.collected.amount, earned.commission.amount) == (Decimal(1300), Decimal(32))


@pytest.mark.rule("TZA-14")
def test_each_contribution_is_paid_by_the_plan_of_its_own_day(till: Till, frozen_clock: FrozenClock) -> None:
    _plan(till, "ENDED", "10", date(2026, 1, 1), TODAY)
    _plan(till, "NEW", "2", TODAY + timedelta(days=5))
    first = till.policy()
    wrong = till.act(lambda work: receive_premium(work, till.cash(first, 400)))
    till.act(lambda work: receive_premium(work, till.cash(till.policy(), 600)))
    frozen_clock.move(days=5)
    between, last = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
    for day in (between, last):
        till.act(lambda work, day=day: receive_premium(work, till.cash(till.policy(), 500, pay_date=day)))
    request = till.act(lambda work: request_reversal(work, wrong.id, reason="mistake"))
    till.act(lambda work: decide_return(work, request.id, approve=True))

    whole = _earned(till, TODAY, last)

    assert whole == [("ENDED", Decimal(600), Decimal(60)), ("NEW", Decimal(500), Decimal(10))]
    assert _earned(till, TODAY, between) == [("ENDED", Decimal(1000), Decimal(100))]
    assert _earned(till, last, last) == [
        ("ENDED", Decimal(-400), Decimal(-40)),
        ("NEW", Decimal(500), Decimal(10)),
    ]
    assert _earned(till, between, between) == []


@pytest.mark.rule("TZA-14")
def test_of_two_plans_the_one_that_began_last_pays(till: Till) -> None:
    _plan(till, "OLD", "10", date(2026, 1, 1))
    _plan(till, "NEWER", "3", date(2026, 2, 1))
    till.act(lambda work: receive_premium(work, till.cash(till.policy(), VALUE)))

    assert _earned(till, TODAY, TODAY) == [("NEWER", Decimal(VALUE), Decimal(30))]
