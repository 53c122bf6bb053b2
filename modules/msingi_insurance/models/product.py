"""Tables of products: what is sold, and every version of its terms."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Versioned
from msingi.types import Document

_LIVE = text("closed_on IS NULL")


class Product(Versioned, Model):
    """An insurance product; its place is the whole country, a region or a district (PRD-1).

    The place limits who may change it and where it is sold, not who may read it: what the country sells is known
    in every district. The terms stand in its versions: a policy keeps the version that it was sold under.
    """

    __tablename__ = "insurance_product"
    __table_args__ = (
        Index(
            "uq_insurance_product_live_code", "code", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
    )

    jurisdiction_id: Mapped[UUID] = mapped_column(
        ForeignKey("rbac_jurisdiction.id"), index=True, doc="The place in which it is sold."
    )
    code: Mapped[str] = mapped_column(String(8), doc="Code, unique among products that are not closed.")
    name: Mapped[str] = mapped_column(String(100), doc="Name.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    date_from: Mapped[date] = mapped_column(doc="First day on which it may be sold.")
    date_to: Mapped[date | None] = mapped_column(doc="Last day on which it may be sold; empty: no end.")
    closed_on: Mapped[date | None] = mapped_column(doc="Day on which it was closed; never deleted once sold.")
    conversion_product_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_product.id"), index=True, doc="The product that replaces it at renewal."
    )
    current_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_product_version.id", use_alter=True), doc="The version that is sold now."
    )

    current_version: Mapped["ProductVersion | None"] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[current_version_id]
    )


class ProductVersion(Model):
    """The terms of a product from a day on; never changed, only followed by a next version."""

    __tablename__ = "insurance_product_version"
    __table_args__ = (UniqueConstraint("product_id", "number"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_product.id"), doc="The product.")
    number: Mapped[int] = mapped_column(doc="1 for the first version.")
    valid_from: Mapped[date] = mapped_column(doc="First day on which policies are sold under it.")
    terms: Mapped[dict[str, Any]] = mapped_column(Document, doc="The terms, as the published schema says.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the terms in canonical form.")
    reason: Mapped[str] = mapped_column(String(500), default="", doc="Why it was made.")
    made_at: Mapped[datetime] = mapped_column(doc="When it was made.")
    made_by: Mapped[UUID | None] = mapped_column(doc="Who made it; empty for the system.")
