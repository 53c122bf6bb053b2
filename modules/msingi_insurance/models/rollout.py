"""Table of the waves in which a product reaches the regions."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned


class Rollout(Scoped, Versioned, Model):
    """When a product starts in a place and everything below it (TZA-07); its place is that place."""

    __tablename__ = "insurance_rollout"
    __table_args__ = (UniqueConstraint("product_id", "jurisdiction_id"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_product.id"), doc="The product.")
    wave: Mapped[int] = mapped_column(doc="Number of the wave, from 1.")
    starts_on: Mapped[date | None] = mapped_column(doc="First day of enrolment; empty while only invited.")
