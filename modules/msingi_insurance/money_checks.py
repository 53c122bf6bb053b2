"""What insurance proves of its money whenever the ledger is verified (IN-5, IN-11, TZA-31)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from msingi_insurance.models.cash import CashCount, CashCountPremium, CashState
from msingi_insurance.models.payers import Funding, FundingStatus
from msingi_insurance.models.policy import Premium
from msingi_insurance.models.receipts import PremiumReturn, ReturnState
from msingi_insurance.plugin import plugin
from msingi_insurance.posting_templates import CONTRIBUTIONS, FAMILY_CREDIT, FUNDINGS, MONEY, SUSPENSE
from msingi_insurance.rules.states import PayType
from msingi_ledger import Backing, MoneyCheck, Transaction, unlike_ledger, unrecorded


@plugin.answer
def backings() -> Sequence[Backing]:
    """What families paid too much, and what nobody is known for, is theirs: the scheme does not spend it (IN-5)."""
    broken = (
        "what families paid too much and what waits to be matched is more than cash, bank and gateways hold"
    )
    return [Backing(owed=(FAMILY_CREDIT, SUSPENSE), assets=MONEY, broken=broken)]


@plugin.answer
def money_checks() -> Sequence[MoneyCheck]:
    """Refunds stay within the contribution and go the way it came (IN-11); records say what the ledger says."""
    premium, request = Premium.__tablename__, PremiumReturn.__tablename__
    return [
        MoneyCheck("IN-11", premium, "more of this contribution went back than was paid", _returned_beyond()),
        MoneyCheck(
            "IN-11", request, "what was decided here did not go back as it came", _returned_elsewhere()
        ),
        MoneyCheck("IN-11", premium, "nobody approved that this contribution goes back", _not_approved()),
        unlike_ledger(premium, _income(), [CONTRIBUTIONS]),
        unlike_ledger(premium, _credit(), [FAMILY_CREDIT]),
        unlike_ledger(Funding.__tablename__, _fundings(), [FUNDINGS]),
        MoneyCheck("TZA-31", Funding.__tablename__, "the ledger holds another decision on it", _undecided()),
        unrecorded("insurance.premium:", select(Premium.transaction_id)),
        unrecorded("insurance.funding:", select(Funding.transaction_id)),
    ]


def _returned_beyond() -> Select[UUID]:
    """Contributions of which more was approved to go back than they were."""
    joined = select(Premium.id).join(PremiumReturn, PremiumReturn.premium_id == Premium.id)
    approved = joined.where(PremiumReturn.state == ReturnState.APPROVED)
    grouped = approved.group_by(Premium.id, Premium.amount_minor)
    return grouped.having(func.sum(PremiumReturn.amount_minor) > Premium.amount_minor).order_by(Premium.id)


def _returned_elsewhere() -> Select[UUID]:
    """Approved requests whose money did not go back, or for another policy, amount or way; counted cash comes from the bank."""
    paid, back = aliased(Premium), aliased(Premium)
    counted = (
        select(CashCount.id)
        .join(CashCountPremium, CashCountPremium.count_id == CashCount.id)
        .where(CashCountPremium.premium_id == paid.id, CashCount.state == CashState.CONFIRMED)
    )
    as_counted = and_(paid.pay_type == PayType.CASH, back.pay_type == PayType.BANK, counted.exists())
    apart = or_(
        back.id.is_(None),
        back.amount_minor != -PremiumReturn.amount_minor,
        back.policy_id != paid.policy_id,
        back.payment_id.is_distinct_from(paid.payment_id),
        and_(back.pay_type != paid.pay_type, ~as_counted),
    )
    joined = select(PremiumReturn.id).join(paid, paid.id == PremiumReturn.premium_id)
    joined = joined.outerjoin(back, back.id == PremiumReturn.reversal_id)
    approved = joined.where(PremiumReturn.state == ReturnState.APPROVED)
    return approved.where(apart).order_by(PremiumReturn.id)


def _not_approved() -> Select[UUID]:
    """Rows that take money back without a request that somebody approved."""
    approved = PremiumReturn.state == ReturnState.APPROVED
    asked = select(PremiumReturn.reversal_id).where(approved, PremiumReturn.reversal_id.is_not(None))
    return select(Premium.id).where(Premium.amount_minor < 0, Premium.id.not_in(asked)).order_by(Premium.id)


def _income() -> Select[UUID, UUID | None, int]:
    return select(Premium.id, Premium.transaction_id, Premium.amount_minor - Premium.credit_minor)


def _credit() -> Select[UUID, UUID | None, int]:
    """What contributions brought to the family; one from its credit takes there what it pays with (PAY-6)."""
    paid_in = Premium.pay_type != PayType.CREDIT
    return select(Premium.id, Premium.transaction_id, Premium.credit_minor).where(paid_in)


def _fundings() -> Select[UUID, UUID | None, int]:
    """Fundings that were accepted, those rejected after it too: what the reversal took back is a transaction of its own."""
    booked = or_(Funding.status == FundingStatus.ACCEPTED, Funding.transaction_id.is_not(None))
    return select(Funding.id, Funding.transaction_id, Funding.amount_minor).where(booked)


def _undecided() -> Select[UUID]:
    """Accepted fundings that the ledger took back, and rejected ones that it did not."""
    back = aliased(Transaction)
    joined = select(Funding.id).outerjoin(back, back.reverses_id == Funding.transaction_id)
    accepted = Funding.status == FundingStatus.ACCEPTED
    kept = joined.where(Funding.transaction_id.is_not(None), accepted == back.id.is_not(None))
    return kept.order_by(Funding.id)
