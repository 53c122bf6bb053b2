"""Tables of renewals: who is to be asked, by whom, for which product, and what was answered (POL-8, POL-9)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product


class PolicyRenewal(Scoped, Versioned, Model):
    """A policy that should be renewed; its place is the policy's (POL-8)."""

    __tablename__ = "insurance_renewal"
    __table_args__ = (
        UniqueConstraint("policy_id"),
        Index("ix_insurance_renewal_officer_id_renewal_date", "officer_id", "renewal_date"),
        Index("ix_insurance_renewal_renewal_date", "renewal_date"),
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_policy.id"), doc="The policy that ends.")
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), doc="Who asks: the end of the chain of substitutes."
    )
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product.id"), index=True, doc="The product intended for the renewal."
    )
    prompt_date: Mapped[date] = mapped_column(doc="Day on which it came to the list.")
    renewal_date: Mapped[date] = mapped_column(doc="First day without cover.")
    warnings: Mapped[int] = mapped_column(
        doc="Sum of 1 product not valid then, 2 no officer, 4 the officer works no longer then."
    )
    outdated_photos: Mapped[list[str]] = mapped_column(
        Document, default=list, doc="Insurees whose photo is too old."
    )
    told_days: Mapped[int | None] = mapped_column(
        doc="Days before the end at which the family was told last; empty: not yet."
    )
    told_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
    response: Mapped[int | None] = mapped_column(
        doc="Result of the answer, 0 to -5 (POL-9); empty: none yet."
    )
    response_on: Mapped[date | None] = mapped_column(doc="Day of the answer.")
    renewed_policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_policy.id"), index=True, doc="The policy that followed."
    )

    policy: Mapped[Policy] = relationship(lazy="raise", foreign_keys=[policy_id])
    officer: Mapped[Officer | None] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")


class RenewalAnswer(Scoped, Model):
    """What an officer brought back for a renewal: kept whatever came of it (D-27)."""

    __tablename__ = "insurance_renewal_answer"
    __table_args__ = (Index("ix_insurance_renewal_answer_renewal_id", "renewal_id"),)

    renewal_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_renewal.id"), doc="The renewal.")
    officer_code: Mapped[str] = mapped_column(String(20), default="", doc="Officer, as given.")
    values: Mapped[dict[str, Any]] = mapped_column(Document, doc="The values of the answer, as given.")
    result: Mapped[int] = mapped_column(doc="What came of it (POL-9).")
    answered_at: Mapped[datetime] = mapped_column(doc="When it came.")
