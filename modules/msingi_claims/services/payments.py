"""Payments: the bills of a region's facilities, ordered by one person, approved by another, answered by the bank."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from msingi.bulk import Recording, change_rows
from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.money import Money
from msingi.rbac.grants import require_other_person
from msingi.rbac.models import JurisdictionClosure
from msingi.rbac.tree_queries import roots
from msingi.work import Work
from msingi_claims.events import ClaimsPaid
from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, BillLine, FacilityAccount, FacilityPayment, PaymentOrder
from msingi_claims.payment_errors import AnswersRefused, NothingToPay, UnknownReference, WrongAmountPaid
from msingi_claims.posting_templates import PAID, PAYABLE
from msingi_claims.rules.bills import (
    BankOutcome,
    BillState,
    FacilityPaymentState,
    PaymentAction,
    PaymentOrderState,
    after_action,
    after_outcome,
)
from msingi_insurance import BANK
from msingi_ledger import Movement, Posting, open_account, open_accounts, post_many
from msingi_registry import Facility

_TOLD_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What the bank says of one order; without an amount the ordered one is meant."""

    reference: str
    outcome: BankOutcome
    day: date
    amount: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A payment, and the facilities that wait because nobody approved an account of theirs."""

    payment: FacilityPayment
    without_account: tuple[str, ...]


def prepare_payment(work: Work, place_id: UUID, due_on: date) -> Prepared:
    """Order the payment of every issued bill of the facilities below a place, one order for each facility.

    Raises:
        NothingToPay: no bill can be paid; facilities without an approved account are named.

    """
    bills = _issued_bills(work, place_id)
    facilities = work.by_ids(Facility, {bill.facility_id for bill in bills})
    accounts = approved_accounts(work, facilities)
    without = tuple(sorted(one.code for one in facilities.values() if one.id not in accounts))
    payable = [bill for bill in bills if bill.facility_id in accounts]
    if not payable:
        raise NothingToPay(without_account=", ".join(without[:20]) or "-")
    payment = FacilityPayment(
        id=new_id(),
        jurisdiction_id=place_id,
        code=f"P{work.today():%Y%m%d}-{secrets.token_hex(4).upper()}",
        orders=len({bill.facility_id for bill in payable}),
        currency=payable[0].currency,
        amount_minor=sum(bill.amount_minor for bill in payable),
        due_on=due_on,
        made_at=work.now(),
        made_by=work.actor.id,
    )
    work.add(payment)
    work.session.flush()
    _order(work, payment, payable, facilities, accounts)
    return Prepared(payment, without)


def approve_payment(work: Work, payment_id: UUID, *, expected_version: int) -> FacilityPayment:
    """Approve a payment that somebody else made (attack 24).

    Raises:
        SamePerson: who made it approves it.
        WrongPaymentState: it is not a draft.

    """
    payment = work.get(FacilityPayment, payment_id, expected_version=expected_version)
    require_other_person(payment.made_by, work)
    payment.state = after_action(payment.state, PaymentAction.APPROVE)
    payment.approved_at, payment.approved_by = work.now(), work.actor.id
    return payment


def cancel_payment(work: Work, payment_id: UUID, *, expected_version: int) -> FacilityPayment:
    """Give up a payment that was not sent; its bills wait for another one.

    Raises:
        WrongPaymentState: it was sent.

    """
    payment = work.get(FacilityPayment, payment_id, expected_version=expected_version)
    payment.state = after_action(payment.state, PaymentAction.CANCEL)
    with work.everywhere():
        _release_bills(work.session, select(PaymentOrder.id).where(PaymentOrder.payment_id == payment.id))
    return payment


def send_payment(work: Work, payment_id: UUID, *, expected_version: int) -> FacilityPayment:
    """Say that the file of an approved payment went to the bank: from now on only its answers change it.

    Raises:
        WrongPaymentState: it is not approved.

    """
    payment = work.get(FacilityPayment, payment_id, expected_version=expected_version)
    payment.state = after_action(payment.state, PaymentAction.SEND)
    payment.sent_at = work.now()
    with work.everywhere():
        orders = _orders_of(work, payment)
        rows = [(order.id, PaymentOrderState.SENT) for order in orders]
        change_rows(work, PaymentOrder, ("id",), ("state",), rows, recording=Recording.PER_ROW)
    return payment


def take_answers(work: Work, payment_id: UUID, answers: Sequence[BankAnswer]) -> FacilityPayment:
    """Take over what the bank says of the orders of a payment, all or nothing; the same answer twice changes nothing.

    Paid orders are posted to the ledger and their claims are paid; failed ones give their bills back.

    Raises:
        AnswersRefused: every wrong line with its refusal.
        WrongPaymentState: the payment was not sent.

    """
    payment = work.session.get_one(FacilityPayment, payment_id, with_for_update=True)
    if payment.state not in {FacilityPaymentState.SENT, FacilityPaymentState.SETTLED}:
        after_action(payment.state, PaymentAction.SETTLE)
    with work.everywhere():
        orders = {order.reference: order for order in _orders_of(work, payment)}
        changed = _read_answers(work, orders, answers)
        _settle_orders(work, changed)
        if payment.state is FacilityPaymentState.SENT and all(_is_final(order) for order in orders.values()):
            payment.state = after_action(payment.state, PaymentAction.SETTLE)
            payment.settled_at = work.now()
    return payment


def approved_accounts(work: Work, facilities: Iterable[UUID]) -> dict[UUID, FacilityAccount]:
    """The account that was approved last for each facility."""
    statement = (
        select(FacilityAccount)
        .where(FacilityAccount.facility_id.in_(list(facilities)), FacilityAccount.approved_at.is_not(None))
        .order_by(FacilityAccount.approved_at, FacilityAccount.id)
    )
    return {account.facility_id: account for account in work.session.scalars(statement)}


def _issued_bills(work: Work, place_id: UUID) -> list[Bill]:
    """Lock the bills that wait below a place, in one order for everybody."""
    below = select(JurisdictionClosure.descendant_id).where(JurisdictionClosure.ancestor_id == place_id)
    statement = (
        select(Bill)
        .where(Bill.state == BillState.ISSUED, Bill.jurisdiction_id.in_(below))
        .order_by(Bill.id)
        .with_for_update()
    )
    return list(work.session.scalars(statement))


def _order(
    work: Work,
    payment: FacilityPayment,
    bills: Sequence[Bill],
    facilities: Mapping[UUID, Facility],
    accounts: Mapping[UUID, FacilityAccount],
) -> None:
    by_facility: dict[UUID, list[Bill]] = {}
    for bill in bills:
        by_facility.setdefault(bill.facility_id, []).append(bill)
    orders = {facility_id: new_id() for facility_id in by_facility}
    rows = [
        {
            "id": orders[facility_id],
            "jurisdiction_id": facilities[facility_id].jurisdiction_id,
            "payment_id": payment.id,
            "facility_id": facility_id,
            "account_id": accounts[facility_id].id,
            "reference": f"{payment.code}-{number:05}",
            "state": PaymentOrderState.PENDING,
            "currency": payment.currency,
            "amount_minor": sum(bill.amount_minor for bill in some),
            "failure": "",
            "version": 1,
        }
        for number, (facility_id, some) in enumerate(by_facility.items(), start=1)
    ]
    work.insert_rows(PaymentOrder, rows)
    ordered = [(bill.id, BillState.ORDERED, orders[bill.facility_id]) for bill in bills]
    change_rows(work, Bill, ("id",), ("state", "order_id"), ordered, recording=Recording.PER_ROW)


def _orders_of(work: Work, payment: FacilityPayment) -> list[PaymentOrder]:
    statement = select(PaymentOrder).where(PaymentOrder.payment_id == payment.id)
    return list(work.session.scalars(statement.order_by(PaymentOrder.reference)))


def _is_final(order: PaymentOrder) -> bool:
    return order.state in {PaymentOrderState.PAID, PaymentOrderState.FAILED}


def _read_answers(
    work: Work, orders: Mapping[str, PaymentOrder], answers: Sequence[BankAnswer]
) -> list[PaymentOrder]:
    """Check every line, then change the orders; returns those that changed."""
    refusals: list[DomainError] = []
    changed: list[PaymentOrder] = []
    for line, answer in enumerate(answers, start=1):
        try:
            order = orders.get(answer.reference)
            if order is None:
                raise UnknownReference(line=line, reference=answer.reference[:35])
            changed += _apply(order, answer, line)
        except DomainError as refusal:
            refusals.append(refusal)
    if refusals:
        lines = " ".join(work.say(refusal) for refusal in refusals[:50])
        raise AnswersRefused(count=len(refusals), lines=lines)
    return changed


def _apply(order: PaymentOrder, answer: BankAnswer, line: int) -> list[PaymentOrder]:
    if answer.outcome is BankOutcome.PAID and answer.amount not in {None, order.amount}:
        raise WrongAmountPaid(
            line=line, reference=order.reference, expected=str(order.amount), found=str(answer.amount)
        )
    following = after_outcome(order.state, answer.outcome, order.reference)
    if following is order.state:
        return []
    order.state, order.answered_on, order.failure = following, answer.day, answer.reason[:200]
    return [order]


def _settle_orders(work: Work, orders: Sequence[PaymentOrder]) -> None:
    paid = [order for order in orders if order.state is PaymentOrderState.PAID]
    failed = [order.id for order in orders if order.state is PaymentOrderState.FAILED]
    work.session.flush()
    if paid:
        _post(work, paid)
        ids = [order.id for order in paid]
        work.session.execute(update(Bill).where(Bill.order_id.in_(ids)).values(state=BillState.PAID))
        _mark_claims(work, ids)
    if failed:
        _release_bills(work.session, failed)


def _post(work: Work, orders: Sequence[PaymentOrder]) -> None:
    payable = open_accounts(
        work, PAYABLE, {str(order.facility_id): order.jurisdiction_id for order in orders}
    )
    bank = open_account(work, BANK, jurisdiction_id=min(roots(work)))
    postings = [
        Posting(
            template=PAID.name,
            key=f"claims.order:{order.id}",
            jurisdiction_id=order.jurisdiction_id,
            occurred_on=order.answered_on or work.today(),
            movements=(Movement(payable[str(order.facility_id)], bank, order.amount_minor),),
        )
        for order in orders
    ]
    for order, posted in zip(orders, post_many(work, postings), strict=True):
        order.transaction_id = posted.transaction_id
    work.session.flush()


def _release_bills(session: Session, orders: object) -> None:
    session.execute(
        update(Bill).where(Bill.order_id.in_(orders)).values(state=BillState.ISSUED, order_id=None)  # type: ignore[arg-type]
    )


def _mark_claims(work: Work, orders: Sequence[UUID]) -> None:
    """Claims of which every bill is paid are paid: told in portions."""
    of_orders = (
        select(BillLine.claim_id).join(Bill, Bill.id == BillLine.bill_id).where(Bill.order_id.in_(orders))
    )
    open_bills = (
        select(func.count())
        .select_from(BillLine)
        .join(Bill, Bill.id == BillLine.bill_id)
        .where(BillLine.claim_id == Claim.id, Bill.state != BillState.PAID)
        .scalar_subquery()
    )
    statement = select(Claim.id).where(Claim.id.in_(of_orders), Claim.paid_at.is_(None), open_bills == 0)
    ids = list(work.session.scalars(statement.order_by(Claim.id)))
    rows = [(claim_id, work.now()) for claim_id in ids]
    change_rows(work, Claim, ("id",), ("paid_at",), rows, recording=Recording.PER_ROW)
    for start in range(0, len(ids), _TOLD_AT_ONCE):
        work.emit(ClaimsPaid(claim_ids=tuple(ids[start : start + _TOLD_AT_ONCE])))
