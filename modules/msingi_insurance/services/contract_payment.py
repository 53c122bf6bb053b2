"""Payment of a contract's invoice: exact and at once, it makes the policies and their contributions (D-35)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.contracts import Contract, ContractInvoice, ContractLine, Plan
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import ContractOver, InvoiceUnpaid
from msingi_insurance.payment_events import ContractPaid
from msingi_insurance.rules.contract import ContractStep, next_contract_state
from msingi_insurance.rules.states import PayType, Stage
from msingi_insurance.services.contract_cover import (
    FamilyProduct,
    contract_offer,
    enrol_day,
    preceding_policies,
)
from msingi_insurance.services.contracts import locked_contract
from msingi_insurance.services.covers import locked_family
from msingi_insurance.services.holder_users import refuse_own_holder
from msingi_insurance.services.officers import officer_at_desk
from msingi_insurance.services.policies import new_policy, save_policy
from msingi_insurance.services.premiums import NewPremium, receive_premiums


def pay_invoice(work: Work, invoice_id: UUID, amount: Money, *, receipt: str, day: date) -> Contract:
    """Record the payment of an invoice through the bank: policies of the families, contributions, contract effective.

    Raises:
        NotFound: the invoice is not visible.
        InvoiceUnpaid: the amount is not the one of the invoice.
        ContractOver: it was paid after the last day of the contract.
        ContractStepRefused: it was paid before, or the contract was ended.
        DutiesConflict: the actor acts for the policy holder (attack 24).

    """
    invoice = work.session.get(ContractInvoice, invoice_id, with_for_update=True, populate_existing=True)
    if invoice is None:
        raise NotFound(type="ContractInvoice")
    contract = locked_contract(work, invoice.contract_id)
    following = next_contract_state(contract.state, ContractStep.PAY)
    refuse_own_holder(work, contract.holder_id)
    if amount != invoice.amount:
        raise InvoiceUnpaid(amount=str(invoice.amount))
    if day > contract.date_to:
        raise ContractOver(date=contract.date_to)
    with work.everywhere():
        policies = _make_policies(work, contract)
        _contribute(work, policies, receipt=receipt, day=day)
    contract.state = following
    invoice.paid_on, invoice.receipt = day, receipt
    work.session.flush()
    work.emit(ContractPaid(contract_id=contract.id, policy_ids=tuple(policy.id for policy in policies)))
    return contract


@dataclass(frozen=True, slots=True)
class _Bought:
    """What a contract buys for one family under one product: one policy."""

    family: Family
    product_id: UUID
    lines: Sequence[ContractLine]
    plan: Plan
    before: Policy | None


def _make_policies(work: Work, contract: Contract) -> list[Policy]:
    """One policy for each family and product of the lines, worth what they add up to."""
    lines = work.session.scalars(
        select(ContractLine).where(ContractLine.contract_id == contract.id).order_by(ContractLine.id)
    ).all()
    plans = work.by_ids(Plan, {line.plan_id for line in lines})
    grouped = _grouped(work, lines, plans)
    before = preceding_policies(work, grouped, first_day=contract.date_from)
    return [
        _policy(
            work,
            contract,
            _Bought(locked_family(work, key[0]), key[1], group, plans[group[0].plan_id], before.get(key)),
        )
        for key, group in sorted(grouped.items())
    ]


def _grouped(
    work: Work, lines: Sequence[ContractLine], plans: Mapping[UUID, Plan]
) -> Mapping[FamilyProduct, list[ContractLine]]:
    insurees = work.by_ids(Insuree, {line.insuree_id for line in lines})
    grouped: dict[FamilyProduct, list[ContractLine]] = defaultdict(list)
    for line in lines:
        family_id = insurees[line.insuree_id].family_id
        if family_id is None:
            raise NotFound(type="Family")
        grouped[family_id, plans[line.plan_id].product_id].append(line)
    return grouped


def _policy(work: Work, contract: Contract, bought: _Bought) -> Policy:
    """The policy of a family: it runs from the contract's first day to its last, whenever it is paid."""
    enrolled = enrol_day(work, contract)
    officer_id = officer_at_desk(work, bought.family.jurisdiction_id, enrolled)
    offer = contract_offer(work, contract, bought.family, bought.product_id, before=bought.before)
    stage = Stage.NEW if bought.before is None else Stage.RENEWAL
    policy = new_policy(bought.family, offer, stage=stage, enrolled=enrolled, officer_id=officer_id)
    policy.start_date, policy.expiry_date = contract.date_from, contract.date_to
    policy.previous_policy_id = None if bought.before is None else bought.before.id
    policy.value_minor = sum(line.amount_minor or 0 for line in bought.lines)
    policy.plan_id, policy.value_rule = bought.plan.id, bought.plan.rule
    save_policy(work, policy, offer)
    for line in bought.lines:
        line.policy_id = policy.id
    work.session.flush()
    return policy


def _contribute(work: Work, policies: Sequence[Policy], *, receipt: str, day: date) -> None:
    new = [
        NewPremium(
            policy_id=policy.id,
            amount=policy.value,
            pay_date=day,
            pay_type=PayType.BANK,
            receipt=f"{receipt[:44]}-{number}",
        )
        for number, policy in enumerate(policies, start=1)
        if policy.value_minor
    ]
    if new:
        receive_premiums(work, new)
