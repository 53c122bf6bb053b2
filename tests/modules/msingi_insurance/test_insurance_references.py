"""Payment references: asked once, reconciled when the gateway is silent, taken from pools."""

from typing import Any

import pytest
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import VALUE, Till, premiums
from tests.modules.msingi_insurance.payment_fixtures import (
    POOLS,
    TillWith,
    gateway,
    intend,
    jobs,
    notice,
    number_of,
    reference_of,
    references,
    stored,
    till,
    till_with,
)

from msingi.testing import FrozenClock
from msingi_insurance.payment_errors import (
    NoNumberPool,
    ReferenceStepRefused,
)
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.references import (
    PoolCode,
    ReferenceState,
    ReferenceStep,
    next_state,
    pool_code,
)
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.control_numbers import assign_number, take_number
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.references import cancel_reference, expire_references

__all__ = ["gateway", "till", "till_with"]


@pytest.mark.rule("PAY-9", "PG-6", "F29")
def test_a_silent_gateway_is_asked_and_never_sent_to_twice(
    till: Till, gateway: GatewayDouble, frozen_clock: FrozenClock
) -> None:
    policy = till.policy()
    gateway.silent = True
    payment = intend(till, policy)
    platform = till.scheme.platform

    jobs(till)
    for _ in range(3):
        till.act(lambda work: work.enqueue("insurance.send_references"))
        frozen_clock.move(minutes=20)
        till.act(lambda work: work.enqueue("insurance.ask_references"))
        jobs(till)
    silent = references(till)[0]
    gateway.silent = False
    frozen_clock.move(minutes=20)
    till.act(lambda work: work.enqueue("insurance.ask_references"))
    platform.jobs.run_pending()

    assert (silent.state, silent.number) == (ReferenceState.SENT, None)
    assert gateway.received == [silent.id]
    issued = references(till)[0]
    assert (issued.state, issued.number) == (ReferenceState.ISSUED, gateway.numbers[silent.id])
    assert stored(till, payment).state is PaymentState.REFERENCE_ASSIGNED


@pytest.mark.rule("PG-6", "F29")
def test_what_never_arrived_is_sent_again_only_when_the_gateway_says_so(
    till: Till, gateway: GatewayDouble, frozen_clock: FrozenClock
) -> None:
    gateway.lost = True
    intend(till, till.policy())
    jobs(till)
    sent = references(till)[0].state
    before = list(gateway.received)
    gateway.lost = False
    frozen_clock.move(minutes=20)
    for job in ("insurance.ask_references", "insurance.send_references"):
        till.act(lambda work, job=job: work.enqueue(job))
        jobs(till)

    assert (sent, before) == (ReferenceState.SENT, [])
    assert references(till)[0].state is ReferenceState.ISSUED
    assert gateway.received == [references(till)[0].id]


@pytest.mark.rule("PG-4", "PG-6", "PG-7")
def test_references_are_rejected_cancelled_and_expire_but_late_money_counts(
    till: Till, gateway: GatewayDouble, frozen_clock: FrozenClock
) -> None:
    gateway.rejects = True
    intend(till, till.policy())
    jobs(till)
    gateway.rejects = False
    late, never = till.policy(), till.policy()
    payment, other = intend(till, late), intend(till, never)
    jobs(till)
    rejected = references(till)[0]
    till.act(lambda work: cancel_reference(work, reference_of(other)))
    frozen_clock.move(days=31)
    expired = till.act(expire_references)
    number = stored(till, payment).reference_number
    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    assert (rejected.state, rejected.code, expired) == (ReferenceState.REJECTED, "7102", 1)
    assert gateway.cancelled == [references(till)[2].number]
    assert references(till)[2].state is ReferenceState.CANCELLED
    assert till.get(late).status is PolicyStatus.ACTIVE
    with pytest.raises(ReferenceStepRefused):
        till.act(lambda work: cancel_reference(work, reference_of(payment)))


@pytest.mark.rule("PAY-9")
def test_the_life_of_a_reference_ends_where_it_should() -> None:
    final = {ReferenceState.PAID, ReferenceState.REJECTED, ReferenceState.CANCELLED}

    ends = {
        state for state in ReferenceState if all(next_state(state, step) is None for step in ReferenceStep)
    }

    assert ends == final
    assert [pool_code(available, 2) for available in (0, 1, 2, 3)] == [
        PoolCode.NONE_AVAILABLE,
        PoolCode.BELOW_THRESHOLD,
        PoolCode.BELOW_THRESHOLD,
        PoolCode.GIVEN,
    ]
    assert [int(code) for code in PoolCode] == [4001, 4002, 4003, 4999]


@pytest.mark.rule("PAY-9", "PG-8", "TZA-28")
def test_an_officer_takes_numbers_offline_and_the_money_finds_its_policy(till_with: TillWith) -> None:
    till = till_with(pools=POOLS)
    policy = till.policy()
    empty = till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id))
    jobs(till)
    taken = [
        till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id))
        for _ in range(3)
    ]
    number, insured = taken[0].number, number_of(till, policy)

    def assign(value: str, officer: Any = till.officer) -> int:
        code = till.act(
            lambda work: assign_number(work, number, gateway="G", insuree_number=value, officer_id=officer.id)
        )
        return int(code)

    codes = [assign(insured, till.other), assign(insured), assign(insured), assign("000")]
    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    assert (empty.code, empty.number) == (4002, None)
    assert [one.code for one in taken] == [4001, 4003, 4003]
    assert len({one.number for one in taken}) == 3
    assert codes == [1, 0, 0, 2]
    assert till.get(policy).status is PolicyStatus.ACTIVE
    assert premiums(till.scheme)[0].officer_id == till.officer.id
    assert len(references(till)) == 6


@pytest.mark.rule("PAY-9")
def test_a_number_is_asked_of_a_product_that_has_a_pool(till: Till) -> None:
    with pytest.raises(NoNumberPool) as refusal:
        till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id))

    assert refusal.value.params == {"product": "CHF"}
