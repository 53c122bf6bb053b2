"""Contracts of policy holders: drafted, submitted, approved by somebody else, invoiced, renewed, ended (D-35)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import delete, or_, select, update

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.money import Money
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.contracts import Contract, ContractInvoice, ContractLine, PolicyHolder
from msingi_insurance.payment_errors import ContractRenewed, DutiesConflict
from msingi_insurance.payment_events import ContractApproved
from msingi_insurance.rules.contract import (
    ContractState,
    ContractStep,
    following_period,
    next_contract_state,
)
from msingi_insurance.services.contract_lines import compute_lines
from msingi_insurance.services.holder_users import refuse_own_holder
from msingi_insurance.services.policy_holders import check_open, lock_holder
from msingi_registry import CodeScheme, make_code

CONTRACT_CODE: Final = CodeScheme(name="contract", prefix="C", digits=8)
"""Numbers of contracts, such as C12345678 and two check digits."""
PAYMENT_DAYS: Final = 30
"""Days to pay an invoice."""
_AMENDED: Final = "amended"


class ContractDraft(BaseModel):
    """A new contract of a policy holder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holder_id: UUID = Field(description="The policy holder.")
    date_from: date = Field(description="First day.")
    date_to: date = Field(description="Last day, not before the first.")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.date_to < self.date_from:
            raise ValueError("the last day lies before the first")
        return self


def create_contract(work: Work, given: ContractDraft) -> Contract:
    """Draft a contract.

    Raises:
        NotFound: the policy holder is not visible.
        HolderClosed: it takes part no more before the contract ends.

    """
    holder = work.get(PolicyHolder, given.holder_id)
    return _add(work, holder, given.date_from, given.date_to)


def submit_contract(work: Work, contract_id: UUID, *, expected_version: int | None = None) -> Contract:
    """Submit a contract: its lines are computed from the members of the holder, and the amount is notified.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        ContractStepRefused: it is not in a state to be submitted.
        HolderClosed, HolderWithoutMembers, PlanNotApplicable: the holder takes part no more, nobody is covered,
            or a plan gives no amount.

    """
    contract = _locked(work, contract_id, expected_version)
    following = next_contract_state(contract.state, ContractStep.SUBMIT)
    lock_holder(work, contract.holder_id)
    contract.notified_minor = _write_lines(work, contract).minor
    contract.state, contract.submitted_by, contract.reason = following, work.actor.id, ""
    work.session.flush()
    return contract


def approve_contract(work: Work, contract_id: UUID, *, expected_version: int | None = None) -> Contract:
    """Approve a contract that somebody else submitted; its amounts are computed anew and are then due.

    Raises:
        NotFound, StaleVersion, ContractStepRefused: it cannot be approved.
        DutiesConflict: the actor submitted it, or acts for the policy holder (attack 24).

    """
    contract = _locked(work, contract_id, expected_version)
    following = next_contract_state(contract.state, ContractStep.APPROVE)
    _refuse_submitter(work, contract)
    contract.rectified_minor = contract.due_minor = _write_lines(work, contract).minor
    contract.state, contract.approved_by, contract.approved_at = following, work.actor.id, work.now()
    work.session.flush()
    work.emit(ContractApproved(contract_id=contract.id))
    return contract


def counter_contract(work: Work, contract_id: UUID, *, reason: str) -> Contract:
    """Send a submitted contract back with a reason; it can be submitted again.

    Raises:
        NotFound, ContractStepRefused: it cannot be countered.
        DutiesConflict: the actor submitted it, or acts for the policy holder (attack 24).

    """
    contract = _locked(work, contract_id, None)
    following = next_contract_state(contract.state, ContractStep.COUNTER)
    _refuse_submitter(work, contract)
    contract.state, contract.reason = following, clean_text(reason)
    work.session.flush()
    return contract


def amend_contract(work: Work, contract_id: UUID) -> Contract:
    """Open the next version of a contract that is approved and not paid; the one before ends.

    Raises:
        NotFound, ContractStepRefused, HolderClosed: it cannot be amended.

    """
    before = _locked(work, contract_id, None)
    state = next_contract_state(before.state, ContractStep.AMEND)
    holder = work.get(PolicyHolder, before.holder_id)
    before.state = next_contract_state(before.state, ContractStep.TERMINATE)
    before.reason = _AMENDED
    work.session.execute(delete(ContractInvoice).where(ContractInvoice.contract_id == before.id))
    amended = _add(work, holder, before.date_from, before.date_to)
    amended.code, amended.amendment, amended.amends_id = before.code, before.amendment + 1, before.id
    amended.state = state
    work.session.flush()
    return amended


