"""Tables of services and of what packages contain."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Versioned
from msingi.money import Money
from msingi.types import Scaled, shared_money
from msingi_catalogue.models.columns import QUANTITY_PLACES, CareTerms, Interval, Named
from msingi_catalogue.rules.kinds import PackageType, ServiceCategory, ServiceLevel, ServiceType


class ServiceTerms(CareTerms):
    """The terms of a service."""

    package_type: Mapped[PackageType] = mapped_column(
        sort_order=30, default=PackageType.SIMPLE, doc="Simple, fixed package or priced package."
    )
    manual_price: Mapped[bool] = mapped_column(
        sort_order=31, default=False, doc="Whether the facility states the price of a package itself."
    )
    level: Mapped[ServiceLevel] = mapped_column(
        sort_order=32, doc="Simple service, visit, day of stay or hospital case."
    )
    category: Mapped[ServiceCategory] = mapped_column(
        sort_order=33, doc="What it makes of the claim in which it stands (CLM-1)."
    )
    max_amount_minor: Mapped[int | None] = mapped_column(
        BigInteger, sort_order=34, doc="Most that one of it may cost; empty without limit."
    )


class MedicalService(Named, ServiceTerms, Interval, Versioned, Model):
    """An act of care with its newest terms; ``valid_from`` is the first day of these."""

    __tablename__ = "catalogue_service"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("patient_mask BETWEEN 0 AND 15", name="patient_mask_known"),
        Index("ix_catalogue_service_name_en", "name_en"),
    )

    type: Mapped[ServiceType] = mapped_column(doc="Preventive or curative.")
    price: Mapped[Money] = shared_money("price_minor")
    max_amount: Mapped[Money | None] = shared_money("max_amount_minor")


class PastService(ServiceTerms, Interval, Model):
    """Terms of a service that held before its newest ones."""

    __tablename__ = "catalogue_past_service"
    __table_args__ = (UniqueConstraint("service_id", "valid_from"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_service.id"), doc="The service.")


class ServiceContent(Interval, Model):
    """What a package contains: a service or an item, its quantity and its price inside the package."""

    __tablename__ = "catalogue_service_content"
    __table_args__ = (
        UniqueConstraint("service_id", "item_id", "valid_from"),
        UniqueConstraint("service_id", "sub_service_id", "valid_from"),
        CheckConstraint("(item_id IS NULL) <> (sub_service_id IS NULL)", name="one_thing"),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_service.id"), doc="The package.")
    item_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("catalogue_item.id"), index=True, doc="The item, when it contains one."
    )
    sub_service_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("catalogue_service.id"), index=True, doc="The service, when it contains one."
    )
    quantity: Mapped[Decimal] = mapped_column(Scaled(QUANTITY_PLACES), doc="How many.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of the price (ISO 4217).")
    price_minor: Mapped[int] = mapped_column(BigInteger, doc="Price of one inside the package.")

    price: Mapped[Money] = shared_money("price_minor")
