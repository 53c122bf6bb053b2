"""GraphQL operations on contracts of policy holders and their invoices."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.contracts import Contract, ContractInvoice, ContractLine
from msingi_insurance.plugin import (
    APPROVE_CONTRACTS,
    EDIT_CONTRACTS,
    READ_CONTRACTS,
    RECONCILE_PAYMENTS,
    plugin,
)
from msingi_insurance.services import contract_payment as paying
from msingi_insurance.services import contracts as drafting
from msingi_insurance.services.contracts import ContractDraft

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


_Receipt = Annotated[str, Field(min_length=1, max_length=40)]


@plugin.mutation(allow=RECONCILE_PAYMENTS)
def pay_contract_invoice(work: Work, id: UUID, amount: Money, receipt: _Receipt, day: date) -> Contract:  # noqa: A002
    """Record the payment of an invoice; it makes the policies and their contributions."""
    return paying.pay_invoice(work, id, amount, receipt=receipt, day=day)
