"""Policy holders under attack: who acts for one decides nothing about it, many write at once, lists are long."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_insurance.contract_fixtures import bundle, holder_with, plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, francs, till_of
from tests.modules.msingi_insurance.test_insurance_races import at_once, made

from msingi.actor import Actor
from msingi.auth.services.accounts import NewUser, create_user
from msingi.errors import StaleVersion
from msingi.plugin import Permission
from msingi.testing import AsUser, MakePlatform
from msingi_insurance.models.contracts import (
    ContractInvoice,
    PlanBundleItem,
    PolicyHolderMember,
    PolicyHolderUser,
)
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import DutiesConflict
from msingi_insurance.plugin import ACT_FOR_HOLDERS, EDIT_CONTRACTS, RECONCILE_PAYMENTS
from msingi_insurance.services.contract_payment import pay_invoice
from msingi_insurance.services.contracts import (
    ContractDraft,
    approve_contract,
    create_contract,
    create_invoice,
    submit_contract,
)
from msingi_insurance.services.holder_users import add_user, remove_user
from msingi_insurance.services.plans import BundleChanges, change_bundle
from msingi_registry import Person, record_death

DECLARE = """mutation($holder: UUID!, $members: [DeclaredMember!]!) {
  declareOwnMembers(holderId: $holder, members: $members) }"""
WITHDRAW = """mutation($holder: UUID!, $numbers: [String!]!) {
  withdrawOwnMembers(holderId: $holder, insuranceNumbers: $numbers, lastDay: "2026-03-02") }"""


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


@pytest.fixture
def income(till: Till) -> UUID:
    return plan(till, "INCOME", "contribution_from_income", percent="2.5")


def _agent(till: Till, holder_id: UUID, *rights: Permission) -> Actor:
    """Somebody who acts for a policy holder and has rights of the scheme too."""
    wish = NewUser(username="agent", display_name="agent", jurisdiction_id=till.scheme.places["V1"])
    account: UUID = till.act(lambda work: create_user(work, wish))[0].id
    till.act(lambda work: add_user(work, holder_id, account))
    actor = till.user(*rights)
    return Actor(actor.kind, id=account, name="agent", grants=actor.grants)


def _as(till: Till, actor: Actor, right: Permission, step: Callable[[Any], Any]) -> Any:
    with till.scheme.platform.work(actor) as work, work.allowed(right):
        return step(work)


def _count(till: Till, model: Any) -> int:
    with till.scheme.platform.work() as work:
        return int(work.session.scalar(select(func.count()).select_from(model)) or 0)


def _invoice(till: Till, holder_id: UUID) -> ContractInvoice:
    draft = ContractDraft(holder_id=holder_id, date_from=TODAY, date_to=TODAY)
    contract_id = till.act(lambda work: create_contract(work, draft)).id
    for step in (submit_contract, approve_contract):
        till.act(lambda work, step=step: step(work, contract_id))
    invoice: ContractInvoice = till.act(lambda work: create_invoice(work, contract_id))
    return invoice


@pytest.mark.rule("attack 24")
def test_who_acts_for_a_holder_does_not_slip_out_to_decide_about_it(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    agent = _agent(till, holder_id, EDIT_CONTRACTS)
    account = agent.id
    assert account is not None

    with pytest.raises(DutiesConflict) as refusal:
        _as(till, agent, EDIT_CONTRACTS, lambda work: remove_user(work, holder_id, account))

    assert str(refusal.value.params["did"]) == "acts for the policy holder"
    assert _count(till, PolicyHolderUser) == 1
    till.act(lambda work: remove_user(work, holder_id, account))
    assert _count(till, PolicyHolderUser) == 0


@pytest.mark.rule("attack 24", "D-35")
def test_who_acts_for_a_holder_does_not_say_that_its_invoice_was_paid(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    agent = _agent(till, holder_id, RECONCILE_PAYMENTS)
    invoice = _invoice(till, holder_id)

    def pay(work: Any) -> Any:
        return pay_invoice(work, invoice.id, francs(250), receipt="R1", day=TODAY)

    with pytest.raises(DutiesConflict):
        _as(till, agent, RECONCILE_PAYMENTS, pay)
    assert _count(till, Policy) == 0
    till.act(pay)
    assert _count(till, Policy) == 1


@pytest.mark.rule("attack 15")
def test_a_long_list_of_numbers_is_refused_and_tells_nothing(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    agent = _agent(till, holder_id, ACT_FOR_HOLDERS)
    numbers = [f"X{number}" for number in range(70_000)]
    members = [{"insuranceNumber": number, "bundle": "B1"} for number in numbers[:501]]

    answers = [
        till.scheme.platform.graphql.run(query, {"holder": str(holder_id), **given}, actor=agent)
        for query, given in ((DECLARE, {"members": members}), (WITHDRAW, {"numbers": numbers}))
    ]

    told = {"code": "insurance.too_many_members", "params": {"most": 500}}
    assert [answer["errors"][0]["extensions"] for answer in answers] == [told, told]
    assert _count(till, PolicyHolderMember) == 1


@pytest.mark.rule("attack 86", "PRM-7")
def test_a_bundle_changed_by_many_at_once_holds_the_plans_of_one_of_them(till: Till, income: UUID) -> None:
    offered = bundle(till, income)
    plans = [plan(till, f"P{number}", "contribution_from_income", percent="1") for number in range(3)]

    def change(number: int) -> int:
        changes = BundleChanges(plan_ids=[plans[number]])
        version: int = till.act(lambda work: change_bundle(work, offered.id, changes)).version
        return version

    assert sorted(made(at_once(3, change))) == [2, 3, 4]
    assert _count(till, PlanBundleItem) == 1


@pytest.mark.rule("PRM-7")
def test_other_plans_make_another_version_of_a_bundle(till: Till, income: UUID) -> None:
    offered = bundle(till, income)
    other = plan(till, "OTHER", "contribution_from_income", percent="1")

    def change(plan_id: UUID) -> Any:
        changes = BundleChanges(plan_ids=[plan_id])
        return till.act(lambda work: change_bundle(work, offered.id, changes, expected_version=1))

    assert change(other).version == 2
    with pytest.raises(StaleVersion) as refusal:
        change(income)
    assert refusal.value.params == {"current": 2, "expected": 1}


@pytest.mark.rule("attack 86")
def test_an_account_is_taken_from_a_holder_once(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, plans=(income,))
    account = _agent(till, holder_id, ACT_FOR_HOLDERS).id
    assert account is not None

    outcomes = at_once(3, lambda _: till.act(lambda work: remove_user(work, holder_id, account)).code)

    assert made(outcomes) == ["ACME"]
    assert _count(till, PolicyHolderUser) == 0


@pytest.mark.rule("PRM-7", "INS-3")
def test_nothing_is_asked_for_a_member_who_died(till: Till, income: UUID) -> None:
    holder_id = holder_with(till, 10_000, 20_000, plans=(income,))
    with till.scheme.platform.work() as work:
        lost = work.session.scalars(
            select(Insuree)
            .join(PolicyHolderMember, PolicyHolderMember.insuree_id == Insuree.id)
            .where(PolicyHolderMember.income_minor == 20_000)
        ).one()
    till.act(
        lambda work: record_death(
            work, lost.person_id, death_date=TODAY, expected_version=work.get(Person, lost.person_id).version
        )
    )

    invoice = _invoice(till, holder_id)
    till.act(lambda work: pay_invoice(work, invoice.id, francs(250), receipt="R1", day=TODAY))

    assert invoice.amount == francs(250)
    assert _count(till, Policy) == 1
