"""Tables of payments: references asked from gateways, money received, and to which policies it went (PAY-3..PAY-9)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import Document, shared_money
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.rules.references import ReferenceState
from msingi_insurance.rules.states import PayType, Stage


class PaymentReference(Scoped, Versioned, Model):
    """A reference under which somebody pays; asked from a gateway, kept in a pool or tied to a payment (PAY-9)."""

    __tablename__ = "insurance_reference"
    __table_args__ = (
        UniqueConstraint("gateway", "number"),
        Index("ix_insurance_reference_pool", "product_id", "state", "officer_id", "assigned_on"),
        Index("ix_insurance_reference_state_expires_on", "state", "expires_on"),
    )

    gateway: Mapped[str] = mapped_column(String(32), doc="The gateway that issues and collects.")
    product_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_product.id"), doc="The product whose pool it belongs to."
    )
    number: Mapped[str | None] = mapped_column(String(40), doc="The number; empty until it is issued.")
    state: Mapped[ReferenceState] = mapped_column(doc="Where it stands.")
    code: Mapped[str] = mapped_column(String(40), default="", doc="What the gateway said last.")
    amount_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="What is expected; empty when the payer decides."
    )
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="The officer who holds it."
    )
    insuree_number: Mapped[str] = mapped_column(
        String(50), default="", doc="The insurance number that it was given to."
    )
    assigned_on: Mapped[date | None] = mapped_column(doc="Day on which it was given to somebody.")
    requested_at: Mapped[datetime] = mapped_column(doc="When it was asked for.")
    sent_at: Mapped[datetime | None] = mapped_column(doc="When the request left; it leaves once.")
    asked_at: Mapped[datetime | None] = mapped_column(
        doc="When the gateway was last asked what became of it."
    )
    issued_at: Mapped[datetime | None] = mapped_column(doc="When the number came.")
    expires_on: Mapped[date] = mapped_column(doc="Last day on which it can be paid.")
    amount: Mapped[Money | None] = shared_money("amount_minor")


class Payment(Scoped, Versioned, Model):
    """Money that is expected or has come, with its state; unmatched money stays in suspense (PAY-7)."""

    __tablename__ = "insurance_payment"
    __table_args__ = (
        UniqueConstraint("gateway", "transaction"),
        Index("ix_insurance_payment_state_id", "state", "id"),
        Index("ix_insurance_payment_reference_id", "reference_id"),
        Index("ix_insurance_payment_pay_date", "pay_date"),
        CheckConstraint("received_minor > 0", name="received"),
    )

    state: Mapped[PaymentState] = mapped_column(doc="Where it stands.")
    gateway: Mapped[str] = mapped_column(
        String(32), doc="The gateway, or the name of the statement's source."
    )
    transaction: Mapped[str | None] = mapped_column(
        String(64), doc="The gateway's transaction id: the same one is the same money (PAY-8)."
    )
    digest: Mapped[str] = mapped_column(
        String(64), default="", doc="SHA-256 of what the notice said; empty when a statement told of it."
    )
    reference_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_reference.id"), doc="The reference under which it is paid."
    )
    reference_number: Mapped[str] = mapped_column(
        String(40), default="", doc="The number that the payer gave."
    )
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="The officer who asked for it."
    )
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    expected_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What was expected.")
    received_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What came.")
    pay_date: Mapped[date | None] = mapped_column(doc="Day of the payment.")
    pay_type: Mapped[PayType] = mapped_column(doc="B bank, C cash, M mobile, F funding, K credit.")
    result: Mapped[int] = mapped_column(default=0, doc="Code of receiving it (PAY-7).")
    received_at: Mapped[datetime | None] = mapped_column(doc="When the money was reported.")
    matched_at: Mapped[datetime | None] = mapped_column(doc="When it went to policies.")
    matched_by: Mapped[UUID | None] = mapped_column(doc="Who matched it by hand; empty for the system.")
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger.")
    expected: Mapped[Money | None] = shared_money("expected_minor")
    received: Mapped[Money | None] = shared_money("received_minor")

    reference: Mapped[PaymentReference | None] = relationship(lazy="raise")


class PaymentDetail(Scoped, Model):
    """One policy that a payment is for, and what became of its share (PAY-3..PAY-5)."""

    __tablename__ = "insurance_payment_detail"
    __table_args__ = (Index("ix_insurance_payment_detail_payment_id", "payment_id"),)

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_payment.id"), doc="The payment.")
    position: Mapped[int] = mapped_column(doc="Order in the payment, from 1.")
    insuree_number: Mapped[str] = mapped_column(String(50), doc="Insurance number, as given.")
    product_code: Mapped[str] = mapped_column(String(8), doc="Code of the product, as given.")
    stage: Mapped[Stage] = mapped_column(doc="N new or R renewal.")
    expected_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What the policy costs.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_policy.id"), index=True, doc="The policy that it pays, once found."
    )
    premium_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_premium.id"), index=True, doc="The contribution that it became."
    )
    error: Mapped[int] = mapped_column(default=0, doc="Code of matching, 101 to 109; 0 is none (PAY-4).")
    expected: Mapped[Money | None] = shared_money("expected_minor")


class Statement(Scoped, Versioned, Model):
    """A statement of a gateway or bank compared with our payments (PG-5); its place is that of who compared it."""

    __tablename__ = "insurance_statement"
    __table_args__ = (Index("ix_insurance_statement_gateway_day", "gateway", "day"),)

    gateway: Mapped[str] = mapped_column(String(32), doc="The gateway or bank.")
    day: Mapped[date] = mapped_column(doc="The day that it lists.")
    made_at: Mapped[datetime] = mapped_column(doc="When it was compared.")
    made_by: Mapped[UUID | None] = mapped_column(doc="Who compared it; empty for the system.")
    listed: Mapped[int] = mapped_column(doc="Transactions that it lists.")
    matched: Mapped[int] = mapped_column(doc="Those that we know with the same amount.")
    missing: Mapped[int] = mapped_column(doc="Those that we do not know: money that we were not told of.")
    extra: Mapped[int] = mapped_column(doc="Ours of that day that it does not list.")
    different: Mapped[int] = mapped_column(doc="Those with another amount.")
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Document, doc="Every line that is not matched.")
    approved_by: Mapped[UUID | None] = mapped_column(
        doc="Who had the differences posted: somebody else (PG-5)."
    )
    approved_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