def renew_contract(work: Work, contract_id: UUID) -> Contract:
    """Draft the contract that follows one, for as many months.

    Raises:
        NotFound, ContractStepRefused, HolderClosed: it cannot be renewed.
        ContractRenewed: a contract that was not ended follows it.

    """
    before = _locked(work, contract_id, None)
    state = next_contract_state(before.state, ContractStep.RENEW)
    _refuse_renewed(work, before)
    holder = work.get(PolicyHolder, before.holder_id)
    first, last = following_period(before.date_from, before.date_to, calendar_of(work))
    renewed = _add(work, holder, first, last)
    renewed.amends_id, renewed.state = before.id, state
    work.session.flush()
    return renewed


def terminate_contract(work: Work, contract_id: UUID, *, reason: str) -> Contract:
    """End a contract; policies that were paid live on.

    Raises:
        NotFound, ContractStepRefused: it was ended before.

    """
    contract = _locked(work, contract_id, None)
    contract.state = next_contract_state(contract.state, ContractStep.TERMINATE)
    contract.reason = clean_text(reason)
    work.session.flush()
    return contract


def create_invoice(work: Work, contract_id: UUID) -> ContractInvoice:
    """Invoice an approved contract; again it is the same invoice.

    Raises:
        NotFound, ContractStepRefused: it is not approved.

    """
    contract = _locked(work, contract_id, None)
    next_contract_state(contract.state, ContractStep.CREATE_INVOICE)
    known = work.session.scalar(select(ContractInvoice).where(ContractInvoice.contract_id == contract.id))
    if known is not None:
        return known
    contract.payment_due = work.today() + timedelta(days=PAYMENT_DAYS)
    invoice = ContractInvoice(
        contract_id=contract.id,
        jurisdiction_id=contract.jurisdiction_id,
        code=f"{contract.code}-{contract.amendment}",
        amount_minor=contract.due_minor,
        currency=contract.currency,
        issued_on=work.today(),
        due_on=contract.payment_due,
    )
    return work.add(invoice)


def end_contracts(work: Work) -> int:
    """Set contracts executed whose last day has passed; returns how many."""
    statement = (
        update(Contract)
        .where(Contract.state == ContractState.EFFECTIVE, Contract.date_to < work.today())
        .values(
            state=next_contract_state(ContractState.EFFECTIVE, ContractStep.EXPIRE),
            version=Contract.version + 1,
        )
    )
    result = work.session.execute(statement, execution_options={"preserve_rowcount": True})
    return int(getattr(result, "rowcount", 0))


def locked_contract(work: Work, contract_id: UUID) -> Contract:
    """A contract under lock.

    Raises:
        NotFound: it is not visible.

    """
    return _locked(work, contract_id, None)


def _locked(work: Work, contract_id: UUID, expected_version: int | None) -> Contract:
    work.get(Contract, contract_id, expected_version=expected_version)
    contract = work.session.get(Contract, contract_id, with_for_update=True, populate_existing=True)
    if contract is None:
        raise NotFound(type="Contract")
    return contract


def _add(work: Work, holder: PolicyHolder, date_from: date, date_to: date) -> Contract:
    check_open(holder, date_to)
    contract = work.add(
        Contract(
            jurisdiction_id=holder.jurisdiction_id,
            code=make_code(CONTRACT_CODE),
            holder_id=holder.id,
            state=ContractState.DRAFT,
            date_from=date_from,
            date_to=date_to,
            currency=work.platform.profile.currency,
        )
    )
    contract.amendment = 0
    return contract


def _refuse_renewed(work: Work, before: Contract) -> None:
    """Refuse a second contract for the days that follow; one that was amended lives on in its next version."""
    lives = or_(Contract.state != ContractState.TERMINATED, Contract.reason == _AMENDED)
    code = work.session.scalar(select(Contract.code).where(Contract.amends_id == before.id, lives).limit(1))
    if code is not None:
        raise ContractRenewed(contract=code)


def _refuse_submitter(work: Work, contract: Contract) -> None:
    if work.actor.id is not None and work.actor.id == contract.submitted_by:
        raise DutiesConflict(did=Saying("submitted the contract"))
    refuse_own_holder(work, contract.holder_id)


def _write_lines(work: Work, contract: Contract) -> Money:
    """Replace the lines by those of today's members; returns what they add up to."""
    check_open(work.get(PolicyHolder, contract.holder_id), contract.date_to)
    lines: Sequence[ContractLine] = compute_lines(work, contract)
    work.session.execute(delete(ContractLine).where(ContractLine.contract_id == contract.id))
    work.session.add_all(lines)
    work.session.flush()
    return Money.from_minor(sum(line.amount_minor or 0 for line in lines), contract.currency)
