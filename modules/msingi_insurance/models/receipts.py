"""Tables of receipts: their sequence without gaps, and requests to take a contribution back (POL-7, PAY-6)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import shared_money
from msingi_insurance.models.policy import Premium


class ReceiptSequence(Scoped, Model):
    """The last automatic receipt of a product on a day; taken under lock, so that there is no gap (POL-7)."""

    __tablename__ = "insurance_receipt_sequence"
    __audited__ = False
    __table_args__ = (UniqueConstraint("product_id", "day"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_product.id"), doc="The product.")
    day: Mapped[date] = mapped_column(doc="The day of the receipts.")
    last: Mapped[int] = mapped_column(doc="The last number given.")


class ReturnKind(StrEnum):
    """Why money goes back."""

    REVERSAL = "reversal"
    """The whole contribution was a mistake."""
    REFUND = "refund"
    """The credit of the family goes back to who paid it."""


class ReturnState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class PremiumReturn(Scoped, Versioned, Model):
    """A request to reverse a contribution or to refund an excess; somebody else decides (PAY-6, attack 24)."""

    __tablename__ = "insurance_premium_return"
    __table_args__ = (
        Index("ix_insurance_premium_return_premium_id", "premium_id"),
        Index("ix_insurance_premium_return_state_id", "state", "id"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    premium_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_premium.id"), doc="The contribution.")
    kind: Mapped[ReturnKind] = mapped_column(doc="reversal or refund.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="What goes back.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    reason: Mapped[str] = mapped_column(String(500), doc="Why.")
    state: Mapped[ReturnState] = mapped_column(doc="requested, approved or refused.")
    requested_by: Mapped[UUID | None] = mapped_column(doc="Who asked; empty for the system.")
    requested_at: Mapped[datetime] = mapped_column(doc="When that was.")
    decided_by: Mapped[UUID | None] = mapped_column(doc="Who decided: neither who asked nor who collected.")
    decided_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
    reversal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_premium.id"), index=True, doc="The row that takes the contribution back."
    )
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger.")
    amount: Mapped[Money] = shared_money("amount_minor")

    premium: Mapped[Premium] = relationship(lazy="raise", foreign_keys=[premium_id])
