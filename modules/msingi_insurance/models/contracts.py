"""Tables of group cover: policy holders, plans and bundles, contracts with their members and invoices."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import Document, SealedText, shared_money
from msingi_insurance.models.product import Product
from msingi_insurance.rules.contract import ContractState


class PlanKind(StrEnum):
    """What a plan computes."""

    CONTRIBUTION = "contribution"
    PAYMENT = "payment"


class PolicyHolder(Scoped, Versioned, Model):
    """An employer or association that covers its people; its place is the seat."""

    __tablename__ = "insurance_policy_holder"
    __table_args__ = (UniqueConstraint("code"), Index("ix_insurance_policy_holder_name_id", "name", "id"))

    code: Mapped[str] = mapped_column(String(32), doc="Code.")
    name: Mapped[str] = mapped_column(String(200), doc="Trade name.")
    legal_form: Mapped[str] = mapped_column(String(20), default="", doc="Legal form, by the country's list.")
    activity_code: Mapped[str] = mapped_column(String(20), default="", doc="Branch, by the country's list.")
    address: Mapped[str] = mapped_column(String(200), default="", doc="Address.")
    phone: Mapped[str | None] = mapped_column(SealedText, info={"personal": True}, doc="Telephone number.")
    bank_account: Mapped[str | None] = mapped_column(SealedText, doc="Bank account.")
    closed_on: Mapped[date | None] = mapped_column(doc="Day from which it takes part no more.")


class PolicyHolderUser(Scoped, Model):
    """That an account acts for a policy holder; its place is the holder's."""

    __tablename__ = "insurance_policy_holder_user"
    __table_args__ = (UniqueConstraint("holder_id", "user_id"),)

    holder_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_policy_holder.id"), doc="The policy holder."
    )
    user_id: Mapped[UUID] = mapped_column(index=True, doc="The account.")


class Plan(Scoped, Versioned, Model):
    """How an amount comes about for a product: calculation rule, parameters, periodicity; its place is the product's."""

    __tablename__ = "insurance_plan"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        CheckConstraint("periodicity > 0", name="periodicity"),
    )

    kind: Mapped[PlanKind] = mapped_column(doc="contribution or payment.")
    code: Mapped[str] = mapped_column(String(32), doc="Code.")
    name: Mapped[str] = mapped_column(String(100), doc="Name.")
    rule: Mapped[str] = mapped_column(String(64), doc="Calculation rule.")
    parameters: Mapped[dict[str, Any]] = mapped_column(Document, doc="Parameters of the rule.")
    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_product.id"), index=True, doc="The product."
    )
    periodicity: Mapped[int] = mapped_column(doc="Months that one amount pays for.")
    valid_from: Mapped[date] = mapped_column(doc="First day of use.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last day of use; empty: no end.")

    product: Mapped[Product] = relationship(lazy="raise")


class PlanBundle(Scoped, Versioned, Model):
    """Plans that are offered together."""

    __tablename__ = "insurance_plan_bundle"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(String(32), doc="Code.")
    name: Mapped[str] = mapped_column(String(100), doc="Name.")


class PlanBundleItem(Scoped, Model):
    """That a bundle holds a plan; its place is the bundle's."""

    __tablename__ = "insurance_plan_bundle_item"
    __table_args__ = (UniqueConstraint("bundle_id", "plan_id"),)

    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_plan_bundle.id"), doc="The bundle.")
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_plan.id"), index=True, doc="The plan.")


