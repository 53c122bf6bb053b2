"""What a policy holder's own people see and prepare: their members by number, their contracts, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, or_, select

from msingi.errors import NotFound
from msingi.money import Money
from msingi.rbac.tree_queries import chains_of
from msingi.work import Work
from msingi_insurance.models.contracts import (
    Contract,
    PlanBundle,
    PolicyHolder,
    PolicyHolderMember,
)
from msingi_insurance.models.family import FormerNumber, Insuree
from msingi_insurance.payment_errors import (
    BundleNotOffered,
    TooManyMembers,
    UnknownNumbers,
)
from msingi_insurance.rules.contract import ContractState
from msingi_insurance.services.contracts import ContractDraft, create_contract, submit_contract
from msingi_insurance.services.holder_users import acting_for, of_own_account
from msingi_insurance.services.policy_holders import (
    Code,
    HolderMemberDraft,
    add_members,
    check_open,
    end_members,
    refuse_while_it_waits,
)

MOST_CONTRACTS = 50
"""The latest contracts of a policy holder."""
MOST_MEMBERS = 500
"""Members told or declared at once."""


class DeclaredMember(BaseModel):
    """Somebody whom a policy holder wants to cover, as the card says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    insurance_number: str = Field(min_length=1, max_length=50, description="The insurance number.")
    bundle: Code = Field(description="Code of the bundle of plans.")
    income: Money | None = Field(default=None, description="Monthly income, where a plan needs it.")


@dataclass(frozen=True, slots=True)
class OwnMember:
    """A member as the policy holder knows him or her: by the number on the card, without a name."""

    insurance_number: str = field(metadata={"doc": "The insurance number."})
    bundle: str = field(metadata={"doc": "Code of the bundle of plans."})
    income: Money | None = field(metadata={"doc": "Monthly income, where a plan needs it."})
    covered_to: date | None = field(metadata={"doc": "Day from which it is no longer covered."})


@dataclass(frozen=True, slots=True)
class OwnContract:
    """A contract of a policy holder for which the caller acts."""

    id: UUID = field(metadata={"doc": "Its id."})
    code: str = field(metadata={"doc": "Number of the contract."})
    amendment: int = field(metadata={"doc": "0 for the first version, then 1, 2, ..."})
    state: ContractState = field(metadata={"doc": "Where it stands."})
    date_from: date = field(metadata={"doc": "First day."})
    date_to: date = field(metadata={"doc": "Last day."})
    notified: Money | None = field(metadata={"doc": "What the holder was told at submission."})
    due: Money | None = field(metadata={"doc": "What is to be paid."})
    payment_due: date | None = field(metadata={"doc": "Last day of payment."})
    reason: str = field(metadata={"doc": "Why it was countered or terminated."})


@dataclass(frozen=True, slots=True)
class OwnBundle:
    """A bundle of plans that is offered where a policy holder has its seat."""

    code: str = field(metadata={"doc": "Code, to be sent as bundle."})
    name: str = field(metadata={"doc": "Name."})


@dataclass(frozen=True, slots=True)
class OwnPolicyHolder:
    """A policy holder for which the caller acts."""

    id: UUID = field(metadata={"doc": "Its id."})
    code: str = field(metadata={"doc": "Code."})
    name: str = field(metadata={"doc": "Trade name."})
    closed_on: date | None = field(metadata={"doc": "Day from which it takes part no more."})
    bundles: list[OwnBundle] = field(metadata={"doc": "Bundles of plans under which it may cover people."})
    member_count: int = field(metadata={"doc": "Members whom it covers today."})
    contracts: list[OwnContract] = field(metadata={"doc": "Its contracts, the latest first."})


def own_holders(work: Work) -> list[OwnPolicyHolder]:
    """The policy holders for which the actor's account acts, with their latest contracts."""
    with work.everywhere():
        holders = work.session.scalars(
            of_own_account(work).order_by(PolicyHolder.name, PolicyHolder.id)
        ).all()
        counts = _member_counts(work, holders)
        contracts = _latest_contracts(work, holders)
        offered = _offered(work, holders)
    return [
        OwnPolicyHolder(
            *(holder.id, holder.code, holder.name, holder.closed_on),
            [OwnBundle(bundle.code, bundle.name) for bundle in offered[holder.id]],
            counts.get(holder.id, 0),
            [_shown(one) for one in contracts if one.holder_id == holder.id],
        )
        for holder in holders
    ]


def own_members(work: Work, holder_id: UUID, *, first: int, after: str | None = None) -> list[OwnMember]:
    """Members of a policy holder by insurance number, at most 500 at once.

    Raises:
        NotFound: the actor's account does not act for it.

    """
    statement = (
        select(PolicyHolderMember, Insuree.number, PlanBundle.code)
        .join(Insuree, Insuree.id == PolicyHolderMember.insuree_id)
        .join(PlanBundle, PlanBundle.id == PolicyHolderMember.bundle_id)
        .order_by(Insuree.number)
        .limit(min(max(first, 0), MOST_MEMBERS))
    )
    if after is not None:
        statement = statement.where(Insuree.number > after)
    with acting_for(work, holder_id) as holder:
        rows = work.session.execute(statement.where(PolicyHolderMember.holder_id == holder.id)).all()
    return [OwnMember(number, code, member.income, member.valid_to) for member, number, code in rows]


