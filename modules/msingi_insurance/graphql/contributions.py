"""GraphQL operations on contributions: recorded, taken back by two people, counted as cash."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.family import Family
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.models.receipts import PremiumReturn
from msingi_insurance.plugin import (
    APPROVE_RETURNS,
    COLLECT_CONTRIBUTIONS,
    READ_CONTRIBUTIONS,
    RETURN_CONTRIBUTIONS,
    plugin,
)
from msingi_insurance.rules.states import PayType, PolicyStatus
from msingi_insurance.services import family_credit
from msingi_insurance.services import premium_returns as returns
from msingi_insurance.services import premiums as collecting
from msingi_insurance.services.premiums import NewPremium

plugin.expose(
    Premium,
    *("id", "policy_id", "product_id", "payer_id", "officer_id", "amount", "credit", "receipt", "pay_date"),
    *("pay_type", "is_photo_fee", "reverses_id", "collected_by", "payment_id", "transaction_id"),
    *("jurisdiction_id",),
    allow=READ_CONTRIBUTIONS,
)
plugin.expose(
    PremiumReturn,
    *("id", "premium_id", "kind", "amount", "reason", "state", "requested_by", "requested_at", "decided_by"),
    *("decided_at", "reversal_id", "transaction_id", "version"),
    allow=READ_CONTRIBUTIONS,
)


class ContributionDraft(BaseModel):
    """A contribution that somebody brought."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy_id: UUID = Field(description="The policy.")
    amount: Money = Field(description="The amount; what exceeds the value is the family's credit.")
    pay_date: date = Field(description="Day of the payment.")
    pay_type: PayType = Field(description="B bank, C cash, M mobile, F funding.")
    receipt: str = Field(default="", max_length=50, description="Receipt; left out: the next number.")
    payer_id: UUID | None = Field(default=None, description="Who paid, when not the family.")
    officer_id: UUID | None = Field(
        default=None, description="Who took it; left out: the caller, if an officer."
    )
    is_photo_fee: bool = Field(default=False, description="Whether it paid for photos only.")


@dataclass(frozen=True, slots=True)
class ContributionReceived:
    """A contribution, and what it made of the policy."""

    premium: Premium = field(metadata={"doc": "The contribution."})
    status: PolicyStatus = field(metadata={"doc": "Status of the policy now."})
    excess: Money = field(
        metadata={"doc": "The part that is the family's credit; zero when nothing was too much."}
    )


@plugin.connection(
    Premium,
    allow=READ_CONTRIBUTIONS,
    where=("policy_id", "product_id", "payer_id", "officer_id", "receipt", "pay_date", "pay_type"),
    order=("id", "pay_date", "receipt"),
)
def contributions(work: Work) -> Select[Premium]:  # noqa: ARG001 - the contract of a list
    """Contributions and their reversals."""
    return select(Premium)


@plugin.connection(
    PremiumReturn, allow=READ_CONTRIBUTIONS, where=("premium_id", "state", "kind"), order=("id",)
)
def contribution_returns(work: Work) -> Select[PremiumReturn]:  # noqa: ARG001 - the contract of a list
    """Requests to reverse or refund contributions."""
    return select(PremiumReturn)


@plugin.extend(Policy, allow=READ_CONTRIBUTIONS, name="contributions")
def contributions_of_policies(parents: Sequence[Policy], work: Work) -> dict[UUID, list[Premium]]:
    """What was paid for the policy, reversals among it."""
    return work.children(Premium.policy_id, parents)


@plugin.mutation(allow=COLLECT_CONTRIBUTIONS)
def receive_contribution(
    work: Work,
    input: ContributionDraft,  # noqa: A002 - the name that callers see
) -> ContributionReceived:
    """Record a contribution; the policy becomes active once its value is reached."""
    premium = collecting.receive_premium(work, NewPremium(**dict(input)))
    policy = work.get(Policy, premium.policy_id)
    return ContributionReceived(premium, policy.status, premium.credit)


@plugin.mutation(allow=COLLECT_CONTRIBUTIONS)
def pay_from_family_credit(work: Work, policy_id: UUID) -> ContributionReceived:
    """Pay for a policy, such as a renewal, from what its family paid too much before."""
    premium = family_credit.pay_from_credit(work, policy_id)
    policy = work.get(Policy, premium.policy_id)
    return ContributionReceived(premium, policy.status, premium.credit)


@plugin.extend(Family, allow=READ_CONTRIBUTIONS)
def credit(parents: Sequence[Family], work: Work) -> dict[UUID, Money]:
    """What the family paid too much and may still use."""
    return family_credit.credits_of(work, [parent.id for parent in parents])


@plugin.mutation(allow=RETURN_CONTRIBUTIONS)
def request_reversal(work: Work, premium_id: UUID, reason: str) -> PremiumReturn:
    """Ask that a contribution that was a mistake is taken back as a whole."""
    return returns.request_reversal(work, premium_id, reason=reason)


@plugin.mutation(allow=RETURN_CONTRIBUTIONS)
def request_refund(work: Work, premium_id: UUID, amount: Money, reason: str) -> PremiumReturn:
    """Ask that an excess goes back to who paid it."""
    return returns.request_refund(work, premium_id, amount, reason=reason)


@plugin.mutation(allow=APPROVE_RETURNS)
def approve_return(work: Work, id: UUID) -> PremiumReturn:  # noqa: A002 - the name that callers see
    """Approve a reversal or refund that somebody else asked for, of money that somebody else collected."""
    return returns.decide_return(work, id, approve=True)


@plugin.mutation(allow=APPROVE_RETURNS)
def refuse_return(work: Work, id: UUID) -> PremiumReturn:  # noqa: A002 - the name that callers see
    """Refuse a reversal or refund."""
    return returns.decide_return(work, id, approve=False)
