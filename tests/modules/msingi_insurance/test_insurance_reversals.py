"""Contributions and the ledger stay in step: what was paid is taken back where it was recorded, and once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums
from tests.modules.msingi_insurance.payment_fixtures import gateway, notice, till, till_with

from msingi.actor import Actor
from msingi.work import Work
from msingi_insurance.models.payers import FundingStatus
from msingi_insurance.payment_errors import AlreadyDecided, DutiesConflict
from msingi_insurance.rules.states import PayerType, PolicyStatus
from msingi_insurance.services.fundings import (
    FundingDraft,
    accept_funding,
    post_funding,
    record_funding,
    reject_funding,
)
from msingi_insurance.services.payers import PayerDraft, create_payer
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


@pytest.mark.rule("PAY-6", "attack 24", "attack 88")
def test_a_funding_that_was_accepted_by_mistake_is_rejected_by_a_third_person_once(till: Till) -> None:
    donor = PayerDraft(type=PayerType.DONOR, name="Donor", jurisdiction_id=till.scheme.places["CM"])
    payer = till.act(lambda work: create_payer(work, donor))
    draft = FundingDraft(
        product_id=till.product.id, payer_id=payer.id, amount=francs(5000), pay_date=TODAY, receipt="F-1"
    )
    recorder, decider, other = (till.user("insurance.decide_fundings") for _ in range(3))
    funding = _as(till, recorder, lambda work: record_funding(work, draft))
    with pytest.raises(AlreadyDecided):
        _as(till, other, lambda work: reject_funding(work, funding.id, "new"))
    _as(till, recorder, lambda work: post_funding(work, funding.id))
    _as(till, decider, lambda work: accept_funding(work, funding.id))

    for same in (recorder, decider):
        with pytest.raises(DutiesConflict):
            _as(till, same, lambda work: reject_funding(work, funding.id, "wrong product"))
    assert till.balances() == {"1420": 5000, "4220": 5000}
    rejected = _as(till, other, lambda work: reject_funding(work, funding.id, "wrong product"))

    assert (rejected.status, rejected.reason) == (FundingStatus.REJECTED, "wrong product")
    assert till.balances() == {}
    with pytest.raises(AlreadyDecided):
        _as(till, decider, lambda work: reject_funding(work, funding.id, "again"))


def _as(till: Till, actor: Actor, step: Callable[[Work], Any]) -> Any:
    with till.scheme.platform.work(actor) as work, work.everywhere():
        return step(work)


def _days(work: Work) -> list[date]:
    return list(work.session.scalars(select(Transaction.occurred_on)))
