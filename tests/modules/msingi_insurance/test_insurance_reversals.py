"""Contributions and the ledger stay in step: what was paid is taken back where it was recorded, and once."""

from datetime import date

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums
from tests.modules.msingi_insurance.payment_fixtures import gateway, notice, till, till_with

from msingi.work import Work
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium
from msingi_insurance.services.statements import settle_gateway
from msingi_ledger import Transaction

__all__ = ["gateway", "till", "till_with"]

REVERSE = """mutation($id: UUID!) { reverseTransaction(id: $id, reason: "error") { template } }"""


@pytest.mark.rule("PAY-6", "attack 88")
def test_a_contribution_is_not_reversed_in_the_ledger_beside_its_policy(till: Till) -> None:
    policy = till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    accountant = till.user("ledger.reverse", "ledger.read")

    refused = till.scheme.refused(REVERSE, {"id": str(premium.transaction_id)}, actor=accountant)

    assert refused == "ledger.reversed_where_made"
    assert till.balances() == {"1410": VALUE, "4210": VALUE}
    assert till.get(policy).status is PolicyStatus.ACTIVE

    request = till.act(lambda work: request_reversal(work, premium.id, reason="wrong family"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
    assert till.balances() == {}
    assert [row.amount_minor for row in premiums(till.scheme)] == [VALUE, -VALUE]
    again = till.scheme.refused(REVERSE, {"id": str(premium.transaction_id)}, actor=accountant)
    assert again == "ledger.reversed_where_made"


@pytest.mark.rule("PAY-6")
def test_a_settlement_has_no_record_but_the_ledger_and_is_taken_back_there(till: Till) -> None:
    till.act(lambda work: receive_payment(work, notice("unknown", 700)))
    settled = till.act(lambda work: settle_gateway(work, "G", francs(700), day=TODAY, slip="S1"))
    accountant = till.user("ledger.reverse", "ledger.read")

    answer = till.scheme.run(REVERSE, {"id": str(settled)}, actor=accountant)

    assert answer["reverseTransaction"] == {"template": "ledger.reversal"}
    assert till.balances() == {"1430": 700, "2960": 700}
    assert till.act(_days) == [TODAY, TODAY, TODAY]


def _days(work: Work) -> list[date]:
    return list(work.session.scalars(select(Transaction.occurred_on)))
