"""Receives money: kept in suspense at once, then shared over policies, or left for a person to match (PAY-4..PAY-8)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import select

from msingi.clean_text import InvalidCharacter, TextTooLong, TooManyMarks
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
from msingi_insurance.rules.references import MoneyNotice, clean_id
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.premium_posting import SCHEME, scheme_place
from msingi_insurance.services.references import gateway_settings, pay_reference
from msingi_ledger import AccountKind, ExternalEvent, Movement, Posting, open_account, post_many

_AT_ONCE: Final = 5_000
"""Notices that one statement reads."""
_Key: TypeAlias = tuple[str, str]
_MONEY: Final = ("transaction", "received_minor", "pay_date", "pay_type", "received_at", "transaction_id")
"""What a payment says of the money that came."""
_CHANNELS = {"B": PayType.BANK, "C": PayType.CASH, "M": PayType.MOBILE}


def receive_payment(work: Work, notice: MoneyNotice) -> Payment:
    """Keep money that a gateway reports: row and suspense at once, matching after the commit (PG-3).

    The same transaction again is the same payment and changes nothing (PAY-8), also padded with blanks, and also when a statement told of it
    first; unless that told no number and the notice does: then the money goes where the number leads.

    Raises:
        DomainError: a refusal of ``receive_payments``.

    """
    return receive_payments(work, [notice])[0]


def receive_payments(work: Work, notices: Sequence[MoneyNotice]) -> list[Payment]:
    """Keep the money of many notices, all or nothing; the payments stand in their order, each matched on its own.

    What is read and posted takes a number of statements that grows with thousands of notices, not with each.

    Raises:
        UnknownGateway: the settings have no such gateway.
        NoticeUnreadable: id, day, amount, currency or channel cannot be (PAY-7).
        NoticeContradicts: a transaction was reported before, or twice, with another content.

    """
    notices = [_cleaned(notice) for notice in notices]
    for gateway in {notice.gateway for notice in notices}:
        gateway_settings(work, gateway)
    with work.everywhere():
        payments = _known(work, notices)
        fresh = _fresh(notices, payments)
        amounts = [_readable(work, notice) for notice in fresh]
        adding = _adding(work, notices, payments)
        expected = _Expected.read(work, [*fresh, *adding.values()])
        joined = {key: _joined(work, notice, payments[key], expected) for key, notice in adding.items()}
        received = [
            _received(work, notice, amount, expected) for notice, amount in zip(fresh, amounts, strict=True)
        ]
        work.session.flush()
        _post(work, received)
        for payment in (*joined.values(), *received):
            work.emit(PaymentReceived(payment_id=payment.id))
    payments |= joined | {_key(notice): payment for notice, payment in zip(fresh, received, strict=True)}
    return [payments[_key(notice)] for notice in notices]


def _cleaned(notice: MoneyNotice) -> MoneyNotice:
    """The notice with the ids by which money is known, however they were padded (PAY-8)."""
    try:
        return replace(notice, transaction=clean_id(notice.transaction), number=clean_id(notice.number))
    except (InvalidCharacter, TextTooLong, TooManyMarks):
        raise NoticeUnreadable(result=int(ReceivingResult.WRONG_INPUT)) from None


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


def _key(notice: MoneyNotice) -> _Key:
    return notice.gateway, notice.transaction


def _known(work: Work, notices: Sequence[MoneyNotice]) -> dict[_Key, Payment]:
    """Payments that were reported before, locked in the order of their ids."""
    found: dict[_Key, Payment] = {}
    for gateway, some in _by_gateway(notices, lambda notice: notice.transaction):
        statement = select(Payment).where(Payment.gateway == gateway, Payment.transaction.in_(some))
        for payment in work.session.scalars(statement.order_by(Payment.id).with_for_update()):
            found[gateway, payment.transaction or ""] = payment
    known = ((notice, found.get(_key(notice))) for notice in notices)
    if any(payment is not None and not _tells_of(notice, payment) for notice, payment in known):
        raise NoticeContradicts
    return found


def _tells_of(notice: MoneyNotice, payment: Payment) -> bool:
    """Whether a notice says of a payment what is known; a statement and a notice share its amount only (PAY-8)."""
    if notice.is_listed or not payment.digest:
        received = payment.received
        return received is not None and (received.amount, received.currency) == (
            notice.amount,
            notice.currency,
        )
    return payment.digest == digest_of(notice)


def _by_gateway(
    notices: Sequence[MoneyNotice], value: Callable[[MoneyNotice], str]
) -> Iterator[tuple[str, Sequence[str]]]:
    """What notices say, without what is empty: by gateway, and as much at once as one statement takes."""
    for gateway in sorted({notice.gateway for notice in notices}):
        values = sorted({value(notice) for notice in notices if notice.gateway == gateway} - {""})
        for start in range(0, len(values), _AT_ONCE):
            yield gateway, values[start : start + _AT_ONCE]


def _fresh(notices: Sequence[MoneyNotice], known: Mapping[_Key, Payment]) -> list[MoneyNotice]:
    """Notices of money that is new, each transaction once."""
    fresh: dict[_Key, MoneyNotice] = {}
    for notice in notices:
        first = fresh.setdefault(_key(notice), notice)
        if digest_of(first) != digest_of(notice):
            raise NoticeContradicts
    return [notice for key, notice in fresh.items() if key not in known]


def _adding(
    work: Work, notices: Sequence[MoneyNotice], known: Mapping[_Key, Payment]
) -> dict[_Key, MoneyNotice]:
    """Notices that give a number to money in suspense of which a statement told without one."""
    adding = {
        _key(notice): notice
        for notice in notices
        if (payment := known.get(_key(notice))) is not None and _adds(notice, payment)
    }
    for notice in adding.values():
        _readable(work, notice)
    return adding


def _adds(notice: MoneyNotice, payment: Payment) -> bool:
    listed = not payment.digest and not payment.reference_number
    return listed and payment.state is PaymentState.UNMATCHED and bool(notice.number) and not notice.is_listed


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


@dataclass(slots=True)
class _Expected:
    """What notices are paid for, as far as it is known: references, payments that wait for them, officers; all locked."""

    references: Mapping[_Key, PaymentReference]
    waiting: Mapping[UUID, Payment]
    officers: Mapping[UUID, Officer]
    scheme: UUID
    """The place of money that no reference places."""

    @classmethod
    def read(cls, work: Work, notices: Sequence[MoneyNotice]) -> "_Expected":
        """Read it for all notices at once."""
        references: dict[_Key, PaymentReference] = {}
        for gateway, some in _by_gateway(notices, lambda notice: notice.number):
            statement = select(PaymentReference).where(
                PaymentReference.gateway == gateway, PaymentReference.number.in_(some)
            )
            for reference in work.session.scalars(statement.order_by(PaymentReference.id).with_for_update()):
                references[gateway, reference.number or ""] = reference
        waiting: dict[UUID, Payment] = {}
        ids = sorted(reference.id for reference in references.values())
        for start in range(0, len(ids), _AT_ONCE):
            unpaid = select(Payment).where(
                Payment.reference_id.in_(ids[start : start + _AT_ONCE]), Payment.transaction.is_(None)
            )
            for payment in work.session.scalars(unpaid.order_by(Payment.id).with_for_update()):
                waiting.setdefault(payment.reference_id or payment.id, payment)
        officers = work.by_ids(Officer, {reference.officer_id for reference in references.values()})
        return cls(references, waiting, officers, scheme_place(work))

    def place_of(self, reference: PaymentReference | None) -> UUID:
        """Where money under a reference belongs: to its officer's place, else to its own."""
        if reference is None:
            return self.scheme
        if reference.officer_id is not None:
            return self.officers[reference.officer_id].jurisdiction_id
        return reference.jurisdiction_id

    def payment_of(self, reference: PaymentReference | None) -> Payment | None:
        """The payment that waits for this money; a reference is paid once, more money under it is a payment of its own."""
        if reference is None or not pay_reference(reference):
            return None
        return self.waiting.get(reference.id)


