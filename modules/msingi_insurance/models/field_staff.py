"""Tables of enrolment officers: who enrols where, and who stands in for them."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.types import SealedText


class Officer(Scoped, Versioned, Model):
    """An enrolment officer or village agent (TZA-14); the place is the one that he or she reports to."""

    __tablename__ = "insurance_officer"
    __table_args__ = (UniqueConstraint("code"), Index("ix_insurance_officer_user_id", "user_id"))

    code: Mapped[str] = mapped_column(String(20), doc="Code.")
    name: Mapped[str] = mapped_column(String(100), doc="Name, as printed on receipts.")
    user_id: Mapped[UUID | None] = mapped_column(doc="The account, when he or she has one.")
    phone: Mapped[str | None] = mapped_column(SealedText, info={"personal": True}, doc="Telephone number.")
    works_to: Mapped[date | None] = mapped_column(doc="Last day at work; empty: no end.")
    substitution_officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="Who takes over renewals (POL-8)."
    )


class OfficerVillage(Scoped, Model):
    """A place that an officer serves, with everything below it; its place is that place."""

    __tablename__ = "insurance_officer_village"
    __table_args__ = (UniqueConstraint("officer_id", "jurisdiction_id"),)

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_officer.id"), doc="The officer.")