def declare_members(work: Work, holder_id: UUID, given: Sequence[DeclaredMember]) -> int:
    """Let a policy holder cover these people, or change their bundle and income; returns how many.

    Raises:
        NotFound: the actor's account does not act for it.
        BundleNotOffered: names the lines whose bundle is not offered where the holder has its seat.
        HolderClosed: it takes part no more.
        ContractBeforeApproval: what was submitted is still to be decided.
        UnknownNumbers: names the lines whose number nobody bears or bore.
        TooManyMembers: there are more than 500.

    """
    with acting_for(work, holder_id) as holder:
        check_open(holder, work.today())
        refuse_while_it_waits(work, holder)
        insurees = _bearers(work, [member.insurance_number for member in given])
        bundles = _bundles(work, holder, [member.bundle for member in given])
        drafts = [
            HolderMemberDraft(insuree_id=insuree, bundle_id=bundles[member.bundle], income=member.income)
            for member, insuree in zip(given, insurees, strict=True)
        ]
        return len(add_members(work, holder.id, drafts))


def withdraw_members(work: Work, holder_id: UUID, numbers: Sequence[str], *, last_day: date) -> int:
    """Let people leave a policy holder after a day; returns how many.

    Raises:
        NotFound: the actor's account does not act for it, or somebody is not among its members.
        ContractBeforeApproval: what was submitted is still to be decided.
        UnknownNumbers: names the lines whose number nobody bears or bore.
        TooManyMembers: there are more than 500.

    """
    with acting_for(work, holder_id) as holder:
        refuse_while_it_waits(work, holder)
        insurees = set(_bearers(work, numbers))
        return len(end_members(work, holder.id, insurees, last_day=last_day))


def prepare_contract(work: Work, given: ContractDraft) -> OwnContract:
    """Draft a contract of a policy holder for which the actor's account acts.

    Raises:
        NotFound: the actor's account does not act for it.
        HolderClosed: it takes part no more before the contract ends.

    """
    with acting_for(work, given.holder_id):
        contract = create_contract(work, given)
        work.session.flush()
        return _shown(contract)


def send_contract(work: Work, contract_id: UUID) -> OwnContract:
    """Submit a contract of a policy holder for which the actor's account acts; the scheme approves it.

    Raises:
        NotFound: it is no contract of such a holder.
        ContractStepRefused, HolderClosed, HolderWithoutMembers, PlanNotApplicable: it cannot be submitted.

    """
    with work.everywhere():
        is_own = of_own_account(work).join(Contract, Contract.holder_id == PolicyHolder.id)
        if work.session.scalar(is_own.where(Contract.id == contract_id)) is None:
            raise NotFound(type="Contract")
        return _shown(submit_contract(work, contract_id))


def _member_counts(work: Work, holders: Sequence[PolicyHolder]) -> dict[UUID, int]:
    rows = work.session.execute(
        select(PolicyHolderMember.holder_id, func.count())
        .where(
            PolicyHolderMember.holder_id.in_([holder.id for holder in holders]),
            or_(PolicyHolderMember.valid_to.is_(None), PolicyHolderMember.valid_to > work.today()),
        )
        .group_by(PolicyHolderMember.holder_id)
    )
    return {row[0]: row[1] for row in rows}


def _latest_contracts(work: Work, holders: Sequence[PolicyHolder]) -> Sequence[Contract]:
    """The latest contracts of each holder, the latest first."""
    latest = (Contract.date_from.desc(), Contract.id.desc())
    place = func.row_number().over(partition_by=Contract.holder_id, order_by=latest).label("place")
    ranked = select(Contract.id, place).where(Contract.holder_id.in_([holder.id for holder in holders]))
    ranked_rows = ranked.subquery()
    wanted = select(ranked_rows.c.id).where(ranked_rows.c.place <= MOST_CONTRACTS)
    return work.session.scalars(select(Contract).where(Contract.id.in_(wanted)).order_by(*latest)).all()


def _bearers(work: Work, numbers: Sequence[str]) -> list[UUID]:
    """Who bears, or bore, each number; so many at once, for the answer tells which ones exist (attack 15)."""
    if len(numbers) > MOST_MEMBERS:
        raise TooManyMembers(most=MOST_MEMBERS)
    asked = {number.strip() for number in numbers}
    former = select(FormerNumber.number, FormerNumber.insuree_id).where(FormerNumber.number.in_(asked))
    present = select(Insuree.number, Insuree.id).where(Insuree.number.in_(asked))
    found: dict[str, UUID] = {}
    for statement in (former, present):
        found.update((row[0], row[1]) for row in work.session.execute(statement))
    unknown = [line for line, number in enumerate(numbers, start=1) if number.strip() not in found]
    if unknown:
        raise UnknownNumbers(lines=", ".join(map(str, unknown)))
    return [found[number.strip()] for number in numbers]


def _offered(work: Work, holders: Sequence[PolicyHolder]) -> dict[UUID, list[PlanBundle]]:
    """The bundles of the place of each holder and of those above it, by code."""
    chains = chains_of(work, {holder.jurisdiction_id for holder in holders})
    places = {place for chain in chains.values() for place in chain}
    statement = select(PlanBundle).where(PlanBundle.jurisdiction_id.in_(places)).order_by(PlanBundle.code)
    bundles = work.session.scalars(statement).all()
    return {
        holder.id: [one for one in bundles if one.jurisdiction_id in chains[holder.jurisdiction_id]]
        for holder in holders
    }


def _bundles(work: Work, holder: PolicyHolder, codes: Sequence[str]) -> dict[str, UUID]:
    found = {bundle.code: bundle.id for bundle in _offered(work, [holder])[holder.id]}
    unknown = [line for line, code in enumerate(codes, start=1) if code not in found]
    if unknown:
        raise BundleNotOffered(lines=", ".join(map(str, unknown)), known=", ".join(found) or "-")
    return found


def _shown(contract: Contract) -> OwnContract:
    return OwnContract(
        *(contract.id, contract.code, contract.amendment, contract.state),
        *(contract.date_from, contract.date_to, contract.notified, contract.due),
        *(contract.payment_due, contract.reason or ""),
    )