def _received(work: Work, notice: MoneyNotice, amount: Money, expected: _Expected) -> Payment:
    reference = expected.references.get((notice.gateway, notice.number))
    payment = expected.payment_of(reference) or _new_payment(
        work, notice, reference, place=expected.place_of(reference)
    )
    payment.state = check_payment_step(payment.state, PaymentStep.RECEIVE, PaymentState.UNMATCHED)
    payment.transaction = notice.transaction
    payment.digest = "" if notice.is_listed else digest_of(notice)
    payment.reference_number = notice.number
    payment.received_minor, payment.pay_date = amount.minor, notice.paid_on
    payment.pay_type = _CHANNELS[notice.channel]
    payment.received_at = work.now()
    payment.result = int(_result(reference, payment))
    return payment


def _joined(work: Work, notice: MoneyNotice, payment: Payment, expected: _Expected) -> Payment:
    """The payment that money of a statement belongs to by the number of a notice: the one that waited for it, or itself."""
    reference = expected.references.get((notice.gateway, notice.number))
    waiting = expected.payment_of(reference)
    if waiting is not None:
        payment = _moved(work, payment, waiting)
    elif reference is not None:
        payment.reference_id, payment.officer_id = reference.id, reference.officer_id
        payment.jurisdiction_id = expected.place_of(reference)
    payment.digest, payment.reference_number = digest_of(notice), notice.number
    payment.result = int(_result(reference, payment))
    work.session.flush()
    return payment


