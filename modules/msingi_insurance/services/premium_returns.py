"""Takes contributions back: asked by one, decided by another, as rows and postings of their own (PAY-6, attacks 24, 88)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.money import MixedCurrencies, Money
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance.models.cash import CashCount, CashCountPremium, CashState
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payments import Payment
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.models.product import Product
from msingi_insurance.models.receipts import PremiumReturn, ReturnKind, ReturnState
from msingi_insurance.payment_errors import AlreadyDecided, DutiesConflict, ReturnImpossible
from msingi_insurance.payment_events import ContributionReturned
from msingi_insurance.posting_templates import CREDIT_RETURNED, RETURNED
from msingi_insurance.rules.life import TAKEN_BACK
from msingi_insurance.rules.payments import check_refund
from msingi_insurance.rules.premium_shares import credit_change
from msingi_insurance.rules.states import PayType, PolicyStatus
from msingi_insurance.services.policies_life import suspend_policy
from msingi_insurance.services.premium_posting import (
    PremiumAmounts,
    credit_place,
    money_place,
    post_premiums,
)
from msingi_insurance.services.premiums import income_owner, lock_policies, paid_so_far
from msingi_insurance.services.products_terms import terms_of


@dataclass(frozen=True, slots=True)
class _Return:
    """What a decision takes back: amounts below zero."""

    policy: Policy
    premium: Premium
    amount_minor: int
    credit_minor: int
    pay_type: PayType
    receipt: str
    reverses_id: UUID | None


def request_reversal(work: Work, premium_id: UUID, *, reason: str) -> PremiumReturn:
    """Ask that a whole contribution is taken back.

    Raises:
        NotFound: it is not visible.
        ReturnImpossible: it is a reversal itself, was reversed before, or a request is open.

    """
    premium = _locked_premium(work, premium_id)
    _refuse_returned(work, premium)
    return _request(work, premium, ReturnKind.REVERSAL, premium.amount_minor, reason)


def request_refund(work: Work, premium_id: UUID, amount: Money, *, reason: str) -> PremiumReturn:
    """Ask that an excess goes back to who paid it, by the way it came.

    Raises:
        NotFound: the contribution is not visible.
        RefundRefused: the amount is nothing, or more than is left of the excess of this contribution.
        ReturnImpossible: the contribution is a reversal itself, was reversed, or a request is open.

    """
    premium = _locked_premium(work, premium_id)
    _refuse_returned(work, premium)
    if amount.currency != premium.currency:
        raise MixedCurrencies(left=premium.currency, right=amount.currency)
    left = Money.from_minor(premium.credit_minor - _refunded(work, premium.id), premium.currency)
    check_refund(amount.amount, left=left.amount)
    return _request(work, premium, ReturnKind.REFUND, amount.minor, reason)


def decide_return(work: Work, return_id: UUID, *, approve: bool) -> PremiumReturn:
    """Approve or refuse a request; an approved one posts to the ledger and may leave the policy unpaid.

    Raises:
        NotFound: it is not visible.
        AlreadyDecided: it was decided before.
        DutiesConflict: the actor asked for it, collected the contribution, or is the officer who took it.
        InsufficientFunds: the money or the family's credit is no longer there.

    """
    request = work.session.get(PremiumReturn, return_id, with_for_update=True, populate_existing=True)
    if request is None:
        raise NotFound(type="PremiumReturn")
    if request.state is not ReturnState.REQUESTED:
        raise AlreadyDecided
    premium = work.get(Premium, request.premium_id)
    _refuse_same_person(work, request, premium)
    request.decided_by, request.decided_at = work.actor.id, work.now()
    request.state = ReturnState.APPROVED if approve else ReturnState.REFUSED
    if approve:
        _take_back(work, request, premium)
    work.session.flush()
    return request


def _request(work: Work, premium: Premium, kind: ReturnKind, amount_minor: int, reason: str) -> PremiumReturn:
    return work.add(
        PremiumReturn(
            premium_id=premium.id,
            jurisdiction_id=premium.jurisdiction_id,
            kind=kind,
            amount_minor=amount_minor,
            currency=premium.currency,
            reason=clean_text(reason),
            state=ReturnState.REQUESTED,
            requested_by=work.actor.id,
            requested_at=work.now(),
        )
    )


def _locked_premium(work: Work, premium_id: UUID) -> Premium:
    """The contribution under lock: of two requests at once the second one meets the first (attack 88)."""
    premium = work.session.get(Premium, premium_id, with_for_update=True, populate_existing=True)
    if premium is None:
        raise NotFound(type="Premium")
    return premium


def _refuse_returned(work: Work, premium: Premium) -> None:
    if premium.amount_minor < 0:
        raise ReturnImpossible(why=Saying("it is a reversal itself"))
    reversal = select(Premium.id).where(Premium.reverses_id == premium.id)
    if work.session.scalar(reversal) is not None:
        raise ReturnImpossible(why=Saying("it was reversed before"))
    waiting = select(PremiumReturn.id).where(
        PremiumReturn.premium_id == premium.id, PremiumReturn.state == ReturnState.REQUESTED
    )
    if work.session.scalar(waiting.limit(1)) is not None:
        raise ReturnImpossible(why=Saying("a request waits to be decided"))


def _refuse_same_person(work: Work, request: PremiumReturn, premium: Premium) -> None:
    actor = work.actor.id
    if actor is None:
        return
    if actor == request.requested_by:
        raise DutiesConflict(did=Saying("asked for it"))
    if actor == premium.collected_by or actor == _account_of(work, premium.officer_id):
        raise DutiesConflict(did=Saying("collected the contribution"))


def _account_of(work: Work, officer_id: UUID | None) -> UUID | None:
    """The account of an officer: money that an officer took is the officer's, whoever wrote it down."""
    if officer_id is None:
        return None
    with work.everywhere():
        return work.get(Officer, officer_id).user_id


