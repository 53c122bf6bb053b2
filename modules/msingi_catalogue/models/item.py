"""Tables of items: drugs, prostheses and consumables."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Versioned
from msingi.money import Money
from msingi.types import shared_money
from msingi_catalogue.models.columns import Interval, ItemTerms, Named
from msingi_catalogue.rules.kinds import ItemType


class MedicalItem(Named, ItemTerms, Interval, Versioned, Model):
    """A drug, a prosthesis or a consumable with its newest terms; ``valid_from`` is the first day of these."""

    __tablename__ = "catalogue_item"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("patient_mask BETWEEN 0 AND 15", name="patient_mask_known"),
        Index("ix_catalogue_item_name_en", "name_en"),
    )

    type: Mapped[ItemType] = mapped_column(doc="Drug, or prosthesis and consumable.")
    package: Mapped[str] = mapped_column(
        String(250), default="", doc="What one unit is, such as a tablet or a 500 ml bottle."
    )
    price: Mapped[Money] = shared_money("price_minor")


class PastItem(ItemTerms, Interval, Model):
    """Terms of an item that held before its newest ones."""

    __tablename__ = "catalogue_past_item"
    __table_args__ = (UniqueConstraint("item_id", "valid_from"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_item.id"), doc="The item.")
