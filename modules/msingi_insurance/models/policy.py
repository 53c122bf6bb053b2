"""Tables of policies: the contract, whom it covers from when to when, and what was paid for it."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.indexes import index_where_set
from msingi.money import Money
from msingi.types import Document, shared_money
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.product import Product
from msingi_insurance.rules.states import PayType, PolicyStatus, Stage


class Policy(Scoped, Versioned, Model):
    """A contract of a family for a time; its place is the family's village (POL-1..POL-4)."""

    __tablename__ = "insurance_policy"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_insurance_policy_family_id_expiry_date", "family_id", "expiry_date"),
        Index("ix_insurance_policy_status_expiry_date", "status", "expiry_date"),
        Index("ix_insurance_policy_product_id", "product_id"),
        index_where_set("insurance_policy", "previous_policy_id"),
        CheckConstraint("value_minor >= 0", name="value"),
    )

    code: Mapped[str] = mapped_column(String(20), doc="Number of the policy.")
    family_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_family.id"), doc="The family.")
    product_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_product.id"), doc="The product.")
    product_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product_version.id"), index=True, doc="The version that it was sold under."
    )
    stage: Mapped[Stage] = mapped_column(doc="N new or R renewal.")
    status: Mapped[PolicyStatus] = mapped_column(doc="Where it stands in its life (POL-4).")
    status_before: Mapped[PolicyStatus | None] = mapped_column(
        doc="What reinstatement restores after a suspension; of an expired policy what it was, when not active (POL-11)."
    )
    status_reason: Mapped[str] = mapped_column(String(500), default="", doc="Why it has this status.")
    enrol_date: Mapped[date] = mapped_column(doc="Day of enrolment; the value is quoted for it.")
    start_date: Mapped[date] = mapped_column(doc="First day of the insurance period.")
    effective_date: Mapped[date | None] = mapped_column(doc="First day of cover; empty until it is paid.")
    expiry_date: Mapped[date] = mapped_column(doc="Last day of cover.")
    value_minor: Mapped[int] = mapped_column(BigInteger, doc="What it costs.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    value_rule: Mapped[str] = mapped_column(String(64), default="", doc="Calculation rule used (PRM-7).")
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="The officer who sold it."
    )
    plan_id: Mapped[UUID | None] = mapped_column(doc="The contribution plan, when one sets the value.")
    previous_policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_policy.id"), doc="The policy that this one renews."
    )
    named_insurees: Mapped[list[str] | None] = mapped_column(
        Document, doc="Ids of the members for whom alone it was taken out; empty when for the whole family."
    )
    left_out: Mapped[list[str] | None] = mapped_column(
        Document, doc="Ids of the other members of that moment, whom it never covers; empty as above."
    )
    value: Mapped[Money] = shared_money("value_minor")

    family: Mapped[Family] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    officer: Mapped[Officer | None] = relationship(lazy="raise")


class InsureePolicy(Scoped, Versioned, Model):
    """That a policy covers an insuree, and from when to when; claims and waiting periods read it (POL-5, POL-12)."""

    __tablename__ = "insurance_insuree_policy"
    __table_args__ = (
        Index("ix_insurance_insuree_policy_insuree_id_expiry_date", "insuree_id", "expiry_date"),
        Index("ix_insurance_insuree_policy_policy_id", "policy_id"),
    )

    insuree_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_insuree.id"), doc="The insuree.")
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_policy.id"), doc="The policy.")
    enrolment_date: Mapped[date] = mapped_column(doc="Day on which the insuree was added.")
    start_date: Mapped[date] = mapped_column(doc="First day of the insurance period.")
    effective_date: Mapped[date | None] = mapped_column(doc="First day of cover; empty until it is paid.")
    expiry_date: Mapped[date] = mapped_column(doc="Last day of cover.")
    valid_to: Mapped[date | None] = mapped_column(
        doc="Day from which it covers no more, when the insuree left; empty while it holds."
    )

    insuree: Mapped[Insuree] = relationship(lazy="raise")
    policy: Mapped[Policy] = relationship(lazy="raise")


class Premium(Scoped, Model):
    """A contribution received for a policy; never changed: a correction is a reversing row of its own (PAY-1, PAY-6)."""

    __tablename__ = "insurance_premium"
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("product_id", "receipt"),
        UniqueConstraint("reverses_id"),
        Index("ix_insurance_premium_policy_id", "policy_id"),
        Index("ix_insurance_premium_pay_date", "pay_date"),
        index_where_set("insurance_premium", "payer_id"),
        index_where_set("insurance_premium", "payment_id"),
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_policy.id"), doc="The policy.")
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product.id"), doc="Its product, in which the receipt is unique (POL-7)."
    )
    payer_id: Mapped[UUID | None] = mapped_column(doc="Who paid, when not the family.")
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="The officer who collected it."
    )
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="The amount; negative in a reversal.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    receipt: Mapped[str] = mapped_column(String(50), doc="Number of the receipt.")
    pay_date: Mapped[date] = mapped_column(doc="Day of the payment.")
    pay_type: Mapped[PayType] = mapped_column(doc="B bank, C cash, M mobile, F funding, K credit.")
    is_photo_fee: Mapped[bool] = mapped_column(default=False, doc="Whether it paid for photos only.")
    reverses_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_premium.id"), doc="The contribution that this row takes back."
    )
    credit_minor: Mapped[int] = mapped_column(
        BigInteger, default=0, doc="The part above the value, which is the family's credit (PAY-6)."
    )
    collected_by: Mapped[UUID | None] = mapped_column(
        doc="The account that recorded it; empty for the system."
    )
    payment_id: Mapped[UUID | None] = mapped_column(doc="The payment that it is a share of.")
    transaction_id: Mapped[UUID | None] = mapped_column(doc="Its transaction in the ledger.")
    amount: Mapped[Money] = shared_money("amount_minor")
    credit: Mapped[Money] = shared_money("credit_minor")

    policy: Mapped[Policy] = relationship(lazy="raise")