def _refunded(work: Work, premium_id: UUID) -> int:
    """What of a contribution went back already as refunds."""
    statement = select(func.sum(PremiumReturn.amount_minor)).where(
        PremiumReturn.premium_id == premium_id,
        PremiumReturn.kind == ReturnKind.REFUND,
        PremiumReturn.state == ReturnState.APPROVED,
    )
    return int(work.session.scalar(statement) or 0)


def _take_back(work: Work, request: PremiumReturn, premium: Premium) -> None:
    policy = lock_policies(work, [premium.policy_id])[premium.policy_id]
    refunded = _refunded(work, premium.id) - (
        request.amount_minor if request.kind is ReturnKind.REFUND else 0
    )
    if request.kind is ReturnKind.REVERSAL and refunded:
        raise ReturnImpossible(why=Saying("a part of it was refunded"))
    paid = paid_so_far(work, [policy.id])[policy.id]
    credit = 0
    if not premium.is_photo_fee:
        credit = credit_change(
            -request.amount_minor,
            paid_before=paid.paid_minor,
            credit_before=paid.credit_minor,
            value=policy.value_minor,
        )
    if request.kind is ReturnKind.REFUND and credit != -request.amount_minor:
        raise ReturnImpossible(why=Saying("the policy needs the money"))
    if premium.pay_type is PayType.CREDIT and credit == -request.amount_minor:
        raise ReturnImpossible(
            why=Saying("the policy is paid without it, and the family has it as credit already")
        )
    taken = _Return(
        policy=policy,
        premium=premium,
        amount_minor=-request.amount_minor,
        credit_minor=credit,
        pay_type=_way_back(work, premium),
        receipt=_receipt(work, request, premium),
        reverses_id=premium.id if request.kind is ReturnKind.REVERSAL else None,
    )
    request.reversal_id, request.transaction_id = _write(work, taken)
    kind = request.kind.value
    work.emit(ContributionReturned(premium_id=premium.id, policy_id=policy.id, kind=kind))
    _suspend_unpaid(work, policy, reason=TAKEN_BACK[kind])


