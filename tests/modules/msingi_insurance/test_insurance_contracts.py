"""Group cover: plans by calculation rules, contracts approved by a second person, invoices that make policies."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from tests.modules.msingi_insurance.contract_fixtures import holder_with, plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of

from msingi.ids import new_id
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.contracts import Contract, ContractLine, PolicyHolderMember
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import (
    CodeTaken,
    ContractBeforeApproval,
    ContractRenewed,
    DutiesConflict,
    HolderWithoutMembers,
    InvoiceUnpaid,
    PlanNotApplicable,
)
from msingi_insurance.plugin import APPROVE_CONTRACTS, EDIT_CONTRACTS
from msingi_insurance.rules.contract import ContractState
from msingi_insurance.rules.refusals import CalculationParametersInvalid, ContractStepRefused
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.contract_payment import pay_invoice
from msingi_insurance.services.contracts import (
    ContractDraft,
    amend_contract,
    approve_contract,
    counter_contract,
    create_contract,
    create_invoice,
    end_contracts,
    renew_contract,
    submit_contract,
    terminate_contract,
)
from msingi_insurance.services.policy_holders import (
    HolderDraft,
    HolderMemberDraft,
    add_members,
    create_holder,
    end_members,
)

PERIOD = {"date_from": TODAY, "date_to": date(2027, 3, 1)}


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def drafted(till: Till, holder_id: UUID) -> Contract:
    made: Contract = till.act(
        lambda work: create_contract(work, ContractDraft(holder_id=holder_id, **PERIOD))
    )
    return made


@pytest.mark.rule("PRM-7", "D-35", "INS-A1", "attack 24", "attack 91")
def test_a_contract_is_priced_approved_by_a_second_person_and_paid_exactly(till: Till) -> None:
    income = plan(till, "INCOME", "contribution_from_income", percent="2.5")
    holder_id = holder_with(till, 10_001, 20_000, plans=(income,))
    contract = drafted(till, holder_id)
    clerk, chief = till.user(EDIT_CONTRACTS, APPROVE_CONTRACTS), till.user(APPROVE_CONTRACTS)
    platform = till.scheme.platform

    with pytest.raises(ContractStepRefused):
        till.act(lambda work: approve_contract(work, contract.id))
    with platform.work(clerk) as work, work.allowed(EDIT_CONTRACTS):
        submitted = submit_contract(work, contract.id)
    with pytest.raises(DutiesConflict), platform.work(clerk) as work, work.allowed(APPROVE_CONTRACTS):
        approve_contract(work, contract.id)
    with platform.work(chief) as work, work.allowed(APPROVE_CONTRACTS):
        approved = approve_contract(work, contract.id)
    invoice = till.act(lambda work: create_invoice(work, contract.id))
    again = till.act(lambda work: create_invoice(work, contract.id))
    with pytest.raises(InvoiceUnpaid):
        till.act(lambda work: pay_invoice(work, invoice.id, francs(8999), receipt="X", day=TODAY))
    paid = till.act(lambda work: pay_invoice(work, invoice.id, invoice.amount, receipt="X", day=TODAY))

    assert (submitted.notified, approved.due, invoice.amount) == (francs(9000), francs(9000), francs(9000))
    assert (invoice.id, paid.state) == (again.id, ContractState.EFFECTIVE)
    with platform.work() as work:
        lines = work.session.scalars(select(ContractLine).order_by(ContractLine.amount_minor)).all()
        policies = work.session.scalars(select(Policy)).all()
    assert [line.amount_minor for line in lines] == [3000, 6000]
    assert {policy.status for policy in policies} == {PolicyStatus.ACTIVE}
    assert {line.policy_id for line in lines} == {policy.id for policy in policies}
    assert {(policy.plan_id, policy.value_rule) for policy in policies} == {
        (income, "contribution_from_income")
    }
    assert till.balances() == {"1420": 9000, "4210": 9000}
    assert sorted(row.receipt for row in premiums(till.scheme)) == ["X-1", "X-2"]
    with pytest.raises(ContractStepRefused):
        till.act(lambda work: pay_invoice(work, invoice.id, invoice.amount, receipt="Y", day=TODAY))


@pytest.mark.rule("PRM-7")
def test_a_contract_without_members_or_amounts_is_not_submitted(till: Till) -> None:
    income = plan(till, "INCOME", "contribution_from_income", percent="5")
    holder_id = holder_with(till, None, plans=(income,))
    contract = drafted(till, holder_id)
    place = till.scheme.places["D1"]
    nobody = till.act(
        lambda work: create_holder(work, HolderDraft(code="EMPTY", name="Empty", jurisdiction_id=place))
    )
    empty = drafted(till, nobody.id)

    with pytest.raises(PlanNotApplicable) as refusal:
        till.act(lambda work: submit_contract(work, contract.id))
    with pytest.raises(HolderWithoutMembers):
        till.act(lambda work: submit_contract(work, empty.id))
    with pytest.raises(CalculationParametersInvalid):
        plan(till, "WRONG", "contribution_from_income", percent="much")
    with pytest.raises(CodeTaken):
        plan(till, "INCOME", "contribution_from_income", percent="5")
    with pytest.raises(ValidationError):
        ContractDraft(holder_id=holder_id, date_from=TODAY, date_to=TODAY - timedelta(days=1))
    assert refusal.value.params == {"plan": "INCOME", "members": 1}


@pytest.mark.rule("PRM-7")
def test_contracts_are_countered_amended_renewed_and_ended(till: Till, frozen_clock: FrozenClock) -> None:
    product = plan(till, "PRODUCT", "contribution_from_product")
    contract = drafted(till, holder_with(till, None, plans=(product,)))

    till.act(lambda work: submit_contract(work, contract.id))
    countered = till.act(lambda work: counter_contract(work, contract.id, reason="check members"))
    till.act(lambda work: submit_contract(work, contract.id))
    till.act(lambda work: approve_contract(work, contract.id))
    amended = till.act(lambda work: amend_contract(work, contract.id))
    till.act(lambda work: submit_contract(work, amended.id))
    till.act(lambda work: approve_contract(work, amended.id))
    invoice = till.act(lambda work: create_invoice(work, amended.id))
    till.act(lambda work: pay_invoice(work, invoice.id, francs(VALUE), receipt="X", day=TODAY))
    renewed = till.act(lambda work: renew_contract(work, amended.id))
    with pytest.raises(ContractStepRefused):
        till.act(lambda work: amend_contract(work, amended.id))
    frozen_clock.move(days=365)
    ended = till.act(end_contracts)
    stopped = till.act(lambda work: terminate_contract(work, renewed.id, reason="moved away"))

    assert (countered.state, countered.reason) == (ContractState.COUNTER, "check members")
    assert (amended.code, amended.amendment, amended.amends_id) == (contract.code, 1, contract.id)
    assert (renewed.state, renewed.date_from, renewed.amends_id) == (
        ContractState.DRAFT,
        date(2027, 3, 2),
        amended.id,
    )
    assert (ended, stopped.state) == (1, ContractState.TERMINATED)
    with till.scheme.platform.work() as work:
        assert work.get(Contract, contract.id).state is ContractState.TERMINATED
        assert work.get(Contract, amended.id).state is ContractState.EXECUTED


@pytest.mark.rule("PRM-7", "attack 91")
def test_a_contract_is_renewed_once_unless_what_followed_was_ended(till: Till) -> None:
    income = plan(till, "INCOME", "contribution_from_income", percent="2.5")
    contract = drafted(till, holder_with(till, 10_000, plans=(income,)))
    till.act(lambda work: submit_contract(work, contract.id))
    till.act(lambda work: approve_contract(work, contract.id))
    invoice = till.act(lambda work: create_invoice(work, contract.id))
    till.act(lambda work: pay_invoice(work, invoice.id, invoice.amount, receipt="X", day=TODAY))

    first = till.act(lambda work: renew_contract(work, contract.id))
    with pytest.raises(ContractRenewed, match=first.code):
        till.act(lambda work: renew_contract(work, contract.id))
    till.act(lambda work: terminate_contract(work, first.id, reason="wrong"))
    second = till.act(lambda work: renew_contract(work, contract.id))
    till.act(lambda work: submit_contract(work, second.id))
    till.act(lambda work: approve_contract(work, second.id))
    till.act(lambda work: amend_contract(work, second.id))

    assert (first.date_from, second.date_from) == (date(2027, 3, 2), date(2027, 3, 2))
    with pytest.raises(ContractRenewed):
        till.act(lambda work: renew_contract(work, contract.id))


@pytest.mark.rule("PRM-7", "attack 24")
def test_members_stay_as_they_are_while_a_contract_waits_for_approval(till: Till) -> None:
    income = plan(till, "INCOME", "contribution_from_income", percent="2.5")
    holder_id = holder_with(till, 10_000, plans=(income,))
    contract = drafted(till, holder_id)
    with till.scheme.platform.work() as work:
        member = work.session.scalars(select(PolicyHolderMember)).one()
    late = HolderMemberDraft(insuree_id=till.scheme.enrol().insurees[0].id, bundle_id=member.bundle_id)
    till.act(lambda work: submit_contract(work, contract.id))

    with pytest.raises(ContractBeforeApproval, match=contract.code):
        till.act(lambda work: add_members(work, holder_id, [late]))
    with pytest.raises(ContractBeforeApproval, match=contract.code):
        till.act(lambda work: end_members(work, holder_id, [member.insuree_id], last_day=TODAY))
    till.act(lambda work: counter_contract(work, contract.id, reason="who is missing?"))
    till.act(lambda work: add_members(work, holder_id, [late]))

    with till.scheme.platform.work() as work:
        insured = set(work.session.scalars(select(PolicyHolderMember.insuree_id)))
    assert insured == {member.insuree_id, late.insuree_id}


@pytest.mark.rule("PRM-7")
@pytest.mark.parametrize("receipt", ["", "  ", "\u202e", "R" * 41])
def test_an_invoice_is_paid_with_a_receipt(till: Till, receipt: str) -> None:
    pay = """mutation ($id: UUID!, $amount: Money!, $receipt: String!, $day: LocalDate!) {
      payContractInvoice(id: $id, amount: $amount, receipt: $receipt, day: $day) { id } }"""
    given = {"id": str(new_id()), "amount": "500 XAF", "receipt": receipt, "day": "2026-03-02"}

    answer = till.scheme.platform.graphql.run(pay, given, actor=till.scheme.clerk)

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "core.invalid_input"
    assert [one["path"] for one in error["extensions"]["params"]["fields"]] == ["receipt"]
