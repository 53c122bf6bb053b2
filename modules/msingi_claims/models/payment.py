"""Tables of batch runs and of what facilities are paid: indexes, capitation, bills, payments and their orders."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import Scaled, SealedText, shared_money
from msingi_claims.rules.bills import BillKind, BillState, FacilityPaymentState, PaymentOrderState
from msingi_insurance import PoolCare, PoolPeriod, Product
from msingi_registry import Facility

_PERCENT, _UNIT = 4, 8


class BatchRun(Scoped, Model):
    """One run for a place, a year and a month: never twice (BAT-1)."""

    __tablename__ = "claims_batch_run"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "year", "month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    )

    year: Mapped[int] = mapped_column(doc="Year of its period.")
    month: Mapped[int] = mapped_column(doc="Month of its period, from 1.")
    claims: Mapped[int] = mapped_column(default=0, doc="Claims that it billed.")
    bills: Mapped[int] = mapped_column(default=0, doc="Bills that it issued.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, default=0, doc="Sum of its bills.")
    amount: Mapped[Money] = shared_money("amount_minor")
    run_at: Mapped[datetime] = mapped_column(doc="When it ran.")
    run_by: Mapped[UUID | None] = mapped_column(doc="Who ran it.")


class RelativeIndex(Scoped, Model):
    """What a relative price of a period is really worth (BAT-3); its place is that of the product."""

    __tablename__ = "claims_relative_index"
    __table_args__ = (UniqueConstraint("product_id", "care", "year", "period", "part"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("claims_batch_run.id"), index=True, doc="The run.")
    product_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_product.id"), doc="The product.")
    care: Mapped[PoolCare] = mapped_column(doc="B all care, I hospital, O other care.")
    year: Mapped[int] = mapped_column(doc="Year of the period.")
    period: Mapped[PoolPeriod] = mapped_column(doc="Month, quarter or year.")
    part: Mapped[int] = mapped_column(doc="Which month or quarter, from 1.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    allocated_minor: Mapped[int] = mapped_column(BigInteger, doc="Contributions allocated (BAT-2).")
    nominal_minor: Mapped[int] = mapped_column(BigInteger, doc="Sum of the nominal values.")
    percentage: Mapped[Decimal] = mapped_column(
        Scaled(_PERCENT), doc="Percent of the allocated contributions."
    )
    value: Mapped[Decimal] = mapped_column(Scaled(4), doc="The index, four decimals.")
    allocated: Mapped[Money] = shared_money("allocated_minor")
    nominal: Mapped[Money] = shared_money("nominal_minor")


class Catchment(Scoped, Model):
    """The part of a place that a facility serves; its place is the leaf of the facility (BAT-7)."""

    __tablename__ = "claims_catchment"
    __table_args__ = (
        UniqueConstraint("facility_id", "place_id"),
        CheckConstraint("percent > 0", name="percent"),
    )

    facility_id: Mapped[UUID] = mapped_column(ForeignKey("registry_facility.id"), doc="The facility.")
    place_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"), index=True, doc="The place.")
    percent: Mapped[Decimal] = mapped_column(Scaled(_PERCENT), doc="Percent of its people, up to 100.")


class PlaceFigures(Scoped, Versioned, Model):
    """How many people and families live in a place (BAT-7)."""

    __tablename__ = "claims_place_figures"
    __table_args__ = (UniqueConstraint("jurisdiction_id"),)

    population: Mapped[int] = mapped_column(doc="People.")
    families: Mapped[int] = mapped_column(doc="Families.")


class CapitationShare(Scoped, Model):
    """What a facility receives for one component of a month's capitation (BAT-7)."""

    __tablename__ = "claims_capitation_share"
    __table_args__ = (UniqueConstraint("batch_id", "product_id", "facility_id", "component"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("claims_batch_run.id"), doc="The run.")
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product.id"), index=True, doc="The product."
    )
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility."
    )
    component: Mapped[str] = mapped_column(String(30), doc="population, families, insured_population ...")
    count: Mapped[Decimal] = mapped_column(Scaled(4), doc="How many of it the facility serves.")
    unit: Mapped[Decimal] = mapped_column(Scaled(_UNIT), doc="Price of one.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="Count times price, shares adding up exactly.")
    amount: Mapped[Money] = shared_money("amount_minor")


class CapitationPool(Scoped, Model):
    """The funds of one component of a month's capitation, and what nobody could receive of them (BAT-7)."""

    __tablename__ = "claims_capitation_pool"
    __table_args__ = (UniqueConstraint("batch_id", "product_id", "component"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("claims_batch_run.id"), doc="The run.")
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product.id"), index=True, doc="The product."
    )
    component: Mapped[str] = mapped_column(String(30), doc="population, families, insured_population ...")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="The funds of the component.")
    undistributed_minor: Mapped[int] = mapped_column(
        BigInteger, doc="All of them when no facility counts anything, else nothing."
    )
    unit: Mapped[Decimal] = mapped_column(Scaled(_UNIT), doc="Price of one.")
    amount: Mapped[Money] = shared_money("amount_minor")
    undistributed: Mapped[Money] = shared_money("undistributed_minor")


