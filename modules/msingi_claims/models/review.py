"""Tables of control: who looks at which claims, what was asked of the facility, and samples."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document, Scaled
from msingi_claims.models.claim import PERSONAL, TEXT_LENGTH
from msingi_claims.models.states import Purpose, SampleState, SelectionRule, TaskState


class ReviewSelection(Scoped, Model):
    """One run that chose claims for review or feedback, with everything that repeats it (CLM-4)."""

    __tablename__ = "claims_selection"

    purpose: Mapped[Purpose] = mapped_column(doc="Review or feedback.")
    rule: Mapped[SelectionRule] = mapped_column(doc="How claims were chosen.")
    seed: Mapped[str] = mapped_column(String(64), doc="What the random choice starts from.")
    percent: Mapped[Decimal | None] = mapped_column(Scaled(4), doc="Share of the claims, in percent.")
    variance: Mapped[Decimal | None] = mapped_column(
        Scaled(4), doc="Percent above the average of the diagnosis."
    )
    threshold_minor: Mapped[int | None] = mapped_column(
        BigInteger, doc="Amount from which claims are chosen."
    )
    currency: Mapped[str] = mapped_column(String(3), doc="Currency of the amount, ISO 4217.")
    looked_at: Mapped[int] = mapped_column(doc="How many idle claims there were.")
    selected: Mapped[int] = mapped_column(doc="How many of them were chosen.")
    made_at: Mapped[datetime] = mapped_column(doc="When.")
    made_by: Mapped[UUID | None] = mapped_column(doc="By whom.")


class ReviewTask(Scoped, Versioned, Model):
    """That somebody has to look at a claim, until when, and why (CLM-7)."""

    __tablename__ = "claims_review_task"
    __table_args__ = (
        UniqueConstraint("claim_id"),
        Index("ix_claims_review_task_assignee_id_state", "assignee_id", "state"),
        Index("ix_claims_review_task_state_due_at", "state", "due_at"),
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    selection_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_selection.id"), index=True, doc="The run that chose it."
    )
    reason: Mapped[SelectionRule] = mapped_column(doc="Why it was chosen.")
    assignee_id: Mapped[UUID | None] = mapped_column(doc="The reviewer; empty while nobody has it.")
    due_at: Mapped[datetime] = mapped_column(doc="Until when it should be done.")
    escalated_at: Mapped[datetime | None] = mapped_column(doc="When its delay was told.")
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN, doc="Where it stands.")
    done_at: Mapped[datetime | None] = mapped_column(doc="When it was done.")


class ClaimQuery(Scoped, Model):
    """A question of the reviewer to the facility, and its answer (CLM-7)."""

    __tablename__ = "claims_query"
    __table_args__ = (Index("ix_claims_query_claim_id", "claim_id"),)

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims_claim.id"), doc="The claim.")
    question: Mapped[str] = mapped_column(String(TEXT_LENGTH), info=PERSONAL, doc="What is asked.")
    asked_at: Mapped[datetime] = mapped_column(doc="When it was asked.")
    asked_by: Mapped[UUID | None] = mapped_column(doc="Who asked.")
    answer: Mapped[str] = mapped_column(String(TEXT_LENGTH), default="", info=PERSONAL, doc="The answer.")
    answered_at: Mapped[datetime | None] = mapped_column(doc="When it was answered.")
    answered_by: Mapped[UUID | None] = mapped_column(doc="Who answered.")


class SampleReview(Scoped, Versioned, Model):
    """A set of claims of which only a random part is reviewed, and what that says about the rest (CLM-8)."""

    __tablename__ = "claims_sample"

    facility_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility, when the set is of one."
    )
    seed: Mapped[str] = mapped_column(String(64), doc="What the random choice starts from.")
    percent: Mapped[Decimal] = mapped_column(Scaled(4), doc="Share of the set that is reviewed, in percent.")
    state: Mapped[SampleState] = mapped_column(default=SampleState.OPEN, doc="Where it stands.")
    claims: Mapped[int] = mapped_column(doc="Claims in the set.")
    sampled: Mapped[int] = mapped_column(doc="Claims in the sample.")
    members: Mapped[dict[str, Any]] = mapped_column(
        Document, doc="Ids of the claims in the sample and of the others, in order."
    )
    deduction_rate: Mapped[Decimal | None] = mapped_column(
        Scaled(4), doc="Share of what was approved that the reviewers took off, in percent."
    )
    made_at: Mapped[datetime] = mapped_column(doc="When the sample was drawn.")
    made_by: Mapped[UUID | None] = mapped_column(doc="By whom.")
    closed_at: Mapped[datetime | None] = mapped_column(doc="When it was decided.")
    closed_by: Mapped[UUID | None] = mapped_column(doc="By whom.")
