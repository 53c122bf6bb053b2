"""How notices of gateways are taken in, and where their secrets stand (PG-3, PG-9)."""

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till
from tests.modules.msingi_insurance.payment_fixtures import (
    SECRET,
    TillWith,
    gateway,
    intend,
    jobs,
    notice,
    stored,
    till,
    till_with,
)

from msingi_insurance.models.payments import PaymentReference
from msingi_insurance.payment_errors import NoticeNotGenuine
from msingi_insurance.payment_settings import GatewaySettings
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.notices import SIGNATURE_HEADER, read_notice, sign_notice
from msingi_insurance.services.payments import receive_payment

__all__ = ["gateway", "till", "till_with"]
BODY = f'{{"transaction": "T1", "amount": 5, "currency": "XAF", "paid_on": "{TODAY}"}}'.encode()


@pytest.mark.rule("PG-3")
def test_a_notice_is_kept_and_posted_at_once_and_matched_afterwards(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)
    with till.scheme.platform.work() as work:
        asked = select(PaymentReference.number).where(
            PaymentReference.id == stored(till, payment).reference_id
        )
        number = str(work.session.scalar(asked))

    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    kept, idle = stored(till, payment), till.get(policy)
    before = till.balances()
    jobs(till)

    assert (kept.state, len(kept.digest), idle.status) == (PaymentState.UNMATCHED, 64, PolicyStatus.IDLE)
    assert before == {"1430": VALUE, "2960": VALUE}
    assert (stored(till, payment).state, till.get(policy).status) == (
        PaymentState.MATCHED,
        PolicyStatus.ACTIVE,
    )


@pytest.mark.rule("PG-9")
def test_each_gateway_has_a_secret_of_its_own_that_is_never_shown(till_with: TillWith) -> None:
    gateways = {"OLD": {"notice_secret": SECRET}, "NEW": {"notice_secret": "another"}}
    till = till_with(gateways=gateways, default_gateway="OLD")
    signed = {SIGNATURE_HEADER: sign_notice(SECRET, BODY)}

    with till.scheme.platform.work() as work:
        known = read_notice(work, "OLD", signed, BODY)
        with pytest.raises(NoticeNotGenuine):
            read_notice(work, "NEW", signed, BODY)
    shown = repr(GatewaySettings.model_validate(gateways["OLD"]))

    assert known.transaction == "T1"
    assert SECRET not in shown
