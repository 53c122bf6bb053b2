"""Shares money in suspense over policies, by its lines or by a person's choice (PAY-4, PAY-5, PAY-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.errors import DomainError
from msingi.money import Money
from msingi.work import Work
from msingi_insurance import posting_templates as chart
from msingi_insurance.models.payments import Payment, PaymentDetail, PaymentReference
from msingi_insurance.models.policy import Premium
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import NotUnmatched, TooManyPolicies
from msingi_insurance.payment_events import PaymentMatched, PaymentUnmatched
from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.payments import (
    MatchError,
    MatchFacts,
    Owed,
    PaymentState,
    PaymentStep,
    ReceivingResult,
    check_payment_step,
    distribute,
    judge_match,
)
from msingi_insurance.rules.states import Stage
from msingi_insurance.services.payment_lookup import Found, Named, find_named
from msingi_insurance.services.payment_renewals import renew_for_payment
from msingi_insurance.services.payments import locked_payment
from msingi_insurance.services.premium_posting import MoneyPlace, scheme_place
from msingi_insurance.services.premiums import NewPremium, lock_policies, paid_so_far, receive_premiums
from msingi_insurance.services.references import payment_settings

MOST_POLICIES: Final = 20
"""Policies over which one payment is shared."""


@dataclass(frozen=True, slots=True)
class _Line:
    detail: PaymentDetail
    named: Named


def match_payment(work: Work, payment_id: UUID) -> Payment:
    """Share a payment over the policies that its lines name; without them it stays in suspense for a person.

    Whatever is refused on the way leaves the money where it is, and its lines say that no contribution came of it
    (109): nothing was left to pay, or the product takes no further instalment (D-32).
    """
    payment = locked_payment(work, payment_id)
    if payment.state is not PaymentState.UNMATCHED:
        return payment
    try:
        with work.session.begin_nested():
            matched = _match(work, payment)
    except DomainError:
        matched = False
        work.session.refresh(payment)
        for detail in _details(work, payment):
            detail.error = int(MatchError.NO_PREMIUM)
    if not matched:
        work.emit(PaymentUnmatched(payment_id=payment.id))
    return payment


def match_by_hand(work: Work, payment_id: UUID, policy_ids: Sequence[UUID]) -> Payment:
    """Share money in suspense over policies that a person found for it.

    Raises:
        NotFound: the payment or a policy is not visible.
        NotUnmatched: it does not wait to be matched.
        TooManyPolicies: more than 20 are named.
        NothingToPay: the policies are paid already.

    """
    if len(policy_ids) > MOST_POLICIES:
        raise TooManyPolicies(most=MOST_POLICIES)
    payment = locked_payment(work, payment_id)
    if payment.state is not PaymentState.UNMATCHED:
        raise NotUnmatched
    premiums = _share(work, payment, list(dict.fromkeys(policy_ids)))
    payment.matched_by = work.actor.id
    by_policy = {premium.policy_id: premium.id for premium in premiums}
    for detail in _details(work, payment):
        detail.premium_id = by_policy.get(detail.policy_id) if detail.policy_id else None
    _settle(work, payment, premiums)
    return payment


def _match(work: Work, payment: Payment) -> bool:
    if payment_settings(work).exact_amounts and payment.result == ReceivingResult.WRONG_AMOUNT:
        return False
    lines = _lines(work, payment)
    if not lines:
        return False
    found = find_named(work, [line.named for line in lines], officer_id=payment.officer_id)
    errors = [_judge(work, payment, line, found) for line in lines]
    if any(errors):
        return False
    for line in lines:
        line.detail.policy_id = _policy_of(work, payment, line, found)
    policy_ids = [line.detail.policy_id for line in lines if line.detail.policy_id]
    premiums = _share(work, payment, list(dict.fromkeys(policy_ids)))
    by_policy = {premium.policy_id: premium.id for premium in premiums}
    for line in lines:
        line.detail.premium_id = by_policy.get(line.detail.policy_id) if line.detail.policy_id else None
    _settle(work, payment, premiums)
    return True


def _details(work: Work, payment: Payment) -> Sequence[PaymentDetail]:
    statement = select(PaymentDetail).where(PaymentDetail.payment_id == payment.id)
    return work.session.scalars(statement.order_by(PaymentDetail.position)).all()


def _lines(work: Work, payment: Payment) -> list[_Line]:
    """The lines of the intent, or one made of what an officer wrote down with a number of the pool."""
    details = list(_details(work, payment)) or _from_pool(work, payment)
    return [_Line(detail, Named(detail.insuree_number, detail.product_code)) for detail in details]


def _from_pool(work: Work, payment: Payment) -> list[PaymentDetail]:
    if payment.reference_id is None:
        return []
    reference = work.get(PaymentReference, payment.reference_id)
    if reference.product_id is None or not reference.insuree_number:
        return []
    product = work.get(Product, reference.product_id)
    detail = PaymentDetail(
        jurisdiction_id=payment.jurisdiction_id,
        payment_id=payment.id,
        position=1,
        insuree_number=reference.insuree_number,
        product_code=product.code,
        stage=Stage.NEW,
        currency=payment.currency,
    )
    return [work.add(detail)]


def _judge(work: Work, payment: Payment, line: _Line, found: Found) -> bool:
    """Whether a line does not match; its first error is kept with it (PAY-4)."""
    named, day = line.named, payment.pay_date or work.today()
    product = found.products.get(named.product_code)
    running = found.payable(named, day)
    on_sale = product is not None and product.date_from <= day
    facts = MatchFacts(
        number=named.insuree_number,
        product=named.product_code,
        insuree_known=named.insuree_number in found.insurees,
        has_policy=bool(found.policies_of(named)),
        product_allowed_here=found.allowed_here(named, day),
        product_valid=running is not None or on_sale,
        officer_known=payment.officer_id is None or found.officer is not None,
        officer_serves_place=found.officer_serves(named),
    )
    errors = judge_match(facts)
    line.detail.error = int(errors[0]) if errors else 0
    work.session.flush()
    return bool(errors)


def _policy_of(work: Work, payment: Payment, line: _Line, found: Found) -> UUID:
    """The policy that a line pays: one that runs, or the renewal of the last one, priced anew (PAY-5, D-27)."""
    day = payment.pay_date or work.today()
    running = found.payable(line.named, day)
    renews = line.detail.stage is Stage.RENEWAL and (running is None or not running.remaining_minor)
    if running is not None and not renews:
        return running.policy.id
    last = found.policies_of(line.named)[0].policy
    return renew_for_payment(work, last.id, on=day, officer_id=payment.officer_id).id


def _share(work: Work, payment: Payment, policy_ids: Sequence[UUID]) -> list[Premium]:
    """Turn the money into contributions; what is too much is credit of the family of the first share (PAY-5, PAY-6).

    A policy that gets a share takes the excess with it; one that is paid may take no further instalment (PAY-2).
    """
    policies = lock_policies(work, policy_ids)
    paid = paid_so_far(work, policy_ids)
    received = Money.from_minor(payment.received_minor or 0, payment.currency)
    owed = [
        Owed(
            str(policy_id),
            _major(policies[policy_id].value_minor, payment),
            _major(paid[policy_id].paid_minor, payment),
        )
        for policy_id in policy_ids
    ]
    shared = distribute(received.amount, owed, unit=Rounding(payment.currency).unit)
    first = next(position for position, share in enumerate(shared.shares) if share)
    shares = [
        share + shared.excess if position == first else share for position, share in enumerate(shared.shares)
    ]
    new = [
        NewPremium(
            policy_id=policy_id,
            amount=Money(share, payment.currency),
            pay_date=payment.pay_date or work.today(),
            pay_type=payment.pay_type,
            receipt=_receipt(payment, position),
            officer_id=payment.officer_id,
            payment_id=payment.id,
            gateway=payment.gateway,
        )
        for position, (policy_id, share) in enumerate(zip(policy_ids, shares, strict=True))
        if share
    ]
    source = MoneyPlace(chart.SUSPENSE, payment.gateway, scheme_place(work))
    return receive_premiums(work, new, source=source, template=chart.MATCHED)


def _settle(work: Work, payment: Payment, premiums: Sequence[Premium]) -> None:
    payment.state = check_payment_step(payment.state, PaymentStep.MATCH, PaymentState.MATCHED)
    payment.matched_at = work.now()
    work.session.flush()
    policy_ids = tuple(premium.policy_id for premium in premiums)
    work.emit(PaymentMatched(payment_id=payment.id, policy_ids=policy_ids))


def _receipt(payment: Payment, position: int) -> str:
    """The transaction number; several contributions of one transaction are told apart by their order (PAY-5)."""
    number = (payment.transaction or "")[:46]
    return number if position == 0 else f"{number}-{position + 1}"


def _major(minor: int, payment: Payment) -> Decimal:
    return Money.from_minor(minor, payment.currency).amount
