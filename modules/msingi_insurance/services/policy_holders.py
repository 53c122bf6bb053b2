"""Policy holders and the insurees whom they cover: the ground on which contracts stand."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_insurance.models.contracts import Contract, PlanBundle, PolicyHolder, PolicyHolderMember
from msingi_insurance.models.family import Insuree
from msingi_insurance.payment_errors import CodeTaken, ContractBeforeApproval, HolderClosed
from msingi_insurance.rules.contract import ContractState

Code = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_.-]+$")]
_MAY_BE_EMPTY: Final = frozenset({"phone", "bank_account", "closed_on"})
"""Columns that a correction may clear; no text is cleared by null."""


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HolderDraft(_Draft):
    """A new policy holder."""

    code: Code = Field(description="Code.")
    name: str = Field(min_length=1, max_length=200, description="Trade name.")
    jurisdiction_id: UUID = Field(description="The place of the seat.")
    legal_form: str = Field(default="", max_length=20, description="Legal form, by the country's list.")
    activity_code: str = Field(default="", max_length=20, description="Branch, by the country's list.")
    address: str = Field(default="", max_length=200, description="Address.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    bank_account: str | None = Field(default=None, max_length=50, description="Bank account.")


class HolderChanges(_Draft):
    """Corrections of a policy holder; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=200, description="Trade name.")
    legal_form: str | None = Field(default=None, max_length=20, description="Legal form.")
    activity_code: str | None = Field(default=None, max_length=20, description="Branch.")
    address: str | None = Field(default=None, max_length=200, description="Address.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    bank_account: str | None = Field(default=None, max_length=50, description="Bank account.")
    closed_on: date | None = Field(default=None, description="Day from which it takes part no more.")


class HolderMemberDraft(_Draft):
    """An insuree whom a policy holder covers."""

    insuree_id: UUID = Field(description="The insuree.")
    bundle_id: UUID = Field(description="The bundle of plans.")
    income: Money | None = Field(default=None, description="Monthly income, where a plan needs it.")


def create_holder(work: Work, given: HolderDraft) -> PolicyHolder:
    """Add a policy holder.

    Raises:
        CodeTaken: another holder bears the code.
        NotFound: the place lies outside the scope.

    """
    with work.everywhere():
        if work.session.scalar(select(PolicyHolder.id).where(PolicyHolder.code == given.code)) is not None:
            raise CodeTaken(code=given.code)
    values = given.model_dump()
    values |= {"name": clean_text(given.name), "address": clean_text(given.address)}
    return work.add(PolicyHolder(**values))


def update_holder(
    work: Work, holder_id: UUID, given: HolderChanges, *, expected_version: int | None = None
) -> PolicyHolder:
    """Correct or close a policy holder; its contracts live on until they end or are ended.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.

    """
    holder = work.get(PolicyHolder, holder_id, expected_version=expected_version)
    for name, value in given.model_dump(exclude_unset=True).items():
        if value is not None or name in _MAY_BE_EMPTY:
            setattr(holder, name, clean_text(value) if name in {"name", "address"} else value)
    work.session.flush()
    return holder


def check_open(holder: PolicyHolder, until: date) -> None:
    """Refuse to cover people of a policy holder until a day on which it takes part no more.

    Raises:
        HolderClosed: names the holder and the day.

    """
    if holder.closed_on is not None and until >= holder.closed_on:
        raise HolderClosed(code=holder.code, closed_on=holder.closed_on)


def add_members(work: Work, holder_id: UUID, given: Sequence[HolderMemberDraft]) -> list[PolicyHolderMember]:
    """Add members of a policy holder, or change their bundle and income; nobody is there twice.

    Raises:
        NotFound: the holder, an insuree or a bundle is not visible.
        ContractBeforeApproval: what was submitted is still to be decided.

    """
    holder = work.get(PolicyHolder, holder_id)
    refuse_while_it_waits(work, holder)
    insurees = work.by_ids(Insuree, [member.insuree_id for member in given])
    bundles = work.by_ids(PlanBundle, [member.bundle_id for member in given])
    _check_members(work, given, insurees, bundles)
    statement = select(PolicyHolderMember).where(
        PolicyHolderMember.holder_id == holder.id, PolicyHolderMember.insuree_id.in_(insurees)
    )
    known = {member.insuree_id: member for member in work.session.scalars(statement)}
    members: list[PolicyHolderMember] = []
    for draft in given:
        member = known.get(draft.insuree_id) or work.add(
            PolicyHolderMember(
                holder_id=holder.id,
                jurisdiction_id=holder.jurisdiction_id,
                insuree_id=draft.insuree_id,
                currency=work.platform.profile.currency,
            )
        )
        known[draft.insuree_id] = member
        member.bundle_id, member.valid_to = draft.bundle_id, None
        member.income_minor = draft.income.minor if draft.income else None
        members.append(member)
    work.session.flush()
    return members


def end_members(
    work: Work, holder_id: UUID, insuree_ids: Collection[UUID], *, last_day: date
) -> list[PolicyHolderMember]:
    """Let insurees leave a policy holder after a day: contracts that begin later do not cover them.

    Raises:
        NotFound: the holder is not visible, or an insuree is not among its members.
        ContractBeforeApproval: what was submitted is still to be decided.

    """
    holder = work.get(PolicyHolder, holder_id)
    refuse_while_it_waits(work, holder)
    statement = select(PolicyHolderMember).where(
        PolicyHolderMember.holder_id == holder.id, PolicyHolderMember.insuree_id.in_(insuree_ids)
    )
    members = list(work.session.scalars(statement))
    if {member.insuree_id for member in members} != set(insuree_ids):
        raise NotFound(type="PolicyHolderMember")
    for member in members:
        member.valid_to = last_day + timedelta(days=1)
    work.session.flush()
    return members


def lock_holder(work: Work, holder_id: UUID) -> None:
    """Let members be changed, or be submitted in a contract, one after the other."""
    lock = select(PolicyHolder.id).where(PolicyHolder.id == holder_id).with_for_update(key_share=True)
    work.session.execute(lock)


def refuse_while_it_waits(work: Work, holder: PolicyHolder) -> None:
    """Keep the members that were submitted until a contract is decided, whoever would change them (attack 24).

    Raises:
        ContractBeforeApproval: names the contract.

    """
    lock_holder(work, holder.id)
    waits = select(Contract.code).where(
        Contract.holder_id == holder.id, Contract.state == ContractState.NEGOTIABLE
    )
    code = work.session.scalar(waits.order_by(Contract.code).limit(1))
    if code is not None:
        raise ContractBeforeApproval(contract=code)


def _check_members(
    work: Work,
    given: Sequence[HolderMemberDraft],
    insurees: Mapping[UUID, Insuree],
    bundles: Mapping[UUID, PlanBundle],
) -> None:
    if {member.insuree_id for member in given} - insurees.keys():
        raise NotFound(type="Insuree")
    if {member.bundle_id for member in given} - bundles.keys():
        raise NotFound(type="PlanBundle")
    currency = work.platform.profile.currency
    for member in given:
        if member.income is not None and member.income.currency != currency:
            raise MixedCurrencies(left=currency, right=member.income.currency)
