"""Payments: the bills of a region's facilities, ordered by one person, approved by another, sent to the bank (TZA-16)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from msingi.bulk import Recording, change_rows
from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.money import Money
from msingi.rbac.grants import require_other_person
from msingi.rbac.models import JurisdictionClosure
from msingi.rbac.tree_queries import roots
from msingi.sayings import Saying, Sayings
from msingi.work import Work
from msingi_claims.models.payment import Bill, FacilityAccount, FacilityPayment, PaymentOrder
from msingi_claims.payment_errors import DueInThePast, NoAccountApproved, NotEnoughMoney, NothingToPay
from msingi_claims.rules.bills import (
    BillState,
    FacilityPaymentState,
    PaymentAction,
    PaymentOrderState,
    after_action,
)
from msingi_insurance import BANK
from msingi_ledger import Account, balance_of, open_account
from msingi_registry import Facility

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A payment, and the facilities that wait because nobody approved an account of theirs."""

    payment: FacilityPayment
    without_account: tuple[str, ...]


def prepare_payment(work: Work, place_id: UUID, due_on: date) -> Prepared:
    """Order the payment of every issued bill of the facilities below a place, one order for each facility.

    Raises:
        NotFound: the place lies outside the scope.
        DueInThePast: the bank could not pay in time.
        NothingToPay: no bill waits.
        NoAccountApproved: bills wait, of facilities without an approved account only; they are named.

    """
    work.check_places({place_id})
    if due_on < work.today():
        raise DueInThePast
    bills = _issued_bills(work, place_id)
    facilities = work.by_ids(Facility, {bill.facility_id for bill in bills})
    accounts = approved_accounts(work, facilities)
    without = tuple(sorted(one.code for one in facilities.values() if one.id not in accounts))
    by_facility: dict[UUID, list[Bill]] = {}
    for bill in bills:
        if bill.facility_id in accounts:
            by_facility.setdefault(bill.facility_id, []).append(bill)
    if not by_facility:
        raise _nothing_to_pay(without)
    payment = _draft(work, place_id, due_on, by_facility)
    _order(work, payment, by_facility, facilities, accounts)
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
    work.session.flush()
    return payment


def cancel_payment(work: Work, payment_id: UUID, *, expected_version: int) -> FacilityPayment:
    """Give up a payment that nobody has approved; its bills wait for another one.

    Raises:
        WrongPaymentState: it was approved: its file may be at the bank already.

    """
    payment = work.get(FacilityPayment, payment_id, expected_version=expected_version)
    payment.state = after_action(payment.state, PaymentAction.CANCEL)
    work.session.flush()
    with work.everywhere():
        give_back(work, [order.id for order in orders_of(work, payment)])
    return payment


def send_payment(work: Work, payment_id: UUID, *, expected_version: int) -> FacilityPayment:
    """Say that the file of an approved payment goes to the bank: from now on only its answers change it.

    A payment that is due before today is due today: the bank cannot pay on a day that is over.

    Raises:
        WrongPaymentState: it is not approved.
        NotEnoughMoney: the bank account does not hold enough for it and for what is with the bank.

    """
    payment = work.get(FacilityPayment, payment_id, expected_version=expected_version)
    payment.state = after_action(payment.state, PaymentAction.SEND)
    payment.sent_at, payment.due_on = work.now(), max(payment.due_on, work.today())
    work.session.flush()
    with work.everywhere():
        rows = [(order.id, PaymentOrderState.SENT) for order in orders_of(work, payment)]
        change_rows(work, PaymentOrder, ("id",), ("state",), rows, recording=Recording.PER_ROW)
        _refuse_beyond_means(work, payment.currency)
    return payment


def orders_of(work: Work, payment: FacilityPayment) -> list[PaymentOrder]:
    """The orders of a payment in the order of their references."""
    statement = select(PaymentOrder).where(PaymentOrder.payment_id == payment.id)
    return list(work.session.scalars(statement.order_by(PaymentOrder.reference)))


def give_back(work: Work, orders: Sequence[UUID]) -> None:
    """Let the bills of orders wait for another payment."""
    bills = select(Bill.id).where(Bill.order_id.in_(list(orders))).order_by(Bill.id)
    rows = [(bill_id, BillState.ISSUED, None) for bill_id in work.session.scalars(bills)]
    change_rows(work, Bill, ("id",), ("state", "order_id"), rows, recording=Recording.PER_ROW)


