"""Tables of identity: identifiers, health IDs, the blocks they are leased in, and cards."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.types import SealedText
from msingi_registry.models.person import Person
from msingi_registry.rules.matching import IdentifierRole

MAX_DEVICE: Final = 100
MAX_REASON: Final = 200


class IdentifierState(StrEnum):
    """Whether an identifier still counts."""

    ACTIVE = "active"
    ENDED = "ended"


class Identifier(Scoped, Model):
    """An identifier that a person carries beside the health ID; the value is sealed (ID-4, attack 99)."""

    __tablename__ = "registry_identifier"
    __table_args__ = (
        Index("ix_registry_identifier_person_id", "person_id"),
        Index("ix_registry_identifier_value_index", "value_index"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("registry_person.id"), doc="Whose identifier it is.")
    type: Mapped[str] = mapped_column(String(32), doc="Code of its type, from the settings.")
    system: Mapped[str] = mapped_column(String(200), doc="URI of the numbering system.")
    value: Mapped[str] = mapped_column(SealedText, doc="The value in normal form.")
    value_index: Mapped[str] = mapped_column(String(32), doc="Blind index of the value.")
    proves: Mapped[IdentifierRole | None] = mapped_column(doc="What an equal value proves (ID-9).")
    location_id: Mapped[UUID | None] = mapped_column(
        doc="The facility that gave it, for types that need one."
    )
    assigner: Mapped[str] = mapped_column(String(200), default="", doc="Who gave it.")
    valid_from: Mapped[date | None] = mapped_column(doc="First day of validity, when known.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last day of validity, when limited.")
    state: Mapped[IdentifierState] = mapped_column(
        default=IdentifierState.ACTIVE, doc="Whether it still counts."
    )

    person: Mapped[Person] = relationship(lazy="raise")


class IdentifierClaim(Model):
    """The blind index of each value that belongs to one person only: small, country-wide, unique (ID-4)."""

    __tablename__ = "registry_identifier_claim"
    __audited__ = False
    __table_args__ = (UniqueConstraint("key"), Index("ix_registry_identifier_claim_person_id", "person_id"))

    key: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("registry_person.id"))

    person: Mapped[Person] = relationship(lazy="raise")


class UhidState(StrEnum):
    """Life of a health ID (ID-3)."""

    RESERVED = "reserved"
    ISSUED = "issued"
    REVOKED = "revoked"
    MERGED = "merged"


class UhidBlock(Scoped, Model):
    """Health IDs leased to one device; recorded for ever and never leased again (ID-2)."""

    __tablename__ = "registry_uhid_block"
    __table_args__ = (Index("ix_registry_uhid_block_device", "device"),)

    device: Mapped[str] = mapped_column(String(MAX_DEVICE), doc="Name of the device that holds the block.")
    size: Mapped[int] = mapped_column(doc="Health IDs in the block.")
    leased_at: Mapped[datetime] = mapped_column(doc="When it was leased.")
    leased_by: Mapped[UUID | None] = mapped_column(doc="Who asked for it; empty for the system.")


class Uhid(Model):
    """Every health ID that ever left the random source: small, country-wide, never scoped (ID-3)."""

    __tablename__ = "registry_uhid"
    __table_args__ = (
        UniqueConstraint("value"),
        Index("ix_registry_uhid_person_id", "person_id"),
        Index("ix_registry_uhid_block_id", "block_id"),
    )

    value: Mapped[str] = mapped_column(String(12), doc="The twelve digits.")
    state: Mapped[UhidState] = mapped_column(doc="Where it stands.")
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_person.id"), doc="Whose health ID it is; empty while reserved."
    )
    block_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_uhid_block.id"), doc="The block it was leased in."
    )

    person: Mapped[Person | None] = relationship(lazy="raise")
    block: Mapped[UhidBlock | None] = relationship(lazy="raise")


class CardState(StrEnum):
    """Whether a card still counts."""

    VALID = "valid"
    REVOKED = "revoked"


class Card(Scoped, Versioned, Model):
    """A consultation card that was issued; revoked when lost, the health ID stays (ID-6)."""

    __tablename__ = "registry_card"
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "person_id", "serial"),
        Index("ix_registry_card_person_id", "person_id"),
        Index("ix_registry_card_uhid", "uhid"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("registry_person.id"), doc="Whose card it is.")
    uhid: Mapped[str] = mapped_column(String(12), doc="The health ID on the card.")
    serial: Mapped[int] = mapped_column(doc="Counts the cards of the person from 1.")
    issued_on: Mapped[date] = mapped_column(doc="Day of issue.")
    key_id: Mapped[str] = mapped_column(String(8), doc="Id of the key that signed it.")
    code: Mapped[str] = mapped_column(String(200), doc="Text of the QR code.")
    state: Mapped[CardState] = mapped_column(default=CardState.VALID, doc="Whether it still counts.")
    revoked_at: Mapped[datetime | None] = mapped_column(doc="When it was revoked.")
    revoked_reason: Mapped[str] = mapped_column(String(MAX_REASON), default="", doc="Why it was revoked.")
