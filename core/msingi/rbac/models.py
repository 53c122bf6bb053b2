"""Tables of the jurisdiction tree, roles, policies and grants."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from msingi.db import Model, Scoped, Versioned
from msingi.types import Document

ADMIN = "admin"
FACILITY = "facility"


class Jurisdiction(Versioned, Model):
    """A place of the health administration: country, region, district, ... down to the facility as a leaf."""

    __tablename__ = "rbac_jurisdiction"
    __table_args__ = (UniqueConstraint("code"), Index("ix_rbac_jurisdiction_parent_id", "parent_id"))

    code: Mapped[str] = mapped_column(String(64), doc="Unique code of the place, as its source publishes it.")
    name: Mapped[str] = mapped_column(String(200), doc="Name in the country's first language.")
    names: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, doc="Names by language code.")
    level: Mapped[int] = mapped_column(
        doc="Depth in the tree: 0 is the country; names of levels come from the profile."
    )
    kind: Mapped[str] = mapped_column(
        String(32), default=ADMIN, doc="admin for a place, facility for a leaf."
    )
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("rbac_jurisdiction.id"), doc="The place above.")
    valid_from: Mapped[date | None] = mapped_column(
        doc="First day on which the place exists, when known (FR-2)."
    )
    valid_to: Mapped[date | None] = mapped_column(
        doc="Last day on which the place exists; empty while it does (FR-1)."
    )
    replaced_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("rbac_jurisdiction.id"), doc="The place that took over when this one closed (FR-1)."
    )


class JurisdictionClosure(Model):
    """Every (ancestor, descendant) pair of the tree, each place being its own ancestor at depth 0."""

    __tablename__ = "rbac_closure"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("ancestor_id", "descendant_id"),
        Index("ix_rbac_closure_descendant_id", "descendant_id"),
    )

    ancestor_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"))
    descendant_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"))
    depth: Mapped[int]


class PastParent(Model):
    """The place that stood above another one until a day: the tree as it was before a move (FR-2)."""

    __tablename__ = "rbac_past_parent"
    __table_args__ = (Index("ix_rbac_past_parent_place_id_valid_to", "place_id", "valid_to"),)

    place_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"), doc="The place that moved.")
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_jurisdiction.id"), doc="The place above it.")
    valid_to: Mapped[date] = mapped_column(doc="Last day on which it stood there.")


class Role(Model):
    """A named set of permissions, from the presets or from the country's profile."""

    __tablename__ = "rbac_role"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(String(64), doc="Stable name of the role.")
    labels: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, doc="Labels by language code.")
    preset: Mapped[bool] = mapped_column(doc="Whether the role is one of those that every country gets.")
    retired: Mapped[bool] = mapped_column(
        default=False, doc="Whether neither presets nor profile define it any more: it grants nothing."
    )


class Policy(Model):
    """One permission of a role, split into module and action as the policy engine reads it."""

    __tablename__ = "rbac_policy"
    __table_args__ = (
        UniqueConstraint("role_id", "module", "action"),
        CheckConstraint("module NOT LIKE '%.%'", name="module_without_dot"),
    )

    role_id: Mapped[UUID] = mapped_column(
        ForeignKey("rbac_role.id"), doc="The role that gets the permission."
    )
    module: Mapped[str] = mapped_column(String(64), doc="Plugin that declares the permission.")
    action: Mapped[str] = mapped_column(String(64), doc="Action within that plugin.")


class Grant(Versioned, Scoped, Model):
    """A role held by a user or an API client for one place and everything below it, during a period."""

    __tablename__ = "rbac_grant"
    __table_args__ = (Index("ix_rbac_grant_subject_id", "subject_id"),)

    subject_id: Mapped[UUID] = mapped_column(doc="The user or API client who holds the role.")
    role_id: Mapped[UUID] = mapped_column(ForeignKey("rbac_role.id"), index=True, doc="The role held.")
    valid_from: Mapped[date] = mapped_column(doc="First day of the grant.")
    valid_to: Mapped[date | None] = mapped_column(doc="Last day of the grant; empty when it has no end.")
    granted_by: Mapped[UUID | None] = mapped_column(doc="Who granted it; empty for the system.")
    reason: Mapped[str] = mapped_column(String(500), default="", doc="Why it was granted.")
    revoked_at: Mapped[datetime | None] = mapped_column(doc="When it was taken back; it counts no more.")
    revoked_by: Mapped[UUID | None] = mapped_column(doc="Who took it back.")

    role: Mapped[Role] = relationship(lazy="raise", viewonly=True)
    jurisdiction: Mapped[Jurisdiction] = relationship(lazy="raise", viewonly=True)


class PolicyVersion(Model):
    """The single row that changes with every policy, grant and place that decides access.

    ``stamp`` is new each time, also when the transaction that wrote it is undone and the number comes again:
    caches are keyed by it.
    """

    __tablename__ = "rbac_policy_version"
    __audited__ = False

    number: Mapped[int] = mapped_column(BigInteger, doc="Rises by one with each change.")
    stamp: Mapped[UUID] = mapped_column(doc="Differs after every change.")