def approved_accounts(work: Work, facilities: Iterable[UUID]) -> dict[UUID, FacilityAccount]:
    """The account that was approved last for each facility."""
    statement = (
        select(FacilityAccount)
        .where(FacilityAccount.facility_id.in_(list(facilities)), FacilityAccount.approved_at.is_not(None))
        .order_by(FacilityAccount.approved_at, FacilityAccount.id)
    )
    return {account.facility_id: account for account in work.session.scalars(statement)}


def scheme_bank(work: Work) -> UUID:
    """The ledger's account for the bank account of the scheme."""
    return open_account(work, BANK, jurisdiction_id=min(roots(work)))


def _issued_bills(work: Work, place_id: UUID) -> list[Bill]:
    """Lock the bills that wait below a place, in one order for everybody (F40)."""
    below = select(JurisdictionClosure.descendant_id).where(JurisdictionClosure.ancestor_id == place_id)
    statement = (
        select(Bill)
        .where(Bill.state == BillState.ISSUED, Bill.jurisdiction_id.in_(below))
        .order_by(Bill.id)
        .with_for_update()
    )
    return list(work.session.scalars(statement))


def _nothing_to_pay(without_account: Sequence[str]) -> DomainError:
    if not without_account:
        return NothingToPay()
    told: list[Saying | str] = [*without_account[:_NAMED]]
    if len(without_account) > _NAMED:
        told.append(Saying("and {more} more", {"more": len(without_account) - _NAMED}))
    return NoAccountApproved(facilities=Sayings(tuple(told)))


def _draft(
    work: Work, place_id: UUID, due_on: date, by_facility: Mapping[UUID, Sequence[Bill]]
) -> FacilityPayment:
    payment = FacilityPayment(
        id=new_id(),
        jurisdiction_id=place_id,
        code=f"P{work.today():%Y%m%d}-{secrets.token_hex(4).upper()}",
        orders=len(by_facility),
        currency=work.platform.profile.currency,
        amount_minor=sum(bill.amount_minor for bills in by_facility.values() for bill in bills),
        due_on=due_on,
        made_at=work.now(),
        made_by=work.actor.id,
    )
    work.add(payment)
    work.session.flush()
    return payment


def _order(
    work: Work,
    payment: FacilityPayment,
    by_facility: Mapping[UUID, Sequence[Bill]],
    facilities: Mapping[UUID, Facility],
    accounts: Mapping[UUID, FacilityAccount],
) -> None:
    orders = {facility_id: new_id() for facility_id in by_facility}
    rows: list[dict[str, Any]] = [
        {
            "id": orders[facility_id],
            "jurisdiction_id": facilities[facility_id].jurisdiction_id,
            "payment_id": payment.id,
            "facility_id": facility_id,
            "account_id": accounts[facility_id].id,
            "reference": f"{payment.code}-{number:05}",
            "state": PaymentOrderState.PENDING,
            "currency": payment.currency,
            "amount_minor": sum(bill.amount_minor for bill in bills),
            "failure": "",
            "version": 1,
        }
        for number, (facility_id, bills) in enumerate(by_facility.items(), start=1)
    ]
    work.insert_rows(PaymentOrder, rows)
    ordered = [
        (bill.id, BillState.ORDERED, orders[bill.facility_id])
        for bills in by_facility.values()
        for bill in bills
    ]
    change_rows(work, Bill, ("id",), ("state", "order_id"), ordered, recording=Recording.PER_ROW)


def _refuse_beyond_means(work: Work, currency: str) -> None:
    """Refuse while nothing has left: what the bank has paid cannot be refused any more.

    The bank account is locked first, so that of payments sent at once each counts those before it (F40).
    """
    bank = scheme_bank(work)
    work.session.execute(select(Account.id).where(Account.id == bank).with_for_update())
    open_states = [PaymentOrderState.SENT, PaymentOrderState.UNKNOWN]
    with_bank = (
        select(func.sum(PaymentOrder.amount_minor))
        .join(FacilityPayment, FacilityPayment.id == PaymentOrder.payment_id)
        .where(FacilityPayment.state == FacilityPaymentState.SENT, PaymentOrder.state.in_(open_states))
    )
    needed = int(work.session.scalar(with_bank) or 0)
    held = balance_of(work, bank)
    if held.minor < needed:
        raise NotEnoughMoney(held=str(held), needed=str(Money.from_minor(needed, currency)))
