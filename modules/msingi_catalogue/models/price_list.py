"""Tables of price lists, their lines, and where each list holds."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import shared_money
from msingi_catalogue.models.columns import CODE_LENGTH, NAME_LENGTH, Interval
from msingi_catalogue.rules.kinds import PriceListKind


class PriceList(Interval, Versioned, Model):
    """A list of prices that holds for the facilities to which it is assigned.

    Its place limits who may change it, not who may read it: the list of the country holds in every district.
    """

    __tablename__ = "catalogue_price_list"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(String(CODE_LENGTH), doc="Unique code.")
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), doc="Name.")
    kind: Mapped[PriceListKind] = mapped_column(doc="Whether it prices items, services or both.")
    dated: Mapped[date] = mapped_column(doc="Day on which it was published.")
    place_id: Mapped[UUID] = mapped_column(
        ForeignKey("rbac_jurisdiction.id"), index=True, doc="The place whose authorities decide on it."
    )
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its prices (ISO 4217).")
    source: Mapped[str] = mapped_column(
        String(100), default="", doc="The list it was read from; demonstration for made-up prices."
    )
    revision: Mapped[int] = mapped_column(default=1, doc="Rises with every change of the list or a line.")
    stamp: Mapped[UUID] = mapped_column(doc="Differs after every change; compiled lists are cached by it.")


class PriceListLine(Interval, Model):
    """An item or a service on a price list, with its own price or at the catalogue's."""

    __tablename__ = "catalogue_price_list_line"
    __table_args__ = (
        UniqueConstraint("price_list_id", "item_id", "valid_from"),
        UniqueConstraint("price_list_id", "service_id", "valid_from"),
        CheckConstraint("(item_id IS NULL) <> (service_id IS NULL)", name="one_thing"),
        CheckConstraint("price_override_minor >= 0", name="price_not_negative"),
    )

    price_list_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_price_list.id"), doc="The list.")
    item_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("catalogue_item.id"), index=True, doc="The item, when it prices one."
    )
    service_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("catalogue_service.id"), index=True, doc="The service, when it prices one."
    )
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of the price (ISO 4217).")
    price_override_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Its own price; empty takes the catalogue price, 0 is free (D-3)."
    )

    price_override: Mapped[Money | None] = shared_money("price_override_minor")


class PriceListAssignment(Interval, Scoped, Versioned, Model):
    """Where a price list holds: for one facility (its leaf) or for all below a place; the nearest one wins."""

    __tablename__ = "catalogue_price_list_assignment"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "price_list_id", "valid_from"),
        Index("ix_catalogue_price_list_assignment_price_list_id", "price_list_id"),
    )

    price_list_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_price_list.id"), doc="The list.")
