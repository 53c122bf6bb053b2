"""Which contributions the bank has confirmed, and which wait for it; credit is as sure as the money it stems from (POL-4)."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from msingi_insurance.models.cash import CashCount, CashCountPremium, CashState
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.rules.states import PayType

AT_BANK: Final = (PayType.BANK, PayType.FUNDING)
"""Ways of paying whose money lies on the bank account when it is recorded, or came before."""


def is_confirmed() -> ColumnElement[bool]:
    """That a contribution is at the bank, or was paid from credit of which all is (POL-4)."""
    credit = and_(Premium.pay_type == PayType.CREDIT, ~_unsure_credit())
    return or_(_is_at_bank(Premium), credit)


def paid_by_credit_of(policy_ids: Collection[UUID]) -> Select[UUID]:
    """The policies that were paid from the credit of the families that have these policies."""
    families = select(Policy.family_id).where(Policy.id.in_(policy_ids))
    return (
        select(Premium.policy_id)
        .join(Policy, Policy.id == Premium.policy_id)
        .where(Policy.family_id.in_(families), Premium.pay_type == PayType.CREDIT)
        .distinct()
    )


def _is_at_bank(premium: type[Premium]) -> ColumnElement[bool]:
    """Reported by a gateway or a statement, on the bank account as it is recorded, or cash of a confirmed count (POL-4)."""
    counted = (
        select(CashCountPremium.id)
        .join(CashCount, CashCount.id == CashCountPremium.count_id)
        .where(CashCountPremium.premium_id == premium.id, CashCount.state == CashState.CONFIRMED)
    )
    return or_(premium.payment_id.is_not(None), premium.pay_type.in_(AT_BANK), counted.exists())


def _unsure_credit() -> ColumnElement[bool]:
    """That money waits for the bank among what was paid for the overpaid policies of a contribution's family.

    Money of one policy is not told apart: until all of it is confirmed, what is confirmed pays for the policy first.
    """
    own, overpaid = aliased(Policy), aliased(Policy)
    part, excess, reversal = aliased(Premium), aliased(Premium), aliased(Premium)
    return exists(
        select(part.id)
        .join(overpaid, overpaid.id == part.policy_id)
        .join(own, own.family_id == overpaid.family_id)
        .where(
            own.id == Premium.policy_id,
            part.amount_minor > 0,
            part.is_photo_fee.is_(False),
            part.pay_type != PayType.CREDIT,
            ~_is_at_bank(part),
            ~exists().where(reversal.reverses_id == part.id),
            exists().where(excess.policy_id == overpaid.id, excess.credit_minor > 0),
        )
        .correlate(Premium)
    )
