"""Tables beside a claim: who answers for it, what is attached, what was agreed before, what the patient says."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.money import Money
from msingi.types import Scaled, SealedText, shared_money
from msingi_claims.models.claim import PERSONAL, TEXT_LENGTH
from msingi_claims.models.line import QUANTITY_PLACES
from msingi_claims.models.states import AttachmentType, PreAuthorisationState
from msingi_insurance import LineKind
from msingi_registry import Facility


class ClaimAdministrator(Scoped, Versioned, Model):
    """Who answers for the claims of a facility; the place is the leaf of that facility."""

    __tablename__ = "claims_administrator"
    __table_args__ = (UniqueConstraint("code"), Index("ix_claims_administrator_user_id", "user_id"))

    code: Mapped[str] = mapped_column(String(20), doc="Code.")
    name: Mapped[str] = mapped_column(String(100), doc="Name.")
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility."
    )
    user_id: Mapped[UUID | None] = mapped_column(doc="The account, when there is one.")
    phone: Mapped[str | None] = mapped_column(SealedText, info=PERSONAL, doc="Telephone number.")
    email: Mapped[str | None] = mapped_column(SealedText, info=PERSONAL, doc="E-mail address.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last day in office; empty: no end.")

    facility: Mapped[Facility] = relationship(lazy="raise")


class PreAuthorisation(Scoped, Versioned, Model):
    """A consent of the scheme before the care is given; the place is the leaf of the facility that asks."""

    __tablename__ = "claims_pre_authorisation"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_claims_pre_authorisation_insuree_id", "insuree_id"),
        Index("ix_claims_pre_authorisation_state", "state"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    number: Mapped[str] = mapped_column(String(20), doc="Number.")
    insuree_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_insuree.id"), doc="The patient.")
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="Who wants to give the care."
    )
    kind: Mapped[LineKind] = mapped_column(doc="Item or service.")
    code: Mapped[str] = mapped_column(String(50), doc="Code in the catalogue.")
    quantity: Mapped[Decimal] = mapped_column(Scaled(QUANTITY_PLACES), doc="How much of it.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of the amount, ISO 4217.")
    amount_minor: Mapped[int | None] = mapped_column(BigInteger, doc="The most that is agreed to.")
    reason: Mapped[str] = mapped_column(String(TEXT_LENGTH), info=PERSONAL, doc="Why the care is needed.")
    state: Mapped[PreAuthorisationState] = mapped_column(
        default=PreAuthorisationState.REQUESTED, doc="Where it stands."
    )
    valid_from: Mapped[date | None] = mapped_column(doc="First day on which the care may be given.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last day on which the care may be given.")
    requested_at: Mapped[datetime] = mapped_column(doc="When it was asked for.")
    requested_by: Mapped[UUID | None] = mapped_column(doc="Who asked.")
    decided_at: Mapped[datetime | None] = mapped_column(doc="When it was decided.")
    decided_by: Mapped[UUID | None] = mapped_column(doc="Who decided.")
    decision: Mapped[str] = mapped_column(
        String(TEXT_LENGTH), default="", info=PERSONAL, doc="What was decided, in words."
    )
    amount: Mapped[Money | None] = shared_money("amount_minor")


class Attachment(Scoped, Model):
    """A document of a claim: a file, sealed, or an address on a host that the installation allows (D-23)."""

    __tablename__ = "claims_attachment"
    __table_args__ = (
        Index("ix_claims_attachment_claim_id", "claim_id"),
        CheckConstraint("(content IS NULL) <> (address IS NULL)", name="file_or_address"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    type: Mapped[AttachmentType] = mapped_column(doc="What it is.")
    title: Mapped[str] = mapped_column(String(100), default="", info=PERSONAL, doc="Title.")
    media_type: Mapped[str] = mapped_column(String(50), default="", doc="PDF, JPEG or PNG.")
    size: Mapped[int] = mapped_column(default=0, doc="Bytes of the file.")
    digest: Mapped[str] = mapped_column(String(64), default="", doc="SHA-256 of the file.")
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=PERSONAL, doc="The file, sealed with the installation's keys."
    )
    address: Mapped[str | None] = mapped_column(String(500), doc="Where the document is kept.")
    added_at: Mapped[datetime] = mapped_column(doc="When it was added.")
    added_by: Mapped[UUID | None] = mapped_column(doc="Who added it.")


class FeedbackPrompt(Scoped, Model):
    """That an officer is asked to visit a patient and to hear what happened (CLM-3); the place is the village."""

    __tablename__ = "claims_feedback_prompt"
    __table_args__ = (
        UniqueConstraint("claim_id"),
        Index("ix_claims_feedback_prompt_officer_id", "officer_id"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_officer.id"), doc="The officer.")
    prompted_at: Mapped[datetime] = mapped_column(doc="When the officer was asked.")


class Feedback(Scoped, Model):
    """What a patient says about the care; it never changes money (CLM-3)."""

    __tablename__ = "claims_feedback"
    __table_args__ = (UniqueConstraint("claim_id"), CheckConstraint("mark BETWEEN 0 AND 5", name="mark"))

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    officer_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("insurance_officer.id"), index=True, doc="The officer who heard it."
    )
    care_rendered: Mapped[bool] = mapped_column(doc="Whether the care was given.")
    payment_asked: Mapped[bool] = mapped_column(doc="Whether money was asked.")
    drug_prescribed: Mapped[bool] = mapped_column(doc="Whether a drug was prescribed.")
    drug_received: Mapped[bool] = mapped_column(doc="Whether the drug was received.")
    mark: Mapped[int] = mapped_column(doc="Mark from 0 to 5.")
    heard_on: Mapped[date] = mapped_column(doc="Day of the visit.")
    delivered_at: Mapped[datetime] = mapped_column(doc="When it was delivered.")
    delivered_by: Mapped[UUID | None] = mapped_column(doc="Who delivered it.")
