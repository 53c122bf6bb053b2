"""GraphQL operations on policy holders: their members, and the accounts that act for them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_insurance.models.contracts import PolicyHolder, PolicyHolderMember, PolicyHolderUser
from msingi_insurance.plugin import ACT_FOR_HOLDERS, EDIT_CONTRACTS, READ_CONTRACTS, plugin
from msingi_insurance.services import holder_users, own_holders
from msingi_insurance.services import policy_holders as ground
from msingi_insurance.services.contracts import ContractDraft
from msingi_insurance.services.own_holders import DeclaredMember, OwnContract, OwnMember, OwnPolicyHolder
from msingi_insurance.services.policy_holders import HolderChanges, HolderDraft, HolderMemberDraft

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
plugin.expose(PolicyHolderUser, "id", "user_id", allow=EDIT_CONTRACTS)


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


@plugin.extend(PolicyHolder, allow=EDIT_CONTRACTS)
def users(parents: Sequence[PolicyHolder], work: Work) -> dict[UUID, list[PolicyHolderUser]]:
    """Accounts that act for the policy holder."""
    return work.children(PolicyHolderUser.holder_id, parents)


@plugin.mutation(allow=EDIT_CONTRACTS)
def create_policy_holder(work: Work, input: HolderDraft) -> PolicyHolder:  # noqa: A002
    """Add a policy holder."""
    return ground.create_holder(work, input)


@plugin.mutation(allow=EDIT_CONTRACTS)
def update_policy_holder(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    input: HolderChanges,  # noqa: A002
    expected_version: int | None = None,
) -> PolicyHolder:
    """Correct or close a policy holder."""
    return ground.update_holder(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_CONTRACTS)
def add_policy_holder_members(
    work: Work, holder_id: UUID, members: list[HolderMemberDraft]
) -> list[PolicyHolderMember]:
    """Add members of a policy holder, or change their bundle and income."""
    return ground.add_members(work, holder_id, members)


@plugin.mutation(allow=EDIT_CONTRACTS)
def end_policy_holder_members(
    work: Work, holder_id: UUID, insuree_ids: list[UUID], last_day: date
) -> list[PolicyHolderMember]:
    """Let insurees leave a policy holder after a day."""
    return ground.end_members(work, holder_id, insuree_ids, last_day=last_day)


@plugin.mutation(allow=EDIT_CONTRACTS)
def add_policy_holder_user(work: Work, holder_id: UUID, user_id: UUID) -> PolicyHolder:
    """Let an account act for a policy holder."""
    return holder_users.add_user(work, holder_id, user_id)


@plugin.mutation(allow=EDIT_CONTRACTS)
def remove_policy_holder_user(work: Work, holder_id: UUID, user_id: UUID) -> PolicyHolder:
    """Let an account no longer act for a policy holder."""
    return holder_users.remove_user(work, holder_id, user_id)


@plugin.query(allow=ACT_FOR_HOLDERS)
def own_policy_holders(work: Work) -> list[OwnPolicyHolder]:
    """The policy holders for which the caller acts, with their latest contracts."""
    return own_holders.own_holders(work)


@plugin.query(allow=ACT_FOR_HOLDERS)
def own_members(work: Work, holder_id: UUID, first: int = 100, after: str | None = None) -> list[OwnMember]:
    """Members of a policy holder for which the caller acts, by insurance number; at most 200, those after a number."""
    return own_holders.own_members(work, holder_id, first=first, after=after)


@plugin.mutation(allow=ACT_FOR_HOLDERS)
def declare_own_members(work: Work, holder_id: UUID, members: list[DeclaredMember]) -> int:
    """Let a policy holder for which the caller acts cover these people, at most 500; returns how many."""
    return own_holders.declare_members(work, holder_id, members)


@plugin.mutation(allow=ACT_FOR_HOLDERS)
def withdraw_own_members(work: Work, holder_id: UUID, insurance_numbers: list[str], last_day: date) -> int:
    """Let people, at most 500, leave a policy holder for which the caller acts; returns how many."""
    return own_holders.withdraw_members(work, holder_id, insurance_numbers, last_day=last_day)


@plugin.mutation(allow=ACT_FOR_HOLDERS)
def create_own_contract(work: Work, input: ContractDraft) -> OwnContract:  # noqa: A002 - the name that callers see
    """Draft a contract of a policy holder for which the caller acts."""
    return own_holders.prepare_contract(work, input)


@plugin.mutation(allow=ACT_FOR_HOLDERS)
def submit_own_contract(work: Work, id: UUID) -> OwnContract:  # noqa: A002 - the name that callers see
    """Submit a contract of a policy holder for which the caller acts; the scheme approves it."""
    return own_holders.send_contract(work, id)
