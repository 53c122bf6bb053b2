"""GraphQL operations on group cover: policy holders, plans, contracts and their invoices."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import (
    Contract,
    ContractInvoice,
    ContractLine,
    Plan,
    PlanBundle,
    PolicyHolder,
    PolicyHolderMember,
)
from msingi_insurance.plugin import (
    APPROVE_CONTRACTS,
    EDIT_CONTRACTS,
    EDIT_PLANS,
    READ_CONTRACTS,
    READ_PLANS,
    RECONCILE_PAYMENTS,
    plugin,
)
from msingi_insurance.services import contract_payment as paying
from msingi_insurance.services import contracts as drafting
from msingi_insurance.services import policy_holders as ground
from msingi_insurance.services.contracts import ContractDraft
from msingi_insurance.services.policy_holders import HolderDraft, HolderMemberDraft, PlanDraft

plugin.expose(
    PolicyHolder,
    *("id", "code", "name", "legal_form", "activity_code", "address", "phone", "bank_account"),
    *("jurisdiction_id", "closed_on", "version"),
    allow=READ_CONTRACTS,
    guarded={"phone": EDIT_CONTRACTS, "bank_account": EDIT_CONTRACTS},
)
plugin.expose(
    PolicyHolderMember,
    *("id", "holder_id", "insuree_id", "bundle_id", "income", "valid_to", "version"),
    allow=READ_CONTRACTS,
    guarded={"income": EDIT_CONTRACTS},
)
plugin.expose(
    Plan,
    *("id", "kind", "code", "name", "rule", "parameters", "product_id", "periodicity", "valid_from"),
    *("valid_to", "version"),
    allow=READ_PLANS,
)
plugin.expose(PlanBundle, "id", "code", "name", "version", allow=READ_PLANS)
plugin.expose(
    Contract,
    *("id", "code", "amendment", "amends_id", "holder_id", "holder", "state", "date_from", "date_to"),
    *("notified", "rectified", "due", "payment_due", "submitted_by", "approved_by", "approved_at"),
    *("reason", "version"),
    allow=READ_CONTRACTS,
)
plugin.expose(
    ContractLine, "id", "insuree_id", "plan_id", "amount", "rule", "policy_id", allow=READ_CONTRACTS
)
plugin.expose(
    ContractInvoice,
    *("id", "contract_id", "code", "amount", "issued_on", "due_on", "paid_on", "receipt", "version"),
    allow=READ_CONTRACTS,
)


@dataclass(frozen=True, slots=True)
class CalculationRuleInfo:
    """A calculation rule that plans may use."""

    id: str = field(metadata={"doc": "Its id."})
    label: str = field(metadata={"doc": "Its name in the reader's language."})


@plugin.connection(
    PolicyHolder, allow=READ_CONTRACTS, where=("code", "name", "activity_code"), order=("name", "code", "id")
)
def policy_holders(work: Work) -> Select[PolicyHolder]:  # noqa: ARG001 - the contract of a list
    """Employers and associations that cover their people."""
    return select(PolicyHolder)


@plugin.connection(
    PolicyHolderMember, allow=READ_CONTRACTS, where=("holder_id", "insuree_id", "bundle_id"), order=("id",)
)
def policy_holder_members(work: Work) -> Select[PolicyHolderMember]:  # noqa: ARG001 - the contract of a list
    """Insurees whom policy holders cover."""
    return select(PolicyHolderMember)


@plugin.connection(Plan, allow=READ_PLANS, where=("kind", "code", "product_id", "rule"), order=("code", "id"))
def plans(work: Work) -> Select[Plan]:  # noqa: ARG001 - the contract of a list
    """Contribution and payment plans."""
    return select(Plan)


@plugin.connection(PlanBundle, allow=READ_PLANS, where=("code",), order=("code", "id"))
def plan_bundles(work: Work) -> Select[PlanBundle]:  # noqa: ARG001 - the contract of a list
    """Bundles of plans."""
    return select(PlanBundle)


@plugin.connection(
    Contract,
    allow=READ_CONTRACTS,
    where=("holder_id", "code", "state", "date_from", "date_to"),
    order=("date_from", "code", "id"),
)
def contracts(work: Work) -> Select[Contract]:  # noqa: ARG001 - the contract of a list
    """Contracts of policy holders."""
    return select(Contract)


@plugin.extend(Contract, allow=READ_CONTRACTS)
def lines(parents: Sequence[Contract], work: Work) -> dict[UUID, list[ContractLine]]:
    """What each member costs under each plan."""
    return work.children(ContractLine.contract_id, parents)


@plugin.extend(Contract, allow=READ_CONTRACTS)
def invoices(parents: Sequence[Contract], work: Work) -> dict[UUID, list[ContractInvoice]]:
    """Its invoice, once there is one."""
    return work.children(ContractInvoice.contract_id, parents)


@plugin.query(allow=READ_PLANS)
def calculation_rules(work: Work) -> list[CalculationRuleInfo]:
    """Calculation rules that plans may use."""
    return [
        CalculationRuleInfo(rule.id, rule.labels.get(work.language, rule.labels["en"]))
        for rule in rule_book(work)
    ]


@plugin.mutation(allow=EDIT_PLANS)
def create_plan(work: Work, input: PlanDraft) -> Plan:  # noqa: A002 - the name that callers see
    """Add a plan; its calculation rule must accept the parameters."""
    return ground.create_plan(work, input)


@plugin.mutation(allow=EDIT_PLANS)
def create_plan_bundle(
    work: Work, code: str, name: str, jurisdiction_id: UUID, plan_ids: list[UUID]
) -> PlanBundle:
    """Put plans together."""
    return ground.create_bundle(
        work, code=code, name=name, jurisdiction_id=jurisdiction_id, plan_ids=plan_ids
    )


@plugin.mutation(allow=EDIT_CONTRACTS)
def create_policy_holder(work: Work, input: HolderDraft) -> PolicyHolder:  # noqa: A002
    """Add a policy holder."""
    return ground.create_holder(work, input)


@plugin.mutation(allow=EDIT_CONTRACTS)
def add_policy_holder_members(
    work: Work, holder_id: UUID, members: list[HolderMemberDraft]
) -> list[PolicyHolderMember]:
    """Add members of a policy holder, or change their bundle and income."""
    return ground.add_members(work, holder_id, members)


@plugin.mutation(allow=EDIT_CONTRACTS)
def create_contract(work: Work, input: ContractDraft) -> Contract:  # noqa: A002
    """Draft a contract."""
    return drafting.create_contract(work, input)


@plugin.mutation(allow=EDIT_CONTRACTS)
def submit_contract(work: Work, id: UUID, expected_version: int | None = None) -> Contract:  # noqa: A002
    """Submit a contract; the amount of its members is notified."""
    return drafting.submit_contract(work, id, expected_version=expected_version)


@plugin.mutation(allow=APPROVE_CONTRACTS)
def approve_contract(work: Work, id: UUID, expected_version: int | None = None) -> Contract:  # noqa: A002
    """Approve a contract that somebody else submitted; its amount is then due."""
    return drafting.approve_contract(work, id, expected_version=expected_version)


@plugin.mutation(allow=APPROVE_CONTRACTS)
def counter_contract(work: Work, id: UUID, reason: str) -> Contract:  # noqa: A002
    """Send a submitted contract back with a reason."""
    return drafting.counter_contract(work, id, reason=reason)


@plugin.mutation(allow=EDIT_CONTRACTS)
def amend_contract(work: Work, id: UUID) -> Contract:  # noqa: A002
    """Open the next version of an approved contract that is not paid."""
    return drafting.amend_contract(work, id)


@plugin.mutation(allow=EDIT_CONTRACTS)
def renew_contract(work: Work, id: UUID) -> Contract:  # noqa: A002
    """Draft the contract that follows one."""
    return drafting.renew_contract(work, id)


@plugin.mutation(allow=APPROVE_CONTRACTS)
def terminate_contract(work: Work, id: UUID, reason: str) -> Contract:  # noqa: A002
    """End a contract."""
    return drafting.terminate_contract(work, id, reason=reason)


@plugin.mutation(allow=EDIT_CONTRACTS)
def create_contract_invoice(work: Work, contract_id: UUID) -> ContractInvoice:
    """Invoice an approved contract."""
    return drafting.create_invoice(work, contract_id)


@plugin.mutation(allow=RECONCILE_PAYMENTS)
def pay_contract_invoice(work: Work, id: UUID, amount: Money, receipt: str, day: date) -> Contract:  # noqa: A002
    """Record the payment of an invoice; it makes the policies and their contributions."""
    return paying.pay_invoice(work, id, amount, receipt=receipt, day=day)
