"""Tables of intake: paper claims that two persons key in, and what became of claims that a system sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document


class PaperBatch(Scoped, Versioned, Model):
    """A bundle of paper claims of one facility that is keyed in, by one person or by two (TZA-25)."""

    __tablename__ = "claims_paper_batch"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[str] = mapped_column(String(30), doc="Number written on the bundle.")
    facility_id: Mapped[UUID] = mapped_column(
        ForeignKey("registry_facility.id"), index=True, doc="The facility."
    )
    double_key: Mapped[bool] = mapped_column(doc="Whether a second person keys every claim again.")
    expected: Mapped[int] = mapped_column(doc="Claims in the bundle.")
    opened_at: Mapped[datetime] = mapped_column(doc="When it was opened.")
    opened_by: Mapped[UUID | None] = mapped_column(doc="Who opened it.")
    closed_at: Mapped[datetime | None] = mapped_column(doc="When all of it was keyed in.")


class PaperKeying(Scoped, Model):
    """What the first person keyed in for one claim, until the second one keys the same (TZA-25)."""

    __tablename__ = "claims_paper_keying"
    __table_args__ = (
        UniqueConstraint("paper_batch_id", "code"),
        Index("ix_claims_paper_keying_claim_id", "claim_id"),
    )

    paper_batch_id: Mapped[UUID] = mapped_column(ForeignKey("claims_paper_batch.id"), doc="The bundle.")
    code: Mapped[str] = mapped_column(String(50), doc="Code of the claim.")
    draft: Mapped[dict[str, Any]] = mapped_column(Document, info={"personal": True}, doc="What was keyed in.")
    keyed_at: Mapped[datetime] = mapped_column(doc="When the first person keyed it in.")
    keyed_by: Mapped[UUID | None] = mapped_column(doc="The first person.")
    claim_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("claims_claim.id"), doc="The claim, once both agree."
    )
