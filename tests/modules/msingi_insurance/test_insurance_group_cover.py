"""What a contract buys: cover for exactly its period, each family charged once, and registered once."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests.modules.msingi_insurance.contract_fixtures import bundle, holder_with, plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.models.contracts import Contract, ContractLine
from msingi_insurance.models.policy import InsureePolicy, Policy
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import ContractOver
from msingi_insurance.rules.contract import following_period
from msingi_insurance.rules.periods import CIVIL
from msingi_insurance.rules.states import PolicyStatus, Stage
from msingi_insurance.services.contract_payment import pay_invoice
from msingi_insurance.services.contracts import (
    ContractDraft,
    approve_contract,
    create_contract,
    create_invoice,
    renew_contract,
    submit_contract,
)
from msingi_insurance.services.covers_book import covers_at
from msingi_insurance.services.policies_life import suspend_policy
from msingi_insurance.services.policy_holders import (
    HolderDraft,
    HolderMemberDraft,
    add_members,
    create_holder,
)
from msingi_insurance.services.premiums import receive_premium, receive_premiums
from msingi_insurance.services.products import create_product
from msingi_insurance.services.products_drafts import ProductDraft

DECEMBER_31 = date(2026, 12, 31)


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user, terms={"registration_fee": "50"})


def _paid(till: Till, contract: Contract, *, receipt: str = "X", day: date = TODAY) -> Contract:
    """A contract that was submitted, approved, invoiced and paid."""
    till.act(lambda work: submit_contract(work, contract.id))
    till.act(lambda work: approve_contract(work, contract.id))
    invoice = till.act(lambda work: create_invoice(work, contract.id))
    paid: Contract = till.act(
        lambda work: pay_invoice(work, invoice.id, invoice.amount, receipt=receipt, day=day)
    )
    return paid


def _drafted(till: Till, holder_id: UUID, first: date, last: date) -> Contract:
    draft = ContractDraft(holder_id=holder_id, date_from=first, date_to=last)
    made: Contract = till.act(lambda work: create_contract(work, draft))
    return made


def _policies(till: Till) -> Sequence[Policy]:
    with till.scheme.platform.work() as work:
        return work.session.scalars(select(Policy).order_by(Policy.id)).all()


@pytest.mark.rule("POL-4", "POL-5")
@pytest.mark.parametrize(
    ("first", "last", "effective"),
    [
        (date(2026, 6, 1), date(2026, 8, 31), date(2026, 6, 1)),
        (TODAY, date(2026, 4, 1), TODAY),
        (date(2026, 1, 1), DECEMBER_31, TODAY),
    ],
)
def test_a_contract_covers_its_own_days_from_the_day_of_payment(
    till: Till, first: date, last: date, effective: date
) -> None:
    holder_id = holder_with(till, 10_000, plans=(plan(till, "INC", "contribution_from_income", percent="2"),))

    _paid(till, _drafted(till, holder_id, first, last))

    (policy,) = _policies(till)
    assert (policy.start_date, policy.effective_date, policy.expiry_date) == (first, effective, last)
    with till.scheme.platform.work() as work:
        (row,) = work.session.scalars(select(InsureePolicy)).all()
        covered = [
            any(one.covered for one in covers_at(work, [row.insuree_id], day)[row.insuree_id])
            for day in (
                effective - timedelta(days=1),
                effective,
                last,
                last + timedelta(days=1),
            )
        ]
    assert (row.start_date, row.effective_date, row.expiry_date) == (first, effective, last)
    assert covered == [False, True, True, False]


@pytest.mark.rule("POL-4")
def test_a_contract_is_paid_until_its_last_day(till: Till, frozen_clock: FrozenClock) -> None:
    holder_id = holder_with(till, 10_000, plans=(plan(till, "INC", "contribution_from_income", percent="2"),))
    contract = _drafted(till, holder_id, TODAY, DECEMBER_31)
    frozen_clock.move(days=365)

    with pytest.raises(ContractOver) as refused:
        _paid(till, contract, day=DECEMBER_31 + timedelta(days=1))

    assert refused.value.params == {"date": DECEMBER_31}
    assert (_policies(till), till.balances()) == ([], {})


@pytest.mark.rule("PRM-5", "POL-8")
def test_a_renewed_contract_pays_no_registration_and_its_policies_follow(
    till: Till, frozen_clock: FrozenClock
) -> None:
    holder_id = holder_with(till, None, plans=(plan(till, "PROD", "contribution_from_product"),))
    first = _paid(till, _drafted(till, holder_id, TODAY, date(2027, 3, 1)))

    frozen_clock.move(days=365)
    renewed = till.act(lambda work: renew_contract(work, first.id))
    second = _paid(till, renewed, receipt="Y", day=date(2027, 3, 2))

    old, new = _policies(till)
    assert (first.due, second.due) == (francs(VALUE + 50), francs(VALUE))
    assert (old.stage, old.previous_policy_id) == (Stage.NEW, None)
    assert (new.stage, new.previous_policy_id, new.value) == (Stage.RENEWAL, old.id, francs(VALUE))
    assert (new.start_date, new.expiry_date) == (date(2027, 3, 2), date(2028, 3, 1))


@pytest.mark.rule("PRM-5", "POL-8")
def test_a_contract_under_the_product_that_replaced_one_renews_it(
    till: Till, frozen_clock: FrozenClock
) -> None:
    draft = ProductDraft(
        code="NEXT",
        name="Next",
        jurisdiction_id=till.scheme.places["CM"],
        date_from=date(2020, 1, 1),
        terms={"lump_sum": "700", "registration_fee": "50"},
    )
    following = till.act(lambda work: create_product(work, draft))
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE + 50)))
    till.act(lambda work: _convert(work, till.product.id, following.id))
    till.product = following
    product = plan(till, "NEXT", "contribution_from_product")
    newcomer = till.scheme.enrol().insurees[0].id
    holder_id = _holder(till, [_head(till, policy), newcomer], product)
    frozen_clock.move(days=300)

    contract = _paid(
        till,
        _drafted(till, holder_id, date(2027, 3, 2), date(2028, 3, 1)),
        day=date(2026, 12, 27),
    )

    assert contract.due == francs(700 + 750)
    stages = {one.family_id: (one.stage, one.previous_policy_id) for one in _policies(till)[1:]}
    assert stages.pop(policy.family_id) == (Stage.RENEWAL, policy.id)
    assert list(stages.values()) == [(Stage.NEW, None)]


@pytest.mark.rule("PRM-5", "PRM-7")
def test_a_contract_of_two_years_registers_once(till: Till) -> None:
    holder_id = holder_with(till, None, plans=(plan(till, "PROD", "contribution_from_product"),))

    contract = _paid(till, _drafted(till, holder_id, TODAY, date(2028, 3, 1)))

    (policy,) = _policies(till)
    assert contract.due == francs(VALUE + 50 + VALUE)
    assert (policy.value, policy.expiry_date) == (contract.due, date(2028, 3, 1))


@pytest.mark.rule("PRM-5")
def test_a_contract_after_a_policy_that_was_never_paid_or_is_suspended_begins_anew(till: Till) -> None:
    earlier = TODAY - timedelta(days=358)
    unpaid, suspended, ending = (till.policy(on=earlier) for _ in range(3))
    whole = [till.cash(policy, VALUE + 50) for policy in (suspended, ending)]
    till.act(lambda work: receive_premiums(work, whole))
    version = till.get(suspended).version
    till.act(lambda work: suspend_policy(work, suspended.id, reason="fraud", expected_version=version))
    product = plan(till, "PROD", "contribution_from_product")
    heads = [_head(till, policy) for policy in (unpaid, suspended, ending)]

    contract = _paid(till, _drafted(till, _holder(till, heads, product), TODAY, date(2027, 3, 1)))

    assert contract.due == francs(VALUE + 50 + VALUE + 50 + VALUE)
    stages = {one.family_id: (one.stage, one.previous_policy_id) for one in _policies(till)[3:]}
    assert stages == {
        unpaid.family_id: (Stage.NEW, None),
        suspended.family_id: (Stage.NEW, None),
        ending.family_id: (Stage.RENEWAL, ending.id),
    }


@pytest.mark.rule("PRM-5", "PRD-10")
@pytest.mark.parametrize(
    ("later", "stage"), [(1, Stage.NEW), (349, Stage.NEW), (350, Stage.RENEWAL), (365, Stage.RENEWAL)]
)
def test_a_policy_that_runs_past_the_window_of_renewal_is_not_renewed_by_a_contract(
    till: Till, frozen_clock: FrozenClock, later: int, stage: Stage
) -> None:
    policy = till.policy()
    till.act(lambda work: receive_premium(work, till.cash(policy, VALUE + 50)))
    frozen_clock.move(days=later)
    first = TODAY + timedelta(days=later)
    holder_id = _holder(till, [_head(till, policy)], plan(till, "PROD", "contribution_from_product"))

    contract = _paid(till, _drafted(till, holder_id, first, first + timedelta(days=364)), day=first)

    assert _policies(till)[-1].stage is stage
    assert contract.due == francs(VALUE + 50 if stage is Stage.NEW else VALUE)


@pytest.mark.rule("PRM-4")
def test_two_members_of_one_family_pay_for_their_policy_once(till: Till) -> None:
    product = plan(till, "PROD", "contribution_from_product")
    family = till.scheme.enrol(till.scheme.head())
    others = till.scheme.enrol().insurees[0].id
    holder_id = _holder(till, [*(one.id for one in family.insurees), others], product)

    contract = _paid(till, _drafted(till, holder_id, TODAY, date(2027, 3, 1)))

    assert contract.due == francs(VALUE + 2 * 50 + VALUE + 50)
    assert sorted(policy.value_minor for policy in _policies(till)) == [VALUE + 50, VALUE + 100]
    assert sorted(row.amount_minor for row in premiums(till.scheme)) == [VALUE + 50, VALUE + 100]
    with till.scheme.platform.work() as work:
        lines = work.session.scalars(select(ContractLine)).all()
    assert sorted(line.amount_minor or 0 for line in lines) == [0, VALUE + 50, VALUE + 100]
    assert {policy.status for policy in _policies(till)} == {PolicyStatus.ACTIVE}


@pytest.mark.rule("PRM-7")
def test_a_plan_that_costs_nothing_is_not_paid_and_covers(till: Till) -> None:
    free = plan(till, "FREE", "contribution_from_income", percent="0")
    holder_id = holder_with(till, 10_000, plans=(free,))

    contract = _paid(till, _drafted(till, holder_id, date(2026, 6, 1), DECEMBER_31))

    (policy,) = _policies(till)
    assert contract.due == francs(0)
    assert (policy.status, policy.effective_date) == (PolicyStatus.ACTIVE, date(2026, 6, 1))
    assert premiums(till.scheme) == []


@pytest.mark.rule("POL-3")
@pytest.mark.parametrize(
    ("first", "last", "following"),
    [
        (date(2026, 1, 1), DECEMBER_31, (date(2027, 1, 1), date(2027, 12, 31))),
        (date(2027, 1, 1), date(2027, 12, 31), (date(2028, 1, 1), date(2028, 12, 31))),
        (date(2027, 3, 2), date(2028, 3, 1), (date(2028, 3, 2), date(2029, 3, 1))),
        (date(2026, 2, 1), date(2026, 2, 28), (date(2026, 3, 1), date(2026, 3, 31))),
        (date(2026, 6, 1), date(2026, 8, 15), (date(2026, 8, 16), date(2026, 10, 30))),
        (date(2026, 6, 1), date(2026, 6, 1), (date(2026, 6, 2), date(2026, 6, 2))),
    ],
)
def test_a_contract_is_renewed_by_months(first: date, last: date, following: tuple[date, date]) -> None:
    assert following_period(first, last, CIVIL) == following


@pytest.mark.rule("POL-3")
@given(first=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(1, 60))
def test_whole_months_are_renewed_by_as_many(first: date, months: int) -> None:
    last = CIVIL.add_months(first, months) - timedelta(days=1)

    start, end = following_period(first, last, CIVIL)

    assert (start, end) == (last + timedelta(days=1), CIVIL.add_months(start, months) - timedelta(days=1))


def _convert(work: Work, product_id: UUID, following_id: UUID) -> None:
    work.get(Product, product_id).conversion_product_id = following_id


def _head(till: Till, policy: Policy) -> UUID:
    with till.scheme.platform.work() as work:
        found = work.session.scalar(
            select(InsureePolicy.insuree_id).where(InsureePolicy.policy_id == policy.id)
        )
    assert found is not None
    return found


def _holder(till: Till, insurees: Sequence[UUID], *plans: UUID) -> UUID:
    group = bundle(till, *plans)
    draft = HolderDraft(code="ACME", name="Acme", jurisdiction_id=till.scheme.places["D1"])
    holder = till.act(lambda work: create_holder(work, draft))
    members = [HolderMemberDraft(insuree_id=one, bundle_id=group.id) for one in insurees]
    till.act(lambda work: add_members(work, holder.id, members))
    made: UUID = holder.id
    return made