def _suspend_unpaid(work: Work, policy: Policy, *, reason: str) -> None:
    """A policy that is no longer paid in full gives no cover until it is: nobody confirms or reinstates it into one."""
    paid = paid_so_far(work, [policy.id])[policy.id].paid_minor
    if paid >= policy.value_minor:
        return
    if policy.status is PolicyStatus.ACTIVE:
        suspend_policy(work, policy.id, reason=reason, expected_version=policy.version)
    if policy.status is PolicyStatus.SUSPENDED:
        policy.status_before = PolicyStatus.IDLE
    elif policy.status is PolicyStatus.READY:
        policy.status, policy.status_reason = PolicyStatus.IDLE, reason
    work.session.flush()


def _way_back(work: Work, premium: Premium) -> PayType:
    """The way it came; cash that was handed over goes back from the bank (PAY-6).

    Raises:
        ReturnImpossible: the cash is being counted.

    """
    if premium.pay_type is not PayType.CASH:
        return premium.pay_type
    statement = (
        select(CashCount.state)
        .join(CashCountPremium, CashCountPremium.count_id == CashCount.id)
        .where(CashCountPremium.premium_id == premium.id)
    )
    with work.everywhere():
        state = work.session.scalar(statement)
    if state is None:
        return PayType.CASH
    if state is not CashState.CONFIRMED:
        raise ReturnImpossible(why=Saying("the cash is being counted"))
    return PayType.BANK


def _receipt(work: Work, request: PremiumReturn, premium: Premium) -> str:
    if request.kind is ReturnKind.REVERSAL:
        return f"{premium.receipt[:48]}-R"
    statement = select(func.count()).where(
        PremiumReturn.premium_id == premium.id, PremiumReturn.kind == ReturnKind.REFUND
    )
    return f"{premium.receipt[:44]}-F{work.session.scalar(statement)}"


def _write(work: Work, taken: _Return) -> tuple[UUID, UUID]:
    """The new row and its transaction."""
    policy, premium, row_id = taken.policy, taken.premium, new_id()
    with work.everywhere():
        product = work.get(Product, policy.product_id)
        officer = work.get(Officer, premium.officer_id) if premium.officer_id else None
        terms = terms_of(work, [policy.product_version_id])[policy.product_version_id]
    gateway, from_credit = _gateway(work, premium), taken.pay_type is PayType.CREDIT
    amounts = PremiumAmounts(
        premium_id=row_id,
        policy=policy,
        income_owner=income_owner(product, terms),
        income_place=product.jurisdiction_id,
        money=credit_place(policy)
        if from_credit
        else money_place(work, taken.pay_type, officer=officer, gateway=gateway),
        amount_minor=taken.amount_minor,
        credit_minor=taken.credit_minor,
        day=work.today(),
    )
    template = CREDIT_RETURNED if from_credit else RETURNED
    transaction_id = post_premiums(work, [amounts], template=template)[row_id]
    work.insert_rows(Premium, [_row(work, taken, row_id, transaction_id)])
    return row_id, transaction_id


def _row(work: Work, taken: _Return, row_id: UUID, transaction_id: UUID) -> dict[str, Any]:
    premium = taken.premium
    return {
        "id": row_id,
        "jurisdiction_id": premium.jurisdiction_id,
        "policy_id": premium.policy_id,
        "product_id": premium.product_id,
        "payer_id": premium.payer_id,
        "officer_id": premium.officer_id,
        "amount_minor": taken.amount_minor,
        "currency": premium.currency,
        "receipt": taken.receipt,
        "pay_date": work.today(),
        "pay_type": taken.pay_type,
        "is_photo_fee": premium.is_photo_fee,
        "reverses_id": taken.reverses_id,
        "credit_minor": taken.credit_minor,
        "collected_by": work.actor.id,
        "payment_id": premium.payment_id,
        "transaction_id": transaction_id,
    }


def _gateway(work: Work, premium: Premium) -> str:
    if premium.payment_id is None:
        return ""
    with work.everywhere():
        return work.get(Payment, premium.payment_id).gateway
