"""The bank's answers to the orders of a payment: taken over all or nothing, posted, told to claims (TZA-16, F29)."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select

from msingi.bulk import Recording, change_rows
from msingi.rbac.errors import SamePerson
from msingi.rbac.grants import require_other_person
from msingi.work import Work
from msingi_claims.events import ClaimsPaid, PaymentsReturned
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, BillLine, FacilityPayment, PaymentOrder
from msingi_claims.payment_errors import AnswersRefused
from msingi_claims.posting_templates import PAID, PAYABLE, RETURNED
from msingi_claims.rules.bills import (
    BankOutcome,
    BillState,
    FacilityPaymentState,
    PaymentAction,
    PaymentOrderState,
    after_action,
)
from msingi_claims.services.answer_checks import BankAnswer, Step, judge
from msingi_claims.services.payments import give_back, orders_of, scheme_bank
from msingi_claims.services.scheme_time import day_of
from msingi_ledger import Movement, Posting, open_accounts, post_many

_TOLD_AT_ONCE: Final = 1_000
_LINES_SHOWN: Final = 50
_ANSWERED: Final = frozenset({FacilityPaymentState.SENT, FacilityPaymentState.SETTLED})
_FINAL: Final = frozenset({PaymentOrderState.PAID, PaymentOrderState.FAILED, PaymentOrderState.RETURNED})


def take_answers(work: Work, payment_id: UUID, answers: Sequence[BankAnswer]) -> FacilityPayment:
    """Take over what the bank says of the orders of a payment, all or nothing; the same answer twice changes nothing.

    Paid orders are posted to the ledger and their claims are paid; failed ones give their bills back. Money that came
    back is posted back, and its bills wait again (F36): not by the person who made the payment.

    Raises:
        NotFound: the payment does not exist or lies outside the scope.
        AnswersRefused: every wrong line with its refusal.
        SamePerson: who made the payment says that money came back.
        WrongPaymentState: the payment was not sent.

    """
    payment = _locked(work, payment_id)
    if payment.state not in _ANSWERED:
        after_action(payment.state, PaymentAction.SETTLE)
    with work.everywhere():
        orders = {order.reference: order for order in orders_of(work, payment)}
        _settle(work, _steps_of(work, payment, orders, answers))
        if payment.state is FacilityPaymentState.SENT and all(one.state in _FINAL for one in orders.values()):
            payment.state = after_action(payment.state, PaymentAction.SETTLE)
            payment.settled_at = work.now()
        work.session.flush()
    return payment


def _locked(work: Work, payment_id: UUID) -> FacilityPayment:
    work.session.get(FacilityPayment, payment_id, with_for_update=True, populate_existing=True)
    return work.get(FacilityPayment, payment_id)


def _steps_of(
    work: Work, payment: FacilityPayment, orders: Mapping[str, PaymentOrder], answers: Sequence[BankAnswer]
) -> Sequence[Step]:
    """Every change that the answers bring, in their order; nothing is changed while anything may be wrong."""
    sent_on = day_of(work, payment.sent_at or work.now())
    steps, mistakes = judge(orders, answers, sent_on=sent_on, today=work.today())
    own = _own_return(work, payment, answers)
    if mistakes:
        told = [mistake for wrong in mistakes[:_LINES_SHOWN] for mistake in wrong]
        told += [] if own is None else [own]
        raise AnswersRefused(count=len(mistakes), lines=" ".join(map(work.say, told)))
    if own is not None:
        raise own
    return steps


def _own_return(work: Work, payment: FacilityPayment, answers: Sequence[BankAnswer]) -> SamePerson | None:
    """The refusal of who made the payment and says that its money came back; it is told beside wrong lines."""
    if any(answer.outcome is BankOutcome.RETURNED for answer in answers):
        try:
            require_other_person(payment.made_by, work)
        except SamePerson as refusal:
            return refusal
    return None


def _settle(work: Work, steps: Sequence[Step]) -> None:
    """Take the steps state by state: an order that was paid and came back passes through both, so both are posted."""
    for state, post in _IN_ORDER.items():
        taken = [step for step in steps if step.state is state]
        for step in taken:
            order, answer = step.order, step.answer
            order.state, order.answered_on, order.failure = state, answer.day, answer.reason[:200]
        work.session.flush()
        if taken:
            post(work, [step.order for step in taken])


def _pay(work: Work, orders: Sequence[PaymentOrder]) -> None:
    for order, transaction_id in zip(orders, _post(work, orders, returned=False), strict=True):
        order.transaction_id = transaction_id
    work.session.flush()
    ids = [order.id for order in orders]
    bills = [(bill_id, BillState.PAID) for bill_id in _bills_of(work, ids)]
    change_rows(work, Bill, ("id",), ("state",), bills, recording=Recording.PER_ROW)
    claims = _claims_paid_by(work, ids)
    rows = [(claim_id, work.now()) for claim_id in claims]
    change_rows(work, Claim, ("id",), ("paid_at",), rows, recording=Recording.PER_ROW)
    for start in range(0, len(claims), _TOLD_AT_ONCE):
        work.emit(ClaimsPaid(claim_ids=tuple(claims[start : start + _TOLD_AT_ONCE])))


def _take_back(work: Work, orders: Sequence[PaymentOrder]) -> None:
    for order, transaction_id in zip(orders, _post(work, orders, returned=True), strict=True):
        order.return_id = transaction_id
    work.session.flush()
    ids = [order.id for order in orders]
    claims = select(Claim.id).where(Claim.id.in_(_claims_of(ids)), Claim.paid_at.is_not(None))
    unpaid = list(work.session.scalars(claims.order_by(Claim.id)))
    rows = [(claim_id, None) for claim_id in unpaid]
    change_rows(work, Claim, ("id",), ("paid_at",), rows, recording=Recording.PER_ROW)
    give_back(work, ids)
    for start in range(0, len(unpaid), _TOLD_AT_ONCE):
        work.emit(PaymentsReturned(claim_ids=tuple(unpaid[start : start + _TOLD_AT_ONCE])))


def _give_back(work: Work, orders: Sequence[PaymentOrder]) -> None:
    give_back(work, [order.id for order in orders])


def _wait(_work: Work, _orders: Sequence[PaymentOrder]) -> None:
    """Nothing is posted while the bank does not know the outcome."""


def _post(work: Work, orders: Sequence[PaymentOrder], *, returned: bool) -> list[UUID]:
    """Post payments, or that they came back, under keys that post each order once (F29); returns the transactions."""
    payable = open_accounts(work, PAYABLE, {str(one.facility_id): one.jurisdiction_id for one in orders})
    bank = scheme_bank(work)
    template, key = (RETURNED, "claims.order_returned") if returned else (PAID, "claims.order")
    postings = []
    for order in orders:
        owed = payable[str(order.facility_id)]
        debit, credit = (bank, owed) if returned else (owed, bank)
        posting = Posting(
            template=template.name,
            key=f"{key}:{order.id}",
            jurisdiction_id=order.jurisdiction_id,
            occurred_on=order.answered_on or work.today(),
            movements=(Movement(debit, credit, order.amount_minor),),
            moves_on=True,
        )
        postings.append(posting)
    return [posted.transaction_id for posted in post_many(work, postings)]


def _bills_of(work: Work, orders: Sequence[UUID]) -> Sequence[UUID]:
    return work.session.scalars(select(Bill.id).where(Bill.order_id.in_(orders)).order_by(Bill.id)).all()


def _claims_paid_by(work: Work, orders: Sequence[UUID]) -> Sequence[UUID]:
    """The claims of orders of which everything is paid now: what bills of every product paid is their whole worth."""
    paid = (
        select(func.sum(BillLine.amount_minor))
        .join(Bill, Bill.id == BillLine.bill_id)
        .where(BillLine.claim_id == Claim.id, Bill.state == BillState.PAID)
        .scalar_subquery()
    )
    statement = select(Claim.id).where(
        Claim.id.in_(_claims_of(orders)), Claim.paid_at.is_(None), paid == Claim.remunerated_minor
    )
    return work.session.scalars(statement.order_by(Claim.id)).all()


def _claims_of(orders: Sequence[UUID]) -> Select[UUID]:
    return select(BillLine.claim_id).join(Bill, Bill.id == BillLine.bill_id).where(Bill.order_id.in_(orders))


_IN_ORDER: Final[Mapping[PaymentOrderState, Callable[[Work, Sequence[PaymentOrder]], None]]] = (
    MappingProxyType(
        {
            PaymentOrderState.UNKNOWN: _wait,
            PaymentOrderState.PAID: _pay,
            PaymentOrderState.RETURNED: _take_back,
            PaymentOrderState.FAILED: _give_back,
        }
    )
)
"""What each state brings about, in the order in which an order passes through them."""
