"""Receives money: kept in suspense at once, then shared over policies, or left for a person to match (PAY-4..PAY-8)."""

import hashlib
from uuid import UUID

import orjson
from sqlalchemy import select

from msingi.errors import NotFound
from msingi.money import Money
from msingi.work import Work
from msingi_insurance import posting_templates as chart
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.payment_errors import NoticeContradicts, NoticeUnreadable
from msingi_insurance.payment_events import PaymentReceived
from msingi_insurance.rules.payments import (
    PaymentState,
    PaymentStep,
    ReceivingResult,
    check_payment_step,
)
from msingi_insurance.rules.references import MoneyNotice
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.premium_posting import SCHEME, scheme_place
from msingi_insurance.services.references import gateway_settings, pay_reference
from msingi_ledger import AccountKind, ExternalEvent, Movement, Posting, open_account, post

_CHANNELS = {"B": PayType.BANK, "C": PayType.CASH, "M": PayType.MOBILE}


def receive_payment(work: Work, notice: MoneyNotice) -> Payment:
    """Keep money that a gateway reports: row and suspense at once, matching after the commit (PG-3).

    The same transaction again is the same payment and changes nothing (PAY-8).

    Raises:
        UnknownGateway: the settings have no such gateway.
        NoticeUnreadable: day, amount, currency or channel cannot be (PAY-7).
        NoticeContradicts: the transaction was reported before with another content.

    """
    gateway_settings(work, notice.gateway)
    with work.everywhere():
        known = _known(work, notice)
        if known is not None:
            return known
        amount = _readable(work, notice)
        reference = _reference(work, notice)
        payment = _expected_payment(work, reference) or _new_payment(work, notice, reference)
        payment.state = check_payment_step(payment.state, PaymentStep.RECEIVE, PaymentState.UNMATCHED)
        payment.transaction, payment.digest = notice.transaction, digest_of(notice)
        payment.reference_number = notice.number
        payment.received_minor, payment.pay_date = amount.minor, notice.paid_on
        payment.pay_type = _CHANNELS[notice.channel]
        payment.received_at = work.now()
        payment.result = int(_result(reference, payment))
        work.session.flush()
        payment.transaction_id = _post(work, payment)
        work.session.flush()
        work.emit(PaymentReceived(payment_id=payment.id))
    return payment


def digest_of(notice: MoneyNotice) -> str:
    """SHA-256 of what a notice says about the money."""
    said = [notice.number, str(notice.amount.normalize()), notice.currency, notice.paid_on, notice.channel]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def suspense_account(work: Work, gateway: str) -> UUID:
    """The account on which unmatched money of a gateway lies."""
    return open_account(work, chart.SUSPENSE, jurisdiction_id=scheme_place(work), owner=gateway)


def money_account(work: Work, gateway: str, pay_type: PayType) -> UUID:
    """Where money that a gateway or bank reports lies: at the gateway until it is settled, or on the bank account."""
    kind: AccountKind = chart.BANK if pay_type is PayType.BANK else chart.CLEARING
    owner = SCHEME if kind is chart.BANK else gateway
    return open_account(work, kind, jurisdiction_id=scheme_place(work), owner=owner)


def _known(work: Work, notice: MoneyNotice) -> Payment | None:
    known = work.session.scalar(
        select(Payment)
        .where(Payment.gateway == notice.gateway, Payment.transaction == notice.transaction)
        .with_for_update()
    )
    if known is not None and known.digest != digest_of(notice):
        raise NoticeContradicts
    return known


def _readable(work: Work, notice: MoneyNotice) -> Money:
    if not notice.transaction or len(notice.transaction) > 64 or len(notice.number) > 40:  # noqa: PLR2004
        raise NoticeUnreadable(result=int(ReceivingResult.WRONG_INPUT))
    if notice.paid_on > work.today():
        raise NoticeUnreadable(result=int(ReceivingResult.WRONG_DATE))
    if notice.channel not in _CHANNELS:
        raise NoticeUnreadable(result=int(ReceivingResult.UNKNOWN_TYPE))
    if notice.currency != work.platform.profile.currency or notice.amount <= 0:
        raise NoticeUnreadable(result=int(ReceivingResult.WRONG_AMOUNT))
    return Money(notice.amount, notice.currency)


def _reference(work: Work, notice: MoneyNotice) -> PaymentReference | None:
    if not notice.number:
        return None
    return work.session.scalar(
        select(PaymentReference)
        .where(PaymentReference.gateway == notice.gateway, PaymentReference.number == notice.number)
        .with_for_update()
    )


def _expected_payment(work: Work, reference: PaymentReference | None) -> Payment | None:
    """The payment that waits for this money; a reference is paid once, more money under it is a payment of its own."""
    if reference is None or not pay_reference(reference):
        return None
    statement = select(Payment).where(Payment.reference_id == reference.id, Payment.transaction.is_(None))
    return work.session.scalar(statement.with_for_update())


def _new_payment(work: Work, notice: MoneyNotice, reference: PaymentReference | None) -> Payment:
    place = reference.jurisdiction_id if reference else scheme_place(work)
    officer_id = reference.officer_id if reference else None
    if reference is not None and officer_id is not None:
        place = work.get(Officer, officer_id).jurisdiction_id
    return work.add(
        Payment(
            jurisdiction_id=place,
            state=PaymentState.NOT_CONFIRMED,
            gateway=notice.gateway,
            reference_id=reference.id if reference else None,
            officer_id=officer_id,
            currency=notice.currency,
            pay_type=_CHANNELS[notice.channel],
        )
    )


def _result(reference: PaymentReference | None, payment: Payment) -> ReceivingResult:
    if reference is None:
        return ReceivingResult.WRONG_REFERENCE
    if payment.expected_minor not in {None, payment.received_minor}:
        return ReceivingResult.WRONG_AMOUNT
    return ReceivingResult.OK


def _post(work: Work, payment: Payment) -> UUID:
    money = money_account(work, payment.gateway, payment.pay_type)
    movement = Movement(money, suspense_account(work, payment.gateway), payment.received_minor or 0)
    posting = Posting(
        template=chart.UNMATCHED.name,
        key=f"insurance.payment:{payment.id}",
        jurisdiction_id=payment.jurisdiction_id,
        occurred_on=payment.pay_date or work.today(),
        movements=(movement,),
        event=ExternalEvent(payment.gateway, payment.transaction or ""),
    )
    return post(work, posting).transaction_id


def locked_payment(work: Work, payment_id: UUID) -> Payment:
    """A payment under lock.

    Raises:
        NotFound: it is not visible.

    """
    payment = work.session.get(Payment, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise NotFound(type="Payment")
    return payment
