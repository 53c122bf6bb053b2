"""Tables of the audit trail: entries that are never updated, blocks, and the leaves that join them."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from msingi.db import Model, Scoped
from msingi.types import Document


class AuditEntry(Scoped, Model):
    """One line of the audit trail: who did what to which record, when, where and on which basis."""

    __tablename__ = "audit_entry"
    __audited__ = False
    __table_args__ = (
        Index("ix_audit_entry_at_id", "at", "id"),
        Index("ix_audit_entry_actor_id_at", "actor_id", "at"),
        Index("ix_audit_entry_entity_id_at", "entity_id", "at"),
        Index("ix_audit_entry_jurisdiction_id_at", "jurisdiction_id", "at"),
    )

    at: Mapped[datetime] = mapped_column(doc="When it happened.")
    actor_id: Mapped[UUID | None] = mapped_column(doc="The user who acted; empty for the system itself.")
    actor_kind: Mapped[str] = mapped_column(String(16), doc="user, token, system or anonymous.")
    on_behalf_of: Mapped[UUID | None] = mapped_column(doc="The user for whom a job or a partner acted.")
    action: Mapped[str] = mapped_column(String(64), doc="insert, update, delete, read, refused, login, ...")
    entity: Mapped[str] = mapped_column(String(100), doc="The table, or what the action was about.")
    entity_id: Mapped[UUID | None] = mapped_column(doc="The record, when there is exactly one.")
    changes: Mapped[dict[str, Any]] = mapped_column(
        Document, doc="Changed fields with their values before and after; null where values are not kept."
    )
    jurisdiction_id: Mapped[UUID | None] = mapped_column(  # type: ignore[assignment]
        doc="The place of the record; lines without a place are visible nationally only."
    )
    request_id: Mapped[UUID] = mapped_column(doc="The request; all lines of one request share it.")
    door: Mapped[str] = mapped_column(String(16), doc="graphql, rest, cli, job or system.")
    basis: Mapped[str] = mapped_column(String(200), doc="The access basis that the caller stated (ID-19).")
    mac: Mapped[bytes] = mapped_column(
        LargeBinary(32), doc="Keyed hash of the line: nobody without the key can write one."
    )


class AuditBlock(Model):
    """Up to 10,000 sealed entries under one Merkle root, chained to the block before."""

    __tablename__ = "audit_block"
    __audited__ = False
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int] = mapped_column(doc="Position in the chain; block 0 is empty.")
    first_entry: Mapped[UUID | None] = mapped_column(doc="The first entry of the block.")
    last_entry: Mapped[UUID | None] = mapped_column(doc="The last entry of the block.")
    count: Mapped[int] = mapped_column(doc="How many entries the block seals.")
    merkle_root: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Root of the tree over the leaf hashes.")
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Hash of the block before.")
    sealed_through: Mapped[datetime] = mapped_column(doc="Latest instant of any entry sealed so far.")
    sealed_at: Mapped[datetime] = mapped_column(doc="When the block was sealed.")
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Hash of the block's own values.")
    mac: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Keyed hash of the block's hash.")


class AuditLeaf(Model):
    """The place of one entry in a block; its id is the entry's, so that no entry is sealed twice."""

    __tablename__ = "audit_leaf"
    __audited__ = False
    __table_args__ = (UniqueConstraint("block", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10, doc="The entry.")
    block: Mapped[int] = mapped_column(doc="Number of the block.")
    position: Mapped[int] = mapped_column(doc="Position in the block, from 0.")
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), doc="Leaf hash of the entry when it was sealed.")


ENTRIES = cast("Table", AuditEntry.__table__)
BLOCKS = cast("Table", AuditBlock.__table__)
LEAVES = cast("Table", AuditLeaf.__table__)
