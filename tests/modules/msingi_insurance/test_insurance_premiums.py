"""Contributions: recorded, numbered, shared between policy and credit, taken back by two people."""

import pytest

from msingi.testing import AsUser, MakePlatform
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.premiums import receive_premium
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, till_of


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


@pytest.mark.rule("PAY-1", "PAY-6")
def test_paying_in_parts_activates_at_the_value_and_the_rest_is_credit(till: Till) -> None:
    policy = till.policy()

    till.act(lambda work: receive_premium(work, till.cash(policy, 400)))
    before = till.get(policy)
    till.act(lambda work: receive_premium(work, till.cash(policy, 700)))

    after = till.get(policy)
    assert (before.status, before.effective_date) == (PolicyStatus.IDLE, None)
    assert (after.status, after.effective_date) == (PolicyStatus.ACTIVE, TODAY)
    assert till.balances() == {"1410": 1100, "2950": 100, "4210": 1000}
