"""What claims prove of their money whenever the ledger is verified: facilities are paid what they billed, once (IN-10)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from msingi_claims.models.claim import Claim
from msingi_claims.models.payment import Bill, BillLine, PaymentOrder
from msingi_claims.plugin import plugin
from msingi_claims.posting_templates import PAYABLE
from msingi_claims.rules.bills import BillKind, BillState, PaymentOrderState
from msingi_ledger import MoneyCheck, unlike_ledger, unrecorded


@plugin.answer
def money_checks() -> Sequence[MoneyCheck]:
    """An order pays its bills, a bill its claims, a claim no more than it is worth; the ledger says the same."""
    claim, bill, order = Claim.__tablename__, Bill.__tablename__, PaymentOrder.__tablename__
    return [
        MoneyCheck("IN-10", order, "this order paid another amount than its bills", _unlike_bills()),
        MoneyCheck("IN-10", bill, "this bill is paid, and no order of its facility was", _paid_by_nobody()),
        MoneyCheck("IN-10", bill, "this bill owes another amount than its lines", _unlike_lines()),
        MoneyCheck(
            "IN-10",
            order,
            "this order says of money that came back another thing than the ledger",
            _paid_and_back(),
        ),
        MoneyCheck("IN-10", claim, "more was billed for this claim than it is worth", _billed_beyond()),
        unlike_ledger(bill, _owed(), [PAYABLE]),
        unlike_ledger(order, _paid(), [PAYABLE]),
        unlike_ledger(order, _came_back(), [PAYABLE]),
        unrecorded("claims.bill:", select(Bill.transaction_id)),
        unrecorded("claims.order:", select(PaymentOrder.transaction_id)),
        unrecorded("claims.order_returned:", select(PaymentOrder.return_id)),
    ]


def _unlike_bills() -> Select[UUID]:
    of_order = and_(
        Bill.order_id == PaymentOrder.id,
        Bill.facility_id == PaymentOrder.facility_id,
        Bill.state == BillState.PAID,
    )
    joined = select(PaymentOrder.id).outerjoin(Bill, of_order)
    paid = joined.where(PaymentOrder.state == PaymentOrderState.PAID)
    grouped = paid.group_by(PaymentOrder.id, PaymentOrder.amount_minor)
    billed = func.coalesce(func.sum(Bill.amount_minor), 0)
    return grouped.having(billed != PaymentOrder.amount_minor).order_by(PaymentOrder.id)


def _paid_by_nobody() -> Select[UUID]:
    by_order = and_(
        PaymentOrder.id == Bill.order_id,
        PaymentOrder.facility_id == Bill.facility_id,
        PaymentOrder.state == PaymentOrderState.PAID,
    )
    joined = select(Bill.id).outerjoin(PaymentOrder, by_order)
    return joined.where(Bill.state == BillState.PAID, PaymentOrder.id.is_(None)).order_by(Bill.id)


def _unlike_lines() -> Select[UUID]:
    joined = select(Bill.id).outerjoin(BillLine, BillLine.bill_id == Bill.id)
    grouped = joined.where(Bill.kind == BillKind.CLAIMS).group_by(Bill.id, Bill.amount_minor)
    return grouped.having(func.coalesce(func.sum(BillLine.amount_minor), 0) != Bill.amount_minor).order_by(
        Bill.id
    )


def _billed_beyond() -> Select[UUID]:
    """Claims of which bills of all products together owe more than was decided (CLM, BAT-6)."""
    joined = select(Claim.id).join(BillLine, BillLine.claim_id == Claim.id)
    grouped = joined.group_by(Claim.id, Claim.remunerated_minor)
    worth = func.coalesce(Claim.remunerated_minor, 0)
    return grouped.having(func.sum(BillLine.amount_minor) > worth).order_by(Claim.id)


def _owed() -> Select[UUID, UUID | None, int]:
    return select(Bill.id, Bill.transaction_id, Bill.amount_minor)


def _paid() -> Select[UUID, UUID | None, int]:
    """Orders that the bank paid, those that came back after it too."""
    paid = or_(PaymentOrder.state == PaymentOrderState.PAID, PaymentOrder.transaction_id.is_not(None))
    return select(PaymentOrder.id, PaymentOrder.transaction_id, -PaymentOrder.amount_minor).where(paid)


def _came_back() -> Select[UUID, UUID | None, int]:
    back = or_(PaymentOrder.state == PaymentOrderState.RETURNED, PaymentOrder.return_id.is_not(None))
    return select(PaymentOrder.id, PaymentOrder.return_id, PaymentOrder.amount_minor).where(back)


def _paid_and_back() -> Select[UUID]:
    back = PaymentOrder.return_id.is_not(None)
    apart = back != (PaymentOrder.state == PaymentOrderState.RETURNED)
    return select(PaymentOrder.id).where(apart).order_by(PaymentOrder.id)
