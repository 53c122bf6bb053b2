"""Table of files that devices sent: kept sealed until they are read, with what came of each family (CLM-F3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document, SealedText


class FieldUpload(Scoped, Versioned, Model):
    """A file of enrolments that a device sent; its place is that of the officer."""

    __tablename__ = "insurance_field_upload"
    __table_args__ = (Index("ix_insurance_field_upload_digest", "digest"),)

    officer_code: Mapped[str] = mapped_column(String(20), doc="Officer, as the file says.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the file.")
    content: Mapped[str | None] = mapped_column(
        SealedText, info={"personal": True}, doc="The file, until it was read."
    )
    dry_run: Mapped[bool] = mapped_column(doc="Whether everything is undone after the report.")
    families: Mapped[int] = mapped_column(default=0, doc="Families of the file.")
    outcomes: Mapped[list[dict[str, Any]]] = mapped_column(
        Document, default=list, doc="What came of each family: key, code, reason."
    )
    not_kept: Mapped[list[str] | None] = mapped_column(
        Document,
        info={"personal": True},
        doc="Names of elements and photos that belong to no family of the file and are not kept.",
    )
    sent_by: Mapped[UUID | None] = mapped_column(doc="Who sent it; empty for the system.")
    sent_at: Mapped[datetime] = mapped_column(doc="When it came.")
    read_at: Mapped[datetime | None] = mapped_column(doc="When the last family was read.")
    job_id: Mapped[UUID | None] = mapped_column(doc="The job that reads it.")
