"""Tables of payers: who pays contributions for families, and what they gave to a product as a whole."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import SealedText, shared_money
from msingi_insurance.models.product import Product
from msingi_insurance.rules.states import PayerType


class FundingStatus(StrEnum):
    """Where a funding stands; the letters are those of trained staff."""

    NEW = "N"
    POSTED = "P"
    ACCEPTED = "A"
    REJECTED = "R"


class Payer(Scoped, Versioned, Model):
    """Somebody who pays for families; the place is where, or above where, the payer may be used (PAY-1)."""

    __tablename__ = "insurance_payer"
    __table_args__ = (Index("ix_insurance_payer_name_id", "name", "id"),)

    type: Mapped[PayerType] = mapped_column(
        doc="C co-operative, D donor, G government, L local authority, O other, P private."
    )
    name: Mapped[str] = mapped_column(String(100), doc="Name.")
    address: Mapped[str] = mapped_column(String(200), default="", doc="Address.")
    phone: Mapped[str | None] = mapped_column(SealedText, info={"personal": True}, doc="Telephone number.")
    email: Mapped[str | None] = mapped_column(SealedText, info={"personal": True}, doc="E-mail address.")
    made_by: Mapped[UUID | None] = mapped_column(doc="Who added it; empty for the system.")
    closed_on: Mapped[date | None] = mapped_column(doc="Day from which it is no longer used.")


class Funding(Scoped, Versioned, Model):
    """Money that a payer gives to a product: a record of its own, never a family or a policy; its place is the product's."""

    __tablename__ = "insurance_funding"
    __table_args__ = (
        UniqueConstraint("product_id", "receipt"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_product.id"), doc="The product.")
    payer_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_payer.id"), index=True, doc="The payer.")
    pay_date: Mapped[date] = mapped_column(doc="Day of the payment.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="The amount.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    receipt: Mapped[str] = mapped_column(String(50), doc="Number of the receipt, unique in the product.")
    status: Mapped[FundingStatus] = mapped_column(doc="N new, P posted, A accepted, R rejected.")
    recorded_by: Mapped[UUID | None] = mapped_column(doc="Who recorded it; empty for the system.")
    decided_by: Mapped[UUID | None] = mapped_column(doc="Who accepted or rejected it: somebody else.")
    decided_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
    reason: Mapped[str] = mapped_column(String(500), default="", doc="Why it was rejected.")
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger, once posted.")
    amount: Mapped[Money] = shared_money("amount_minor")

    product: Mapped[Product] = relationship(lazy="raise")
    payer: Mapped[Payer] = relationship(lazy="raise")
