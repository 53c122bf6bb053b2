"""Many writers at once, and money that takes its own ways: nothing is given, sold or counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, premiums, till_of
from tests.modules.msingi_insurance.move_fixtures import moved, village_of
from tests.modules.msingi_insurance.payment_fixtures import POOLS, SECRET, intend, jobs, notice, stored

from msingi.errors import DomainError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.transact import transact
from msingi.work import Work
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.payments import PaymentDetail
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.payment_errors import ReceiptTaken, ReturnImpossible
from msingi_insurance.plugin import (
    READ_PAYMENTS,
    REQUEST_REFERENCES,
)
from msingi_insurance.rules.payments import PAYMENT_CODES, PaymentState
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services import policies
from msingi_insurance.services.control_numbers import take_number, top_up_pools
from msingi_insurance.services.covers import locked_family
from msingi_insurance.services.families import add_member, move_insuree, remove_insuree
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.photos import add_photo
from msingi_insurance.services.policies import enrol_policy, renew_policy
from msingi_insurance.services.policies_daily import suspend_chunk
from msingi_insurance.services.policies_drafts import PolicyDraft, RenewalDraft
from msingi_insurance.services.policies_life import enforce_policy
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium
from msingi_insurance.services.renewals import list_renewals

PAY = "mutation ($input: ContributionDraft!) { receiveContribution(input: $input) { status } }"
CREDIT = "mutation ($id: UUID!) { payFromFamilyCredit(policyId: $id) { status excess premium { amount payType } } }"
_Made = TypeVar("_Made")


@pytest.fixture
def gateway() -> GatewayDouble:
    return GatewayDouble()


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser, gateway: GatewayDouble) -> Till:
    def make(*plugins: Any, **overrides: Any) -> Any:
        return make_platform(*plugins, gateway.plugin(), **overrides)

    payments = {"gateways": {"G": {"notice_secret": SECRET}}, "default_gateway": "G", "pools": POOLS}
    return till_of(make, as_user, terms={"max_members": 3}, payments=payments)


def at_once(writers: int, step: Callable[[int], _Made]) -> list[_Made | DomainError]:
    """What came of writers who start together, each with as many attempts as the server gives."""
    together = Barrier(writers, timeout=60)

    def go(number: int) -> _Made | DomainError:
        together.wait()
        try:
            return transact(lambda: step(number), attempts=40)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(go, range(writers)))


def made(outcomes: list[Any]) -> list[Any]:
    """The outcomes that are no refusals."""
    return [one for one in outcomes if not isinstance(one, DomainError)]


@pytest.mark.rule("attack 15", "PAY-9")
def test_numbers_of_a_pool_go_to_officers_of_the_own_places(till: Till) -> None:
    till.act(top_up_pools)
    jobs(till)
    clerk = till.user(REQUEST_REFERENCES, READ_PAYMENTS, at="D2")
    take = "mutation ($p: UUID!, $o: UUID!) { takeReference(productId: $p, officerId: $o) { code number } }"

    mine = till.scheme.run(take, {"p": str(till.product.id), "o": str(till.other.id)}, actor=clerk)
    code = till.scheme.refused(take, {"p": str(till.product.id), "o": str(till.officer.id)}, actor=clerk)

    assert mine["takeReference"]["number"] is not None
    assert code == "core.not_found"


@pytest.mark.rule("attack 86", "PAY-9")
def test_writers_at_once_get_different_numbers_of_a_pool(till: Till) -> None:
    till.act(top_up_pools)
    jobs(till)

    taken = at_once(
        6,
        lambda _: (
            till.act(lambda work: take_number(work, till.product.id, officer_id=till.officer.id)).number
        ),
    )

    given = [number for number in taken if number is not None]
    assert (len(given), len(set(given))) == (3, 3)


@pytest.mark.rule("attack 86", "attack 89", "POL-7")
def test_one_receipt_is_sold_once_by_twenty_writers(till: Till) -> None:
    policies = [till.policy(village=village) for village in ("V1", "V2")]

    def sell(number: int) -> Any:
        new = till.cash(policies[number % 2], VALUE, receipt="R-1")
        return till.act(lambda work: receive_premium(work, new))

    sold = at_once(20, sell)

    assert len(made(sold)) == 1
    assert {type(one) for one in sold if isinstance(one, DomainError)} == {ReceiptTaken}
    assert till.balances() == {"1410": VALUE, "4210": VALUE}


@pytest.mark.rule("attack 86", "POL-4")
def test_instalments_at_once_activate_once_and_add_up(till: Till) -> None:
    policy = till.policy()

    paid = at_once(10, lambda _: till.act(lambda work: receive_premium(work, till.cash(policy, VALUE // 10))))

    assert len(made(paid)) == 10
    assert (till.get(policy).status, till.balances()) == (PolicyStatus.ACTIVE, {"1410": VALUE, "4210": VALUE})


@pytest.mark.rule("attack 86", "INS-1", "PRM-8")
def test_members_who_join_at_once_never_exceed_the_maximum(till: Till) -> None:
    policy = till.policy()
    children = [till.scheme.child() for _ in range(5)]

    at_once(5, lambda number: till.act(lambda work: add_member(work, policy.family_id, children[number])))

    with till.scheme.platform.work() as work:
        covered = work.session.scalars(select(InsureePolicy.id).where(InsureePolicy.policy_id == policy.id))
        members = work.session.scalars(select(Insuree.id).where(Insuree.family_id == policy.family_id))
        assert (len(covered.all()), len(members.all())) == (3, 6)


@pytest.mark.rule("attack 86", "POL-8")
def test_a_policy_is_renewed_once_by_many(till: Till, frozen_clock: FrozenClock) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    frozen_clock.move(days=360)
    draft = RenewalDraft(policy_id=policy.id)

    renewed = at_once(4, lambda _: till.act(lambda work: renew_policy(work, draft)))

    with till.scheme.platform.work() as work:
        assert len(work.session.scalars(select(Policy.id)).all()) == 2
    assert len(made(renewed)) == 1


@pytest.mark.rule("attack 86", "attack 88")
def test_of_two_who_take_one_contribution_back_the_second_meets_the_first(till: Till) -> None:
    policy = till.policy()
    premium = till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))

    asked = at_once(
        4, lambda _: till.act(lambda work: request_reversal(work, premium.id, reason="twice at once"))
    )

    assert len(made(asked)) == 1
    assert {type(one) for one in asked if isinstance(one, DomainError)} == {ReturnImpossible}


@pytest.mark.rule("PAY-6", "attack 87")
def test_a_familys_credit_pays_its_renewal_and_nothing_twice(till: Till, frozen_clock: FrozenClock) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE + 400)))
    frozen_clock.move(days=360)
    renewal = till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id))).policy
    ask = "query ($id: UUID!) { family(id: $id) { credit } }"
    brought = {"policyId": str(renewal.id), "amount": "400 XAF", "payDate": "2027-02-25", "payType": "CREDIT"}

    before = till.scheme.run(ask, {"id": str(policy.family_id)})["family"]["credit"]
    refused = till.scheme.refused(PAY, {"input": brought})
    done = till.scheme.run(CREDIT, {"id": str(renewal.id)})["payFromFamilyCredit"]
    again = till.scheme.refused(CREDIT, {"id": str(renewal.id)})

    assert (before, refused, again) == ("400 XAF", "insurance.credit_not_brought", "insurance.credit_empty")
    assert done == {
        "status": "IDLE",
        "excess": "0 XAF",
        "premium": {"amount": "400 XAF", "payType": "CREDIT"},
    }
    assert till.balances() == {"1410": VALUE + 400, "4210": VALUE + 400}
    used = premiums(till.scheme)[-1]
    request = till.act(lambda work: request_reversal(work, used.id, reason="wrong policy"))
    till.act(lambda work: decide_return(work, request.id, approve=True))
    assert till.balances() == {"1410": VALUE + 400, "2950": 400, "4210": VALUE}


@pytest.mark.rule("attack 89", "INS-4")
def test_one_picture_for_many_people_is_told(till: Till) -> None:
    family = till.scheme.enrol(till.scheme.child())
    for insuree in family.insurees:
        till.act(
            lambda work, insuree=insuree: add_photo(
                work, insuree.id, b"\xff\xd8\xffthe same face", taken_on=TODAY
            )
        )
    ask = "query ($id: UUID!) { family(id: $id) { members { photos { othersWithThisPicture } } } }"

    seen = till.scheme.run(ask, {"id": str(family.family.id)})["family"]["members"]

    assert [one["photos"][0]["othersWithThisPicture"] for one in seen] == [1, 1]


@pytest.mark.rule("PAY-4", "PAY-7")
def test_a_payment_that_brings_no_contribution_says_so(till: Till) -> None:
    policy = till.policy()
    payment = intend(till, policy)
    jobs(till)
    number = stored(till, payment).reference_number
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))

    till.act(lambda work: receive_payment(work, notice(number, VALUE)))
    jobs(till)

    with till.scheme.platform.work() as work:
        error = work.session.scalars(select(PaymentDetail.error)).one()
    assert (stored(till, payment).state, error) == (PaymentState.UNMATCHED, 109)
    assert till.balances() == {"1410": VALUE, "1430": VALUE, "2960": VALUE, "4210": VALUE}


@pytest.mark.rule("PAY-7")
def test_a_payment_whose_reference_the_gateway_refuses_is_rejected(
    till: Till, gateway: GatewayDouble
) -> None:
    gateway.rejects = True
    payment = intend(till, till.policy())

    jobs(till)

    assert PAYMENT_CODES[stored(till, payment).state] == -1


@pytest.mark.rule("attack 86", "POL-6", "F40")
def test_a_policy_paid_beside_the_nightly_suspension_is_not_suspended(
    till: Till, frozen_clock: FrozenClock
) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, 400)))
    version = till.get(policy).version
    till.act(lambda work: enforce_policy(work, policy.id, reason="poor", expected_version=version))
    frozen_clock.move(days=60)
    paid, looked = Event(), Event()

    def collect(work: Work) -> None:
        receive_premium(work, till.cash(policy, VALUE - 400))
        work.session.flush()
        paid.set()
        looked.wait(timeout=1)

    def suspend() -> None:
        paid.wait(timeout=30)
        till.act(lambda work: suspend_chunk(work, None))
        looked.set()

    with ThreadPoolExecutor(1) as night:
        done = night.submit(suspend)
        till.act(collect)
        done.result(60)

    assert till.get(policy).status is PolicyStatus.ACTIVE


@pytest.mark.rule("attack 77", "attack 86", "PAY-8")
def test_one_notice_in_parallel_is_one_payment(till: Till) -> None:
    said = notice("", VALUE)

    received = at_once(10, lambda _: till.act(lambda work: receive_payment(work, said)).id)

    assert len(set(made(received))) == 1
    assert till.balances() == {"1430": VALUE, "2960": VALUE}


@pytest.mark.rule("INS-5", "INS-1")
def test_a_member_who_leaves_beside_an_enrolment_is_not_left_covered(till: Till) -> None:
    """Either the member left first and is not covered, or is covered first and the cover ends with the leaving."""
    made = till.scheme.enrol(till.scheme.child())
    child = made.insurees[1].id
    draft = PolicyDraft(
        family_id=made.family.id, product_id=till.product.id, enrol_date=TODAY, officer_id=till.officer.id
    )
    enrolled, left = Event(), Event()

    def leave() -> None:
        enrolled.wait(timeout=30)
        till.act(lambda work: remove_insuree(work, child, close_cover=True, expected_version=1))
        left.set()

    def enrol(work: Work) -> None:
        enrol_policy(work, draft)
        work.session.flush()
        enrolled.set()
        assert not left.wait(timeout=1)

    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(leave)
        till.act(enrol)
        done.result(60)

    rows = select(InsureePolicy.valid_to).where(InsureePolicy.insuree_id == child)
    assert None not in till.act(lambda work: work.session.scalars(rows).all())


@pytest.mark.rule("INS-1")
def test_two_who_change_places_at_once_do_not_wait_for_each_other_for_ever(till: Till) -> None:
    one, other = (till.scheme.enrol(till.scheme.child()) for _ in range(2))
    moves = [(one.insurees[1], other.family.id), (other.insurees[1], one.family.id)]

    def move(number: int) -> Any:
        insuree, family_id = moves[number]
        return till.act(
            lambda work: move_insuree(
                work, insuree.id, family_id, relationship=None, expected_version=insuree.version
            )
        )

    assert len(made(at_once(2, move))) == 2


@pytest.mark.rule("INS-8", "POL-8", "F40")
def test_a_renewal_beside_a_move_waits_for_it_without_a_deadlock(
    till: Till, frozen_clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = till.policy(till.scheme.child())
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE)))
    frozen_clock.move(days=360)
    till.act(list_renewals)
    held, free = Event(), locked_family

    def hold(work: Work, family_id: UUID) -> Family:
        family = free(work, family_id)
        held.set()
        Event().wait(1)
        return family

    def move() -> None:
        held.wait(timeout=30)
        moved(till, policy)

    monkeypatch.setattr(policies, "locked_family", hold)
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(move)
        renewed = till.act(lambda work: renew_policy(work, RenewalDraft(policy_id=policy.id)))
        done.result(60)

    assert village_of(till, policy.family_id) == "V3"
    assert till.get(renewed.policy).jurisdiction_id == till.scheme.places["V3"]