class FacilityPayment(Scoped, Versioned, Model):
    """The payment of the bills of a region's facilities: made by one person, approved by another (TZA-16)."""

    __tablename__ = "claims_payment"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(String(35), doc="Code; the message id of its bank file.")
    state: Mapped[FacilityPaymentState] = mapped_column(
        default=FacilityPaymentState.DRAFT, doc="Where it stands."
    )
    orders: Mapped[int] = mapped_column(doc="How many facilities it pays.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="Sum of its orders.")
    amount: Mapped[Money] = shared_money("amount_minor")
    due_on: Mapped[date] = mapped_column(doc="Day on which the bank shall pay.")
    made_at: Mapped[datetime] = mapped_column(doc="When it was made.")
    made_by: Mapped[UUID | None] = mapped_column(doc="Who made it.")
    approved_at: Mapped[datetime | None] = mapped_column(doc="When it was approved.")
    approved_by: Mapped[UUID | None] = mapped_column(doc="Who approved it: somebody else (attack 24).")
    sent_at: Mapped[datetime | None] = mapped_column(doc="When it went to the bank.")
    settled_at: Mapped[datetime | None] = mapped_column(doc="When the last answer of the bank was known.")


class FacilityAccount(Scoped, Versioned, Model):
    """Where the money of a facility goes; proposed by one person, approved by another."""

    __tablename__ = "claims_facility_account"
    __table_args__ = (Index("ix_claims_facility_account_facility_id", "facility_id"),)

    facility_id: Mapped[UUID] = mapped_column(ForeignKey("registry_facility.id"), doc="The facility.")
    holder: Mapped[str] = mapped_column(String(140), doc="Holder of the account.")
    bank: Mapped[str] = mapped_column(String(35), doc="Code of the bank: BIC or national.")
    number: Mapped[str] = mapped_column(
        SealedText, info={"personal": True}, doc="Number of the account, at most 34 characters."
    )
    proposed_at: Mapped[datetime] = mapped_column(doc="When it was proposed.")
    proposed_by: Mapped[UUID | None] = mapped_column(doc="Who proposed it.")
    approved_at: Mapped[datetime | None] = mapped_column(doc="When it was approved; the latest one holds.")
    approved_by: Mapped[UUID | None] = mapped_column(doc="Who approved it: somebody else.")


class PaymentOrder(Scoped, Versioned, Model):
    """The order to pay one facility; its place is the leaf of the facility."""

    __tablename__ = "claims_payment_order"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_claims_payment_order_payment_id", "payment_id"),
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("claims_payment.id"), doc="The payment.")
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility."
    )
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("claims_facility_account.id"), index=True, doc="The account that is credited."
    )
    reference: Mapped[str] = mapped_column(String(35), doc="What the bank's answer names.")
    state: Mapped[PaymentOrderState] = mapped_column(
        default=PaymentOrderState.PENDING, doc="Where it stands."
    )
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="Sum of its bills.")
    amount: Mapped[Money] = shared_money("amount_minor")
    answered_on: Mapped[date | None] = mapped_column(doc="Day of the bank's answer.")
    failure: Mapped[str] = mapped_column(String(200), default="", doc="Why the bank did not pay.")
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger.")
    return_id: Mapped[UUID | None] = mapped_column(
        doc="The transaction that took it back, when the money came back (F36)."
    )

    facility: Mapped[Facility] = relationship(lazy="raise")
    payment: Mapped[FacilityPayment] = relationship(lazy="raise")


class Bill(Scoped, Versioned, Model):
    """What a facility is owed for a product and a month; its place is the leaf of the facility (BAT-6)."""

    __tablename__ = "claims_bill"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_claims_bill_state_facility_id", "state", "facility_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    code: Mapped[str] = mapped_column(String(50), doc="Plan, facility, year and month.")
    kind: Mapped[BillKind] = mapped_column(doc="For claims or for capitation.")
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("claims_batch_run.id"), index=True, doc="The run.")
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility."
    )
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product.id"), index=True, doc="The product."
    )
    state: Mapped[BillState] = mapped_column(default=BillState.ISSUED, doc="Where it stands.")
    claims: Mapped[int] = mapped_column(doc="How many claims it pays.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="What is owed.")
    amount: Mapped[Money] = shared_money("amount_minor")
    order_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_payment_order.id"), index=True, doc="The order that pays it."
    )
    account: Mapped[str] = mapped_column(
        String(25), default="", doc="The product's account of remuneration, for accounting."
    )
    issued_on: Mapped[date] = mapped_column(doc="Day on which it was issued.")
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger.")

    facility: Mapped[Facility] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")


class BillLine(Model):
    """What a bill owes for one claim (BAT-6)."""

    __tablename__ = "claims_bill_line"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("claim_id", "product_id"),
        Index("ix_claims_bill_line_bill_id", "bill_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    bill_id: Mapped[UUID] = mapped_column(ForeignKey("claims_bill.id"), doc="The bill.")
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    product_id: Mapped[UUID] = mapped_column(doc="The product: a claim is billed once for each.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="The amount.")
    amount: Mapped[Money] = shared_money("amount_minor")
