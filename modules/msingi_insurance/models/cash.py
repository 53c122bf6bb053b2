"""Tables of cash: what an officer collected, counted and handed over, and who confirmed it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import shared_money
from msingi_insurance.models.field_staff import Officer


class CashState(StrEnum):
    """Where the cash of an officer stands (TZA-14)."""

    OPEN = "open"
    COUNTED = "counted"
    CONFIRMED = "confirmed"


class CashCount(Scoped, Versioned, Model):
    """Cash that an officer collected up to a day; its place is the officer's (TZA-14)."""

    __tablename__ = "insurance_cash_count"
    __table_args__ = (
        Index("ix_insurance_cash_count_officer_id_state", "officer_id", "state"),
        CheckConstraint("counted_minor >= 0", name="counted"),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_officer.id"), doc="The officer.")
    until: Mapped[date] = mapped_column(doc="Contributions paid up to this day belong to it.")
    state: Mapped[CashState] = mapped_column(doc="open, counted or confirmed.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    expected_minor: Mapped[int] = mapped_column(BigInteger, doc="What the contributions add up to.")
    counted_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What was counted.")
    difference_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Counted less expected: negative when money is missing."
    )
    handed_to: Mapped[str] = mapped_column(String(100), default="", doc="Bank or person that received it.")
    slip: Mapped[str] = mapped_column(String(50), default="", doc="Number of the bank slip.")
    note: Mapped[str] = mapped_column(String(500), default="", doc="Why there is a difference.")
    opened_at: Mapped[datetime] = mapped_column(doc="When it was opened.")
    counted_by: Mapped[UUID | None] = mapped_column(doc="Who counted; empty for the system.")
    counted_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
    confirmed_by: Mapped[UUID | None] = mapped_column(doc="Who confirmed: somebody else than who counted.")
    confirmed_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger, once confirmed.")
    expected: Mapped[Money] = shared_money("expected_minor")
    counted: Mapped[Money | None] = shared_money("counted_minor")
    difference: Mapped[Money | None] = shared_money("difference_minor")

    officer: Mapped[Officer] = relationship(lazy="raise")


class CashCountPremium(Scoped, Model):
    """That a contribution belongs to a count: to one only; its place is that of the contribution."""

    __tablename__ = "insurance_cash_count_premium"
    __table_args__ = (UniqueConstraint("premium_id"),)

    count_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_cash_count.id"), index=True, doc="The count."
    )
    premium_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_premium.id"), doc="The contribution.")