class PolicyHolderMember(Scoped, Versioned, Model):
    """That a policy holder covers an insuree under a bundle; its place is the holder's."""

    __tablename__ = "insurance_policy_holder_member"
    __table_args__ = (
        UniqueConstraint("holder_id", "insuree_id"),
        Index("ix_insurance_policy_holder_member_insuree_id", "insuree_id"),
    )

    holder_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_policy_holder.id"), doc="The policy holder."
    )
    insuree_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_insuree.id"), doc="The insuree.")
    bundle_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_plan_bundle.id"), index=True, doc="The bundle of plans."
    )
    income_minor: Mapped[int | None] = mapped_column(BigInteger, doc="Monthly income, where a plan needs it.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    valid_to: Mapped[date | None] = mapped_column(doc="Day from which it is no longer covered.")
    income: Mapped[Money | None] = shared_money("income_minor")


class Contract(Scoped, Versioned, Model):
    """A contract of a policy holder for a time; amounts are exact (D-35); its place is the holder's."""

    __tablename__ = "insurance_contract"
    __table_args__ = (
        UniqueConstraint("code", "amendment"),
        Index("ix_insurance_contract_holder_id", "holder_id"),
        CheckConstraint("date_to >= date_from", name="period"),
    )

    code: Mapped[str] = mapped_column(String(32), doc="Number of the contract.")
    amendment: Mapped[int] = mapped_column(default=0, doc="0 for the first version, then 1, 2, ...")
    amends_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_contract.id"), index=True, doc="The contract that it amends or renews."
    )
    holder_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_policy_holder.id"), doc="The policy holder."
    )
    state: Mapped[ContractState] = mapped_column(doc="Where it stands.")
    date_from: Mapped[date] = mapped_column(doc="First day.")
    date_to: Mapped[date] = mapped_column(doc="Last day.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    notified_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="What the holder was told at submission."
    )
    rectified_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What came out at approval.")
    due_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What is to be paid.")
    payment_due: Mapped[date | None] = mapped_column(doc="Last day of payment.")
    submitted_by: Mapped[UUID | None] = mapped_column(doc="Who submitted it.")
    approved_by: Mapped[UUID | None] = mapped_column(doc="Who approved it: somebody else.")
    approved_at: Mapped[datetime | None] = mapped_column(doc="When that was.")
    reason: Mapped[str] = mapped_column(String(500), default="", doc="Why it was countered or terminated.")
    notified: Mapped[Money | None] = shared_money("notified_minor")
    rectified: Mapped[Money | None] = shared_money("rectified_minor")
    due: Mapped[Money | None] = shared_money("due_minor")

    holder: Mapped[PolicyHolder] = relationship(lazy="raise")


class ContractLine(Scoped, Model):
    """One insuree under one plan of a contract, with the contribution and, once paid, the policy."""

    __tablename__ = "insurance_contract_line"
    __table_args__ = (UniqueConstraint("contract_id", "insuree_id", "plan_id"),)

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_contract.id"), doc="The contract.")
    insuree_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_insuree.id"), index=True, doc="The insuree."
    )
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_plan.id"), index=True, doc="The plan.")
    income_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Monthly income that it was computed from."
    )
    amount_minor: Mapped[int | None] = mapped_column(BigInteger, doc="The contribution of the whole period.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    rule: Mapped[str] = mapped_column(String(64), default="", doc="Calculation rule used.")
    policy_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_policy.id"), index=True, doc="The policy, once the invoice is paid."
    )
    income: Mapped[Money | None] = shared_money("income_minor")
    amount: Mapped[Money | None] = shared_money("amount_minor")


class ContractInvoice(Scoped, Versioned, Model):
    """The invoice of an approved contract; paying it makes policies and contributions."""

    __tablename__ = "insurance_contract_invoice"
    __table_args__ = (UniqueConstraint("contract_id"), UniqueConstraint("code"))

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_contract.id"), doc="The contract.")
    code: Mapped[str] = mapped_column(String(40), doc="Number of the invoice.")
    amount_minor: Mapped[int] = mapped_column(BigInteger, doc="What is to be paid.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency, ISO 4217.")
    issued_on: Mapped[date] = mapped_column(doc="Day of the invoice.")
    due_on: Mapped[date] = mapped_column(doc="Last day of payment.")
    paid_on: Mapped[date | None] = mapped_column(doc="Day of the payment; empty until then.")
    receipt: Mapped[str] = mapped_column(String(40), default="", doc="Receipt or transaction of the payment.")
    amount: Mapped[Money] = shared_money("amount_minor")