def _moved(work: Work, payment: Payment, waiting: Payment) -> Payment:
    """The payment that waited, with money that lay in suspense as one of its own; that one is gone."""
    money = {name: getattr(payment, name) for name in _MONEY}
    work.session.delete(payment)
    work.session.flush()
    waiting.state = check_payment_step(waiting.state, PaymentStep.RECEIVE, PaymentState.UNMATCHED)
    for name, value in money.items():
        setattr(waiting, name, value)
    return waiting


def _new_payment(
    work: Work, notice: MoneyNotice, reference: PaymentReference | None, *, place: UUID
) -> Payment:
    return work.add(
        Payment(
            jurisdiction_id=place,
            state=PaymentState.NOT_CONFIRMED,
            gateway=notice.gateway,
            reference_id=reference.id if reference else None,
            officer_id=reference.officer_id if reference else None,
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


def _post(work: Work, payments: Sequence[Payment]) -> None:
    """Book money that came into suspense, all together."""
    if not payments:
        return
    accounts = {
        (gateway, pay_type): (money_account(work, gateway, pay_type), suspense_account(work, gateway))
        for gateway, pay_type in sorted({(payment.gateway, payment.pay_type) for payment in payments})
    }
    postings = [
        Posting(
            template=chart.UNMATCHED.name,
            key=f"insurance.payment:{payment.id}",
            jurisdiction_id=payment.jurisdiction_id,
            occurred_on=payment.pay_date or work.today(),
            movements=(Movement(*accounts[payment.gateway, payment.pay_type], payment.received_minor or 0),),
            event=ExternalEvent(payment.gateway, payment.transaction or ""),
            moves_on=True,
        )
        for payment in payments
    ]
    for payment, posted in zip(payments, post_many(work, postings), strict=True):
        payment.transaction_id = posted.transaction_id
    work.session.flush()


def locked_payment(work: Work, payment_id: UUID) -> Payment:
    """A payment under lock.

    Raises:
        NotFound: it is not visible.

    """
    payment = work.session.get(Payment, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise NotFound(type="Payment")
    return payment
