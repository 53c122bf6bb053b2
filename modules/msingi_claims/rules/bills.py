"""The life of bills, payments and payment orders, as tables (BAT-6, TZA-16)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msingi.errors import DomainError


class BillKind(StrEnum):
    """What a facility is paid for."""

    CLAIMS = "claims"
    CAPITATION = "capitation"


class BillState(StrEnum):
    """Where a bill stands."""

    ISSUED = "issued"
    ORDERED = "ordered"
    PAID = "paid"


class FacilityPaymentState(StrEnum):
    """Where the payment of a region stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class PaymentOrderState(StrEnum):
    """Where the order to pay one facility stands; what the bank does not say is unknown, never repeated (F29)."""

    PENDING = "pending"
    SENT = "sent"
    UNKNOWN = "unknown"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"


class PaymentAction(StrEnum):
    """What is done with a payment."""

    APPROVE = "approve"
    CANCEL = "cancel"
    SEND = "send"
    SETTLE = "settle"


class BankOutcome(StrEnum):
    """What the bank says of an order."""

    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RETURNED = "returned"
    """The money came back after it was paid, or the bank takes back that it paid."""


class WrongPaymentState(DomainError):
    """A payment is not in a state in which this can be done."""

    code = "claims.wrong_payment_state"
    template = "This cannot be done with a payment that is {state}."
    state_params = frozenset({"state"})


class OrderAlreadyFinal(DomainError):
    """The bank's answer to an order is known, and it says something else now."""

    code = "claims.order_already_final"
    template = "Line {line}: order {reference} is already {state}."
    state_params = frozenset({"state"})


PAYMENTS: Final[Mapping[tuple[FacilityPaymentState, PaymentAction], FacilityPaymentState]] = MappingProxyType(
    {
        (FacilityPaymentState.DRAFT, PaymentAction.APPROVE): FacilityPaymentState.APPROVED,
        (FacilityPaymentState.DRAFT, PaymentAction.CANCEL): FacilityPaymentState.CANCELLED,
        (FacilityPaymentState.APPROVED, PaymentAction.SEND): FacilityPaymentState.SENT,
        (FacilityPaymentState.SENT, PaymentAction.SETTLE): FacilityPaymentState.SETTLED,
    }
)
"""Whoever made a payment does not approve it (attack 24).

An approved one is never cancelled: its file may be at the bank already, and only the bank's answers say that it was
not paid (F29).
"""

ORDERS: Final[Mapping[tuple[PaymentOrderState, BankOutcome], PaymentOrderState]] = MappingProxyType(
    {
        (PaymentOrderState.SENT, BankOutcome.PAID): PaymentOrderState.PAID,
        (PaymentOrderState.SENT, BankOutcome.FAILED): PaymentOrderState.FAILED,
        (PaymentOrderState.SENT, BankOutcome.UNKNOWN): PaymentOrderState.UNKNOWN,
        (PaymentOrderState.UNKNOWN, BankOutcome.PAID): PaymentOrderState.PAID,
        (PaymentOrderState.UNKNOWN, BankOutcome.FAILED): PaymentOrderState.FAILED,
        (PaymentOrderState.UNKNOWN, BankOutcome.UNKNOWN): PaymentOrderState.UNKNOWN,
        (PaymentOrderState.PAID, BankOutcome.PAID): PaymentOrderState.PAID,
        (PaymentOrderState.PAID, BankOutcome.RETURNED): PaymentOrderState.RETURNED,
        (PaymentOrderState.RETURNED, BankOutcome.RETURNED): PaymentOrderState.RETURNED,
        (PaymentOrderState.FAILED, BankOutcome.FAILED): PaymentOrderState.FAILED,
    }
)
"""The same answer twice changes nothing; an order that was not sent has no answer."""


def after_action(state: FacilityPaymentState, action: PaymentAction) -> FacilityPaymentState:
    """The state after an action; raises `WrongPaymentState`."""
    following = PAYMENTS.get((state, action))
    if following is None:
        raise WrongPaymentState(state=state.value)
    return following


def after_outcome(
    state: PaymentOrderState, outcome: BankOutcome, reference: str, *, line: int
) -> PaymentOrderState:
    """The state after an answer of the bank in a line of its file; raises `OrderAlreadyFinal`."""
    following = ORDERS.get((state, outcome))
    if following is None:
        raise OrderAlreadyFinal(line=line, reference=reference, state=state.value)
    return following


def bill_code(product: str, facility: str, year: int, month: int, kind: BillKind) -> str:
    """The code of a bill: plan, facility, year and month (BAT-7); bills of capitation end with C."""
    suffix = "-C" if kind is BillKind.CAPITATION else ""
    return f"{product}-{facility}-{year:04}-{month:02}{suffix}"
