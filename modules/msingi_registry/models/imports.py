"""Tables of imports: the file that waits, what became of it, and what was said about its lines."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model
from msingi.tabular import Mode
from msingi.types import Document, SealedText


class ImportKind(StrEnum):
    """What the lines of a list are."""

    JURISDICTIONS = "jurisdictions"
    FACILITIES = "facilities"
    PERSONS = "persons"


class ImportRun(Model):
    """An uploaded list and what became of it; its counts are those of the last saved step."""

    __tablename__ = "registry_import"

    kind: Mapped[str] = mapped_column(
        String(64), doc="What its lines are; ImportKind names those of the registry."
    )
    owner_id: Mapped[UUID | None] = mapped_column(index=True, doc="The user who uploaded it.")
    uploaded_at: Mapped[datetime] = mapped_column(doc="When it was uploaded.")
    columns: Mapped[list[Any]] = mapped_column(Document, doc="Names in its header.")
    job_id: Mapped[UUID | None] = mapped_column(index=True, doc="The job that reads it.")
    mode: Mapped[Mode] = mapped_column(default=Mode.ALL_OR_NOTHING, doc="What a bad line means.")
    dry_run: Mapped[bool] = mapped_column(default=True, doc="Whether everything is undone at the end.")
    mapping: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, doc="Field by column name.")
    options: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, doc="What else its importer is told, such as a strategy."
    )
    created: Mapped[int] = mapped_column(default=0, doc="Records added.")
    updated: Mapped[int] = mapped_column(default=0, doc="Records changed.")
    ended: Mapped[int] = mapped_column(default=0, doc="Records ended because the list does not name them.")
    unchanged: Mapped[int] = mapped_column(default=0, doc="Records that were the same before.")
    suspicious: Mapped[int] = mapped_column(default=0, doc="Lines taken over that a person should look at.")
    refused: Mapped[int] = mapped_column(default=0, doc="Lines not taken over.")
    failure: Mapped[dict[str, Any] | None] = mapped_column(
        Document, doc="Why the whole file was refused: code, text and details."
    )
    finished_at: Mapped[datetime | None] = mapped_column(doc="When it ended.")


class ImportPart(Model):
    """A piece of an uploaded file, sealed; deleted as soon as the file is read."""

    __tablename__ = "registry_import_part"
    __audited__ = False
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("registry_import.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(SealedText)


class ImportMessage(Model):
    """What was said about a line: a refusal or a flag; never the value of a cell."""

    __tablename__ = "registry_import_message"
    __audited__ = False
    __table_args__ = (Index("ix_registry_import_message_import_id_position", "import_id", "position"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("registry_import.id"))
    position: Mapped[int]
    line: Mapped[int]
    column: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(100))
    params: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    refuses: Mapped[bool]
