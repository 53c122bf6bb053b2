"""Tables that are only ever added to: the decisions on claims, and what policies have consumed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model
from msingi.types import Scaled
from msingi_claims.models.line import QUANTITY_PLACES
from msingi_claims.models.states import Occasion
from msingi_claims.rules.codes import ClaimStatus
from msingi_insurance import Category, LineKind


class ClaimDecision(Model):
    """One adjudication of a claim: what went in, by which rules, and every step of every line (ADJ-9)."""

    __tablename__ = "claims_decision"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (UniqueConstraint("claim_id", "sequence"),)

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    sequence: Mapped[int] = mapped_column(doc="1 for the first decision on the claim.")
    occasion: Mapped[Occasion] = mapped_column(doc="On which occasion.")
    status: Mapped[ClaimStatus] = mapped_column(doc="Where the claim stood after it.")
    rule_version: Mapped[str] = mapped_column(String(32), doc="Version of the rules (D-12).")
    input_digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of everything the rules were given.")
    document: Mapped[bytes] = mapped_column(LargeBinary, doc="Results and steps of the lines, as JSON.")
    decided_at: Mapped[datetime] = mapped_column(doc="When.")
    decided_by: Mapped[UUID | None] = mapped_column(doc="By whom; empty for the system.")


class ConsumptionEntry(Model):
    """What a line took from the limits of its policy, or gives back; sums over the rows are the truth (ADJ-5)."""

    __tablename__ = "claims_consumption"
    __audited__ = False
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("reverses_id"),
        Index("ix_claims_consumption_policy_id_insuree_id", "policy_id", "insuree_id"),
        Index("ix_claims_consumption_claim_id_sequence", "claim_id", "sequence"),
        CheckConstraint("sign IN (1, -1)", name="sign"),
        CheckConstraint("(sign = -1) = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint("deducted_minor >= 0 AND counted_minor >= 0 AND category_minor >= 0", name="amounts"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    line_id: Mapped[UUID] = mapped_column(doc="The line.")
    sequence: Mapped[int] = mapped_column(doc="The decision of the claim that wrote it.")
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_policy.id"), doc="The policy charged.")
    insuree_id: Mapped[UUID] = mapped_column(ForeignKey("insurance_insuree.id"), doc="The patient.")
    kind: Mapped[LineKind] = mapped_column(doc="Item or service.")
    code: Mapped[str] = mapped_column(String(50), doc="Code in the catalogue.")
    target_date: Mapped[date] = mapped_column(doc="The day whose rules held.")
    hospital: Mapped[bool] = mapped_column(doc="Whether it was hospital care (PRD-9).")
    category: Mapped[Category] = mapped_column(doc="Category of the claim.")
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of the amounts, ISO 4217.")
    deducted_minor: Mapped[int] = mapped_column(BigInteger, doc="Counts towards the deductible.")
    counted_minor: Mapped[int] = mapped_column(BigInteger, doc="Counts towards the ceiling.")
    category_minor: Mapped[int] = mapped_column(BigInteger, doc="Counts towards the category's maximum.")
    quantity: Mapped[Decimal] = mapped_column(
        Scaled(QUANTITY_PLACES), doc="Counts towards the maximum quantity."
    )
    sign: Mapped[int] = mapped_column(doc="1 for a booking, -1 for its reversal.")
    reverses_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_consumption.id"), doc="The booking that this row takes back."
    )
    booked_at: Mapped[datetime] = mapped_column(doc="When it was written.")
