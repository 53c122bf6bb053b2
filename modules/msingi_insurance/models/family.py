"""Tables of families and insurees: roles of households and persons of the registry."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.types import SealedText
from msingi_insurance.rules.moves import MoveDirection
from msingi_insurance.rules.states import InsureeStatus, Relationship
from msingi_registry import Facility, Household, Person

_VALID = text("valid_to IS NULL")


class Family(Scoped, Versioned, Model):
    """An insured family: a household that takes out policies; its place is a village (INS-1)."""

    __tablename__ = "insurance_family"
    __table_args__ = (
        Index(
            "uq_insurance_family_valid_household",
            "household_id",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
    )

    household_id: Mapped[UUID] = mapped_column(ForeignKey("registry_household.id"), doc="The household.")
    family_type: Mapped[str] = mapped_column(String(20), default="", doc="Type, by the country's list.")
    poverty: Mapped[bool] = mapped_column(default=False, doc="Whether it is recognised as poor.")
    confirmation_type: Mapped[str] = mapped_column(String(20), default="", doc="How that was confirmed.")
    confirmation_number: Mapped[str] = mapped_column(
        String(50), default="", doc="Number of the confirmation."
    )
    ethnicity: Mapped[str] = mapped_column(String(50), default="", doc="Only where the scheme needs it.")
    valid_from: Mapped[date] = mapped_column(doc="First day of the family in the scheme.")
    valid_to: Mapped[date | None] = mapped_column(doc="Day from which it is no longer valid.")

    household: Mapped[Household] = relationship(lazy="raise")


class Insuree(Scoped, Versioned, Model):
    """A person as an insured person; death and change never remove the history (INS-3, INS-5)."""

    __tablename__ = "insurance_insuree"
    __table_args__ = (
        Index(
            "uq_insurance_insuree_valid_person",
            "person_id",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
        UniqueConstraint("number"),
        Index("ix_insurance_insuree_family_id", "family_id"),
        Index("ix_insurance_insuree_number_id", "number", "id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("registry_person.id"), doc="The person.")
    number: Mapped[str] = mapped_column(String(50), doc="Insurance number (INS-2).")
    is_pseudonymous: Mapped[bool] = mapped_column(
        default=False, doc="Whether only programme number, sex and year of birth are held (INS-7)."
    )
    family_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_family.id"), doc="The family; empty for an insuree without one (INS-5)."
    )
    is_head: Mapped[bool] = mapped_column(default=False, doc="Whether the insuree heads the family (INS-1).")
    relationship_to_head: Mapped[Relationship | None] = mapped_column(doc="What the insuree is to the head.")
    marital_status: Mapped[str] = mapped_column(String(20), default="", doc="By the country's list.")
    profession: Mapped[str] = mapped_column(String(50), default="", doc="By the country's list.")
    education: Mapped[str] = mapped_column(String(50), default="", doc="By the country's list.")
    first_service_point_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility of choice (INS-6)."
    )
    card_issued: Mapped[bool] = mapped_column(default=False, doc="Whether a card was handed over (INS-4).")
    status: Mapped[InsureeStatus] = mapped_column(default=InsureeStatus.ACTIVE, doc="AC, IN or DE.")
    status_on: Mapped[date | None] = mapped_column(doc="Since when the status holds.")
    status_reason: Mapped[str] = mapped_column(String(50), default="", doc="Why, by the country's list.")
    photo_on: Mapped[date | None] = mapped_column(doc="Day of the current photo (INS-4).")
    valid_from: Mapped[date] = mapped_column(doc="First day of the insuree in the scheme.")
    valid_to: Mapped[date | None] = mapped_column(doc="Day from which the record is no longer valid.")

    person: Mapped[Person] = relationship(lazy="raise")
    family: Mapped[Family | None] = relationship(lazy="raise")
    first_service_point: Mapped[Facility | None] = relationship(lazy="raise")


class FormerNumber(Scoped, Model):
    """A number that an insuree had before, such as a temporary one of an offline device; it still resolves (INS-7)."""

    __tablename__ = "insurance_former_number"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[str] = mapped_column(String(50), doc="The number.")
    insuree_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_insuree.id"), index=True, doc="Whose number it was."
    )
    replaced_on: Mapped[date] = mapped_column(doc="Day on which another one took its place.")
    reason: Mapped[str] = mapped_column(String(200), default="", doc="Why it was replaced.")


class FamilyMove(Scoped, Model):
    """That a family left a village, or came to one: two rows for each move, one for those who work in each village (INS-8)."""

    __tablename__ = "insurance_family_move"
    __append_only__ = True
    __table_args__ = (
        Index("ix_insurance_family_move_family_id", "family_id"),
        Index("ix_insurance_family_move_moved_on_id", "moved_on", "id"),
    )

    family_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_family.id"), doc="The family.")
    direction: Mapped[MoveDirection] = mapped_column(doc="Whether it left this village or came to it.")
    other_id: Mapped[UUID] = mapped_column(
        ForeignKey("rbac_jurisdiction.id"), doc="The village to which it went, or from which it came."
    )
    moved_on: Mapped[date] = mapped_column(doc="Day of the move.")
    reason: Mapped[str] = mapped_column(String(500), doc="Why it moved.")
    moved_by: Mapped[UUID | None] = mapped_column(doc="Who registered the move; empty for the system.")


class InsureePhoto(Scoped, Model):
    """A photo of an insuree; the digest finds one picture given to many people (attack 89)."""

    __tablename__ = "insurance_photo"
    __table_args__ = (
        Index("ix_insurance_photo_insuree_id_taken_on", "insuree_id", "taken_on"),
        Index("ix_insurance_photo_digest", "digest"),
    )

    insuree_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_insuree.id"), doc="The insuree.")
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="The officer who took it."
    )
    taken_on: Mapped[date] = mapped_column(doc="Day on which it was taken.")
    media_type: Mapped[str] = mapped_column(String(20), doc="image/jpeg or image/png.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the picture.")
    content: Mapped[str] = mapped_column(
        SealedText, info={"personal": True}, doc="The picture in base64, sealed with the installation's keys."
    )
    rejected: Mapped[str] = mapped_column(String(200), default="", doc="Why it was rejected; empty if not.")
