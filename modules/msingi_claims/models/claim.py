"""The table of claims."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.indexes import index_where_set
from msingi.money import Money
from msingi.types import Document, shared_money
from msingi_claims.models.states import Channel
from msingi_claims.rules.codes import ClaimStatus, Selection
from msingi_insurance import Category, VisitType
from msingi_registry import CareType, Facility

CODE_LENGTH = 50
TEXT_LENGTH = 1000
PERSONAL = {"personal": True}


class Claim(Scoped, Versioned, Model):
    """A demand of a facility to be paid for the care of one patient; its place is the leaf of that facility."""

    __tablename__ = "claims_claim"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_claims_claim_date_claimed_id", "date_claimed", "id"),
        Index("ix_claims_claim_insuree_id_target_date", "insuree_id", "target_date"),
        Index("ix_claims_claim_status_processed_at", "status", "processed_at"),
        Index("ix_claims_claim_diagnosis_id_target_date", "diagnosis_id", "target_date"),
        *(
            index_where_set("claims_claim", name)
            for name in (
                "batch_id",
                "administrator_id",
                "pre_authorisation_id",
                "restored_from_id",
                "sample_id",
            )
        ),
        CheckConstraint("claimed_minor >= 0", name="claimed_not_negative"),
    )

    code: Mapped[str] = mapped_column(String(CODE_LENGTH), doc="Code, unique for ever.")
    insuree_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_insuree.id"), doc="The patient.")
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("registry_facility.id"), doc="Who gave the care.")
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_diagnosis.id"), doc="Main diagnosis.")
    diagnosis_code: Mapped[str] = mapped_column(String(30), doc="Code of the main diagnosis.")
    further_diagnoses: Mapped[list[str]] = mapped_column(
        Document, default=list, doc="Codes of further diagnoses, at most four."
    )
    date_from: Mapped[date | None] = mapped_column(doc="First day of the care.")
    date_to: Mapped[date | None] = mapped_column(doc="Last day of the care; empty when it is the first.")
    target_date: Mapped[date] = mapped_column(
        doc="The day whose rules and prices hold: the last day of the care."
    )
    date_claimed: Mapped[date] = mapped_column(doc="Day of the claim.")
    visit_type: Mapped[VisitType] = mapped_column(doc="O other, E emergency, R referral.")
    care_type: Mapped[CareType] = mapped_column(doc="I when the patient stayed a night, else O.")
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.ENTERED, doc="Where it stands.")
    category: Mapped[Category | None] = mapped_column(doc="What kind of claim its lines make it (CLM-1).")
    review_status: Mapped[Selection] = mapped_column(default=Selection.IDLE, doc="Where its review stands.")
    feedback_status: Mapped[Selection] = mapped_column(
        default=Selection.IDLE, doc="Where the feedback of the patient stands."
    )
    channel: Mapped[Channel] = mapped_column(doc="How it came in (TZA-25).")
    rejection_code: Mapped[int | None] = mapped_column(doc="Code of the check that refused the whole claim.")
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(
        Document, doc="What checks of fraud and duplicates found; empty without findings."
    )
    risk: Mapped[int | None] = mapped_column(doc="Risk score from 0 to 100, when a plugin gave one.")
    duplicate_released: Mapped[bool] = mapped_column(
        default=False, doc="Whether a reviewer released it although it resembles another claim."
    )

    currency: Mapped[str] = mapped_column(String(3), doc="Currency of its amounts, ISO 4217.")
    claimed_minor: Mapped[int] = mapped_column(BigInteger, doc="What the facility asks for.")
    approved_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What was approved.")
    valuated_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What it is worth.")
    remunerated_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What the scheme pays.")
    nominal_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Value of its lines with relative prices before their index (BAT-3)."
    )
    patient_share_minor: Mapped[int | None] = mapped_column(BigInteger, doc="What is left to the patient.")
    claimed: Mapped[Money] = shared_money("claimed_minor")
    approved: Mapped[Money | None] = shared_money("approved_minor")
    valuated: Mapped[Money | None] = shared_money("valuated_minor")
    remunerated: Mapped[Money | None] = shared_money("remunerated_minor")
    patient_share: Mapped[Money | None] = shared_money("patient_share_minor")

    guarantee_number: Mapped[str] = mapped_column(String(50), default="", doc="Number of the guarantee.")
    administrator_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_administrator.id"), doc="Who answers for it at the facility."
    )
    pre_authorisation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_pre_authorisation.id"), doc="The consent given before the care."
    )
    explanation: Mapped[str] = mapped_column(
        String(TEXT_LENGTH), default="", info=PERSONAL, doc="What the facility adds."
    )
    adjustment: Mapped[str] = mapped_column(
        String(TEXT_LENGTH), default="", info=PERSONAL, doc="What the reviewer tells the facility."
    )
    patient_condition: Mapped[str] = mapped_column(
        String(50), default="", info=PERSONAL, doc="How the patient left."
    )
    refer_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_facility.id"), doc="The facility that referred the patient."
    )
    refer_to_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_facility.id"), doc="The facility to which the patient was referred."
    )
    referral_code: Mapped[str] = mapped_column(String(50), default="", doc="Number of the referral.")
    restored_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_claim.id"), doc="The rejected claim that this one takes up again."
    )
    restored_times: Mapped[int] = mapped_column(default=0, doc="How often its care was claimed again.")
    sample_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_sample.id"), doc="The sample review whose result holds for it (CLM-8)."
    )
    batch_id: Mapped[UUID | None] = mapped_column(doc="The batch run that valued it.")
    decisions: Mapped[int] = mapped_column(default=0, doc="How many times it was adjudicated.")
    rule_version: Mapped[str] = mapped_column(
        String(32), default="", doc="Version of the rules that decided last."
    )

    entered_at: Mapped[datetime] = mapped_column(doc="When it was entered.")
    entered_by: Mapped[UUID | None] = mapped_column(doc="Who entered it.")
    co_author_id: Mapped[UUID | None] = mapped_column(
        doc="Who else wrote what it says: the last editor, or the first of two who keyed it."
    )
    submitted_at: Mapped[datetime | None] = mapped_column(doc="When it was submitted.")
    submitted_by: Mapped[UUID | None] = mapped_column(doc="Who submitted it.")
    reviewed_at: Mapped[datetime | None] = mapped_column(doc="When its review was delivered.")
    reviewer_id: Mapped[UUID | None] = mapped_column(doc="Who reviewed it.")
    processed_at: Mapped[datetime | None] = mapped_column(doc="When it was processed.")
    processed_by: Mapped[UUID | None] = mapped_column(doc="Who had it processed.")
    valuated_at: Mapped[datetime | None] = mapped_column(doc="When its value became final.")
    paid_at: Mapped[datetime | None] = mapped_column(doc="When its payment was confirmed.")
    closed_at: Mapped[datetime | None] = mapped_column(doc="When it was rejected or deleted.")
    closed_by: Mapped[UUID | None] = mapped_column(doc="Who rejected it or made it void.")
    closed_reason: Mapped[str] = mapped_column(
        String(500), default="", info=PERSONAL, doc="Why it was rejected or deleted."
    )

    facility: Mapped[Facility] = relationship(lazy="raise", foreign_keys=[facility_id])
